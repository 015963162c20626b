import { Actor, ActorSystem, Cancel, actor } from "../../dist/actor/index.js"
import {
  actors,
  allAtOnce,
  each,
  hops,
  latency,
  messages,
  oneByOne,
  plusOne,
  plusOneLater,
  spawned,
  timeout,
} from "./actor-sizes.js"
import { tally } from "./tally.js"

const app = new ActorSystem("bench")

/** An actor that answers with one more. */
function asking() {
  const ref = app.spawn(actor(plusOne))
  return (/** @type {number} */ n) => ref.ask(n)
}

/** The same, which must not take too long. */
function askingInTime() {
  const ref = app.spawn(actor(plusOne))
  return (/** @type {number} */ n) => ref.ask(n, { timeout })
}

/** @extends {Actor<number>} */
class Counter extends Actor {
  n = 0
  /** @param {number} by */
  onReceive(by) {
    this.n += by
  }
}

/** A message to one actor after the other. @param {import("../../dist/actor/index.js").ActorOptions} [options] */
function telling(options) {
  const { sent, receive } = tally()
  const ref = app.spawn(actor(receive), undefined, options)
  return { per: messages, run: () => sent(messages, (n) => ref.tell(n)) }
}

const known = { seen: 0 }
/** What it does is next to nothing. */
const middleware = [
  {
    /**
     * @param {unknown} context
     * @param {unknown} message
     * @param {(context: unknown, message: unknown) => unknown} next
     */
    onReceive(context, message, next) {
      known.seen++
      return next(context, message)
    },
  },
]

/** Heap in use once what is dead has been collected, in bytes. */
function inUse() {
  const { gc } = globalThis
  if (gc === undefined) throw new Error("run it with --expose-gc")
  gc()
  gc()
  return process.memoryUsage().heapUsed
}

/** Bytes of an actor in a system of many. @param {(ref: import("../../dist/actor/index.js").ActorRef<number>) => unknown} use */
const retained = (use) => ({
  async figure() {
    const many = 50_000
    const own = new ActorSystem("own")
    const before = inUse()
    for (let i = 0; i < many; i++) use(own.spawn(Counter))
    await own.whenQuiescent()
    const bytes = (inUse() - before) / many
    await own.shutdown()
    return bytes
  },
})

/** @type {import("./flow.js").Works} */
export const ourActors = {
  tell: () => telling(),
  "1000 actors × 100": () => {
    const { sent, receive } = tally()
    const refs = Array.from({ length: actors }, () => app.spawn(actor(receive)))
    return { per: actors * each, run: () => sent(actors * each, (n) => refs[n % actors]?.tell(n)) }
  },
  ask: () => oneByOne(asking()),
  "ask with a timeout": () => oneByOne(askingInTime()),
  "ask, 1000 in flight": () => allAtOnce(asking()),
  "ask with a timeout, 1000 in flight": () => allAtOnce(askingInTime()),
  "latency of an ask, p50": () => latency(50, askingInTime()),
  "latency of an ask, p99": () => latency(99, askingInTime()),
  "chain of 100 hops": () => {
    let ref = app.spawn(actor(plusOneLater))
    for (let i = 1; i < hops; i++) {
      const next = ref
      ref = app.spawn(actor(async (/** @type {number} */ n) => (await next.ask(n)) + 1))
    }
    return { per: hops, run: () => ref.ask(0) }
  },
  spawn: () => {
    /** @type {Array<import("../../dist/actor/index.js").ActorRef<number>>} */
    let alive = []
    return {
      per: spawned,
      /** Until they have started. */
      async run() {
        alive = []
        for (let i = 0; i < spawned; i++) alive.push(app.spawn(Counter))
        await app.whenQuiescent()
      },
      after: () => Promise.all(alive.map((ref) => ref.stop())),
    }
  },
  "retained by an actor": () => retained(() => {}),
  "retained after a message": () => retained((ref) => ref.tell(1)),
  "ephemeral agent": () => {
    const cancel = new Cancel()
    return oneByOne(async (n) => app.runEphemeral("/bench/agents/one", plusOneLater, n, cancel))
  },
  "ephemeral child": () => {
    const one = actor(plusOneLater)
    const driver = app.spawn(
      actor(async (/** @type {number} */ times, context) => {
        for (let n = 0; n < times; n++) await context.ask(one, n)
      }),
    )
    return { per: messages, run: () => driver.ask(messages) }
  },
  "tell with one middleware": async () => {
    const options = /** @type {{}} */ ({ middleware })
    const before = known.seen
    const work = telling(options)
    await work.run()
    if (known.seen === before) return { leftOut: "this build knows no middleware" }
    return work
  },
}

/** Without what the workload is about. @type {import("./flow.js").Works} */
export const plainActors = {
  "tell with one middleware": () => telling(),
}
