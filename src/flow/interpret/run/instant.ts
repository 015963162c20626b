import type { Cancel } from "../../../data/cancel.js"
import type { Clock } from "../../../data/clock.js"

// "At one instant of the clock, the lowest index decides": when several members of a group settle at one instant, their
// outcomes count in the order of the members, whatever order their promises and timers settled in. So an outcome that would
// decide a group is acted upon
//
// - at once, where no member in front of it is under way, or where it was synchronous: the member settled while it was being
//   started, before anything could arrive from those in front;
// - otherwise when the instant is over. On a clock that says so (`Clock.settled`: virtual ones) that is when all that falls
//   due at this instant has happened. On the clock of the machine it is the end of the turn of the event loop: no decision
//   takes a timer.
//
// A decision within may be what a decision further out waits for: of the groups that wait, the deepest are decided first,
// and what follows from them at the same instant is waited for before the next.

interface Undecided {
  readonly level: number
  readonly cancel: Cancel
  readonly decide: () => void
}

/** What a run decides when the instant is over. */
export class Instant {
  readonly #clock: Clock
  readonly #enter: (work: () => void) => void
  readonly #run: { hold(): void; end(): void }
  #undecided: Undecided[] = []
  #asked = false

  /** @param run is alive, whatever else of it waits, until what is undecided is decided. */
  constructor(clock: Clock, enter: (work: () => void) => void, run: { hold(): void; end(): void }) {
    this.#run = run
    this.#clock = clock
    this.#enter = enter
  }

  /** Calls `decide` when all that belongs to this instant has come, unless cancelled before. */
  over(level: number, cancel: Cancel, decide: () => void): void {
    this.#undecided.push({ level, cancel, decide })
    this.#ask()
  }

  #ask(): void {
    if (this.#asked) return
    this.#asked = true
    this.#run.hold()
    const clock = this.#clock
    const then = (): void => this.#enter(() => this.#decide())
    if (clock.settled === undefined) clock.yield(then)
    else clock.settled(then)
  }

  #decide(): void {
    this.#asked = false
    this.#run.end()
    const open = this.#undecided.filter(({ cancel }) => !cancel.cancelled)
    const deepest = open.reduce((most, { level }) => Math.max(most, level), 0)
    this.#undecided = open.filter(({ level }) => level < deepest)
    if (this.#undecided.length > 0) this.#ask()
    for (const { level, cancel, decide } of open) {
      if (level < deepest) continue
      this.#enter(() => {
        if (!cancel.cancelled) decide()
      })
    }
  }
}
