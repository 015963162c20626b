import { EventEmitter } from "node:events"
import type { MessagePort } from "node:worker_threads"
import { type ActorRef, type ActorSource, ActorSystem, actor, type SystemOptions, workers } from "troupe/actor"
import { probe } from "troupe/testing"
import { WorkerPool } from "../../../src/actor/worker-pool.js"
import { Site, type Welcome } from "../../../src/actor/worker-site.js"
import type { Running } from "../../../src/actor/worker-thread.js"
import * as actors from "./actors.js"

export const here = new URL("./actors.js", import.meta.url)

/** Where the instance of an actor lives. */
export interface Where {
  readonly name: string
  /** What an actor of `actors.js` is made of there. */
  source<M, R, C>(name: keyof typeof actors): ActorSource<M, R, C>
}

/** The other side in this thread, through a real channel: the sources themselves, and what they are given is cloned. */
class SameThread extends EventEmitter implements Running {
  readonly #ports: MessagePort[] = []

  postMessage(welcome: Welcome): void {
    this.#ports.push(welcome.port)
    new Site(welcome)
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
export const sameThread = (size: number): WorkerPool => new WorkerPool({ size }, () => new SameThread())

const inPool = (name: string, pool: Pick<WorkerPool, "actor">): Where => ({
  name,
  source: (exported) => pool.actor(here, exported),
})

export const wheres: readonly Where[] = [
  {
    name: "in the same thread",
    source<M, R, C>(name: keyof typeof actors) {
      const found: unknown = actors[name]
      return found as ActorSource<M, R, C>
    },
  },
  inPool("behind a channel", sameThread(2)),
  inPool("on a worker thread", workers({ size: 2 })),
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
      actor((_: string) => words.shift() ?? new Promise<string>((resolve) => waiting.push(resolve))),
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
export const failure = (ref: ActorRef<Order, unknown>, order: Order): Promise<unknown> =>
  ref.ask(order).then(
    (answer) => {
      throw new Error(`answered ${JSON.stringify(answer)}`)
    },
    (error: unknown) => error,
  )
