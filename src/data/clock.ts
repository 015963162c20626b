/** Stops a timer. Calling it again, or after the timer fired, does nothing. */
export type CancelTimer = () => void

/**
 * Where time comes from. Everything that waits, here and in users' tests, asks a clock and never the machine.
 *
 * The real one is `systemClock` of `troupe/actor`; `virtualClock` of `troupe/testing` moves only when told.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `fire` once, `ms` milliseconds from now, unless cancelled. Timers due at one instant fire in order of start. */
  after(ms: number, fire: () => void): CancelTimer
  /** Milliseconds of real time, from any origin: for the rule that the event loop is never held longer than 10 ms. */
  elapsed(): number
  /** Calls `resume` in a later turn of the event loop, after waiting input, output and timers had theirs. */
  yield(resume: () => void): void
  /**
   * Calls `resume` once all that falls due at this instant has happened. For a clock that stands still between instants;
   * without it, an instant is a turn of the event loop, and `yield` ends it.
   */
  settled?(resume: () => void): void
}
