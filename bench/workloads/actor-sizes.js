/** How much of it there is in one run of a workload, whoever runs it. */
export const messages = 1000
export const actors = 1000
export const each = 100
export const hops = 100
export const spawned = 1000
/** Milliseconds that an ask may take. */
export const timeout = 10_000

/** @param {number} n */
export const plusOne = (n) => n + 1

/** The work of one agent that does nothing. @param {number} n */
export const plusOneLater = async (n) => n + 1

/** One ask after the other. @param {(n: number) => PromiseLike<unknown>} ask */
export const oneByOne = (ask) => ({
  per: messages,
  async run() {
    for (let n = 0; n < messages; n++) await ask(n)
  },
})

/** All asks at once. @param {(n: number) => PromiseLike<unknown>} ask */
export const allAtOnce = (ask) => {
  const numbers = Array.from({ length: messages }, (_, n) => n)
  return { per: messages, run: () => Promise.all(numbers.map((n) => ask(n))) }
}

/**
 * How long an ask takes on the wall, of many to an actor that is idle: the figure that so many of a hundred are below.
 *
 * @param {number} percent
 * @param {(n: number) => PromiseLike<unknown>} ask
 */
export const latency = (percent, ask) => ({
  async figure() {
    /** @type {number[]} */
    const taken = []
    for (let n = 0; n < 2000; n++) {
      const started = performance.now()
      await ask(n)
      taken.push((performance.now() - started) * 1e6)
    }
    return taken.sort((a, b) => a - b)[Math.floor((taken.length * percent) / 100)] ?? Number.NaN
  },
})
