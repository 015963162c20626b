import { systemClock } from "../actor/clock.js"
import type { CancelTimer, Clock } from "../data/clock.js"

/** A clock that moves only when told. */
export interface VirtualClock extends Clock {
  /** Timers that are started and not yet due. */
  readonly pending: number
  /**
   * Moves on by so many milliseconds: fires what falls due in order, and lets the program settle after each instant.
   */
  advance(ms: number): Promise<void>
  /** Waits until the program has done all that it can without time passing or anything from outside. */
  settle(): Promise<void>
}

interface Timer {
  readonly due: number
  readonly fire: () => void
}

/**
 * A clock for tests: time stands still until `advance`, and a wait of an hour takes no time.
 *
 * What waits for the network or a file is not waited for: only promises and turns of the event loop are.
 *
 * @param start what `now()` is at first, in milliseconds since the epoch. Default 0.
 *
 * @example
 * ```ts
 * import { virtualClock } from "troupe/testing"
 * const clock = virtualClock()
 * let rang = false
 * clock.after(3_600_000, () => { rang = true })
 * await clock.advance(3_600_000)
 * rang // true
 * ```
 */
export function virtualClock(start = 0): VirtualClock {
  let now = start
  const yielded = new Set<() => void>()
  let ending: (() => void)[] = []
  // In order of start, which is the order of firing among timers due at one instant.
  const timers = new Set<Timer>()

  const next = (until: number): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
    return first
  }

  const turn = (): Promise<void> => new Promise((resolve) => systemClock.yield(resolve))
  const settle = async (): Promise<void> => {
    await turn()
    if (yielded.size > 0) return settle()
    if (ending.length === 0 || next(now) !== undefined) return
    const ended = ending
    ending = []
    for (const resume of ended) resume()
    await settle()
  }

  return {
    get pending() {
      return timers.size
    },
    now: () => now,
    elapsed: () => now,
    after(ms: number, fire: () => void): CancelTimer {
      const timer = { due: now + Math.max(0, ms), fire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    yield(resume: () => void): void {
      const own = (): void => resume()
      yielded.add(own)
      systemClock.yield(() => {
        yielded.delete(own)
        own()
      })
    },
    settled: (resume: () => void) => ending.push(resume),
    settle,
    async advance(ms: number): Promise<void> {
      const until = now + ms
      await settle()
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        now = Math.max(now, timer.due)
        timers.delete(timer)
        timer.fire()
        await settle()
      }
      now = until
    },
  }
}
