import type { Pulled } from "./generation.js"

/**
 * What a handler of the runtime resolves with when it turns out to be a generator: one on another thread says so only when
 * it has begun.
 */
export class Late<R, C> {
  /** Begins it. `read`: somebody wants the chunks, not only the answer. */
  readonly open: (read: boolean) => Pulled<R, C>

  constructor(open: (read: boolean) => Pulled<R, C>) {
    this.open = open
  }
}

/** Thrown by a handler of the runtime that could not hand its message over: the sender's failure, not the actor's. */
export class Undelivered {
  readonly why: Error

  constructor(why: Error) {
    this.why = why
  }
}
