import { randomUUID } from "node:crypto"
import type { CancelTimer, Clock } from "../data/clock.js"

/** The longest wait that the machine's timer takes, in milliseconds; a longer one is waited for in pieces. */
const longest = 2_147_483_647

function after(ms: number, fire: () => void): CancelTimer {
  if (ms <= longest) {
    const timer = setTimeout(fire, ms)
    return () => clearTimeout(timer)
  }
  let cancel: CancelTimer = after(longest, () => {
    cancel = after(ms - longest, fire)
  })
  return () => cancel()
}

/**
 * The clock of the machine: the default of every system, and the one place that reads real time.
 *
 * @example
 * ```ts
 * import { systemClock } from "troupe/actor"
 * const cancel = systemClock.after(1_000, () => console.log("a second later"))
 * cancel()
 * ```
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  after,
  elapsed: () => performance.now(),
  yield: (resume) => {
    setImmediate(resume)
  },
}

/** The machine's chance: a number from 0 to below 1. The one place that asks for it. */
export const systemRandom = (): number => Math.random()

/** A new identifier, which nothing else has: a UUID of chance. */
export const systemId = (): string => randomUUID()
