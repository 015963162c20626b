import { expect } from "vitest"
import { Actor, ActorSystem, afterIdle, type RegistryStore, VirtualActors } from "troupe/actor"
import { type VirtualClock, virtualClock } from "../../src/testing/virtual-clock.js"

export const after = (clock: VirtualClock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.after(ms, resolve))

export interface Takes {
  readonly put?: number
  readonly start?: number
  readonly stop?: number
  readonly work?: number
  readonly idle?: number
  readonly deactivate?: boolean
}

/** A class of actors that save how often they were told to count; every hook and message takes as long as it says. */
export function saving(clock: VirtualClock, takes: Takes = {}) {
  const saved = new Map<string, number>()
  const seen: string[] = []
  class Saver extends Actor<string, number> {
    #n = 0
    override async onStarted() {
      seen.push("start")
      if (takes.start !== undefined) await after(clock, takes.start)
      this.#n = saved.get(this.context.path) ?? 0
    }
    override async onReceive(message: string) {
      seen.push(message)
      if (takes.work !== undefined) await after(clock, takes.work)
      return ++this.#n
    }
    override async onStopped() {
      seen.push("stop")
      if (takes.stop !== undefined) await after(clock, takes.stop)
      saved.set(this.context.path, this.#n)
      seen.push("saved")
    }
    override stopPolicy = () => afterIdle(takes.idle ?? 60_000)
  }
  return { Saver, saved, seen }
}

/** Ends a system whose actors take their time. */
export async function close(app: ActorSystem, clock: VirtualClock): Promise<void> {
  const ended = app.shutdown()
  await clock.advance(1_000)
  await ended
}

export function setUp(store?: RegistryStore) {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const virtual = new VirtualActors(app, store === undefined ? {} : { store })
  return { clock, app, virtual }
}

/** How a promise stands after a while. */
export const standing = async (promise: Promise<unknown>): Promise<unknown> => {
  const waiting = Symbol("waiting")
  const ended = await Promise.race([promise.catch((error: unknown) => error), tick().then(() => waiting)])
  return ended === waiting ? "waiting" : ended
}
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const unavailable = (retry: string): unknown =>
  expect.objectContaining({ fault: expect.objectContaining({ _tag: "Unavailable", retry }) })
