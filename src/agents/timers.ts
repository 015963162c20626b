import type { Clock } from "../data/clock.js"

/** A clock that counts the timers waiting on it. */
export interface CountingClock extends Clock {
  readonly waiting: number
}

/** Counts the timers of a clock. */
export function counting(clock: Clock): CountingClock {
  let waiting = 0
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    yield: (resume) => clock.yield(resume),
    ...(clock.settled === undefined ? {} : { settled: (resume) => clock.settled?.(resume) }),
    after(ms, fire) {
      let open = true
      const close = (): void => {
        if (open) waiting--
        open = false
      }
      waiting++
      const cancel = clock.after(ms, () => {
        close()
        fire()
      })
      return () => {
        close()
        cancel()
      }
    },
    get waiting() {
      return waiting
    },
  }
}
