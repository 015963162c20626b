// Actors for tests of worker threads: what they do, no actor of the main thread should.
import { Worker } from "node:worker_threads"
import { Actor, actor } from "troupe/actor"

/** @param {number} n @returns {number} */
const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2))

export const Fibonacci = actor(fibonacci)

/** Holds its thread for so many milliseconds. */
export const Busy = actor(
  /** @param {number} ms */
  (ms) => {
    const until = performance.now() + ms
    while (performance.now() < until);
    return "done"
  },
)

/** Never gives its thread back. */
export const Hanging = actor(
  /** @param {import("troupe/actor").ActorRef<string>} entered */
  (entered) => {
    void entered.tell("entered")
    for (;;);
  },
)

/** @extends {Actor<string, unknown>} */
export class Mortal extends Actor {
  /** @type {string[]} */
  #seen = []

  /** @override @param {unknown} error */
  onRestart(error) {
    this.#seen.push(`restarted: ${String(error)}`)
  }

  /** @override @param {string} way */
  async onReceive(way) {
    this.#seen.push(way)
    if (way === "exit") process.exit(7)
    if (way === "throw later") {
      setTimeout(() => {
        throw new Error("thrown later")
      })
      await new Promise(() => {})
    }
    if (way === "eat") {
      const all = []
      for (;;) all.push(Array.from({ length: 1e5 }, Math.random))
    }
    if (way === "die soon") setTimeout(() => process.exit(7), 5)
    return this.#seen
  }
}

export const Endless = actor(async function* () {
  try {
    for (let n = 0; ; n++) yield n
  } finally {
    process.exit(7)
  }
})

export const Unsendable = actor(() => ({ deep: [0, { f: () => {} }] }))

export const Spoiling = actor(function* () {
  yield "good"
  yield Worker
})

export const NoActor = { onReceive: () => 1 }
export const NoActorEither = () => ({ onReceive: () => 1 })

/** Gives a child of its own, which lives in the thread. */
export const Begetter = actor(
  /** @param {string} name @param {import("troupe/actor").AnyContext} context */
  (name, context) => context.spawn(Fibonacci, name),
)
