import { randomUUID } from "node:crypto"
import type { CancelTimer, Clock } from "../data/clock.js"

/** The longest wait that the machine's timer takes, in milliseconds; a longer one is waited for in pieces. */
const longest = 2_147_483_647

/** The durations of which one timer is kept, and how many at most. */
const kept = new Set<number>()
const mostKept = 16
let before = -1

/**
 * The machine has a list of timers for each duration, and to make and drop a list costs three times what a timer does: asks
 * with one limit, one after the other, would each pay for that. So the list of a duration that was used twice running is
 * kept for that long, by a timer that keeps no process alive.
 */
function keep(ms: number): void {
  if (ms !== before) {
    before = ms
  } else if (kept.size < mostKept && !kept.has(ms)) {
    kept.add(ms)
    setTimeout(() => kept.delete(ms), ms).unref()
  }
}

function after(ms: number, fire: () => void): CancelTimer {
  if (ms <= longest) {
    keep(ms)
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
