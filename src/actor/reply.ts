/** A generator of either kind: what it yields are chunks of an answer, what it returns is the answer. */
export type Generated<R, C> = Generator<C, R, unknown> | AsyncGenerator<C, R, unknown>

/** What a handler may give back: the answer, a promise of it, or a generator that returns it. */
export type Reply<R, C> = R | PromiseLike<R> | Generated<R, C>

/** Whether a handler is a generator. Other iterators lack `throw`, and are answers like any other. */
export function isGenerated<R, C>(reply: Reply<R, C>): reply is Generated<R, C> {
  return typeof reply === "object" && reply !== null && "throw" in reply && "next" in reply && "return" in reply
}
