import type { CancelTimer, Clock } from "../data/clock.js"
import { systemClock } from "./clock.js"
import type { Wire } from "./worker-wire.js"

/** Time in a worker as its system has it: a clock of somebody's own is asked across the thread, and told when it is due. */
export class ToldClock implements Clock {
  readonly #post: (message: Wire<unknown>) => void
  readonly #timers = new Map<number, () => void>()
  #numbered = 0
  #now: number

  constructor(now: number, post: (message: Wire<unknown>) => void) {
    this.#now = now
    this.#post = post
  }

  /** The instant of the last that the system told. */
  now(): number {
    return this.#now
  }

  after(ms: number, fire: () => void): CancelTimer {
    const timer = ++this.#numbered
    this.#timers.set(timer, fire)
    this.#post({ is: "timer", timer, ms })
    return () => {
      if (this.#timers.delete(timer)) this.#post({ is: "untimer", timer })
    }
  }

  fired(timer: number, now: number): void {
    this.#now = now
    const fire = this.#timers.get(timer)
    this.#timers.delete(timer)
    fire?.()
  }

  elapsed(): number {
    return systemClock.elapsed()
  }

  yield(resume: () => void): void {
    systemClock.yield(resume)
  }
}
