import { EventEmitter } from "node:events"
import type { MessagePort } from "node:worker_threads"
import { type ActorRef, type ActorSource, ActorSystem, actor, type SystemOptions, workers } from "troupe/actor"
import { probe } from "troupe/testing"
import { WorkerPool } from "../../../src/actor/worker-pool.js"
import { Site, type Welcome } from "../../../src/actor/worker-site.js"
import type { Running } from "../../../src/actor/worker-thread.js"
import * as all from "./actors.js"

const here = new URL("./actors.js", import.meta.url)

/** Where the instance of an actor lives. */
export interface Where {
  readonly name: string
  /** What an actor of `actors.js` is made of there. */
  source<M, R, C>(name: keyof typeof all): ActorSource<M, R, C>
}

/** The other side in this thread, through a real channel: the sources themselves, and what they are given is cloned. */
class SameThread extends EventEmitter implements Running {
  readonly #ports: MessagePort[] = []
  readonly #sites: Site[] = []

  postMessage(welcome: Welcome): void {
    this.#ports.push(welcome.port)
    this.#sites.push(new Site(welcome))
  }
  async terminate(): Promise<number> {
    for (const port of this.#ports) port.close()
    this.emit("exit", 1)
    return 1
  }
  ref(): void {}
  unref(): void {}
}

/** A pool whose threads are none. */
const sameThread = (size: number): WorkerPool => new WorkerPool({ size }, () => new SameThread())

/** One place: `make` gives what an actor of that name is made of. */
const place = (name: string, make: (exported: keyof typeof all) => unknown): Where => ({
  name,
  source<M, R, C>(exported: keyof typeof all) {
    return make(exported) as ActorSource<M, R, C>
  },
})

const threads = workers({ size: 2 })
const noThreads = sameThread(2)

export const wheres: readonly Where[] = [
  place("in the same thread", (name) => Reflect.get(all, name)),
  place("behind a channel", (name) => noThreads.actor(here, name)),
  place("on a worker thread", (name) => threads.actor(here, name)),
]

/** What an order is: `actors.js` says which there are. */
export type Order = { readonly do: string; readonly [field: string]: unknown }

/** A system with an actor that does as it is told, and what tests tell it with. */
export function stage(where: Where, options: SystemOptions = {}) {
  const app = new ActorSystem("app", options)
  const told = probe<string>()
  const waiting: Array<(word: string) => void> = []
  const words: string[] = []
  return {
    app,
    ledger: app.spawn(where.source<Order, unknown, unknown>("Ledger"), "ledger"),
    /** Whom actors tell what they do. */
    told,
    witness: app.spawn(told.actor, "witness"),
    /** Answers when the test opens it. */
    gate: app.spawn(
      actor((_asked: string) => words.shift() ?? new Promise<string>((resolve) => waiting.push(resolve))),
      "gate",
    ),
    /** Lets one through, that waits or will. */
    openGate: (word = "open") => {
      const next = waiting.shift()
      if (next === undefined) words.push(word)
      else next(word)
    },
    [Symbol.asyncDispose]: () => app.shutdown({ timeout: 1_000 }),
  }
}

/** What an ask is rejected with. */
export const failure = (ref: ActorRef<Order>, order: Order): Promise<unknown> =>
  ref.ask(order).then(
    (answer) => {
      throw new Error(`answered ${JSON.stringify(answer)}`)
    },
    (error: unknown) => error,
  )
