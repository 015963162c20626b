import { type Actor, actor } from "../actor/actor.js"

/** An actor that keeps what it is told, and how a test reads it. */
export interface Probe<M, R = void> {
  /** Spawn it wherever the test needs it: `app.spawn(told.actor, "told")`. */
  readonly actor: () => Actor<M, R>
  /** Every message so far, in order of arrival. */
  readonly received: readonly M[]
  /** The first message that no `next` gave yet; waits for one. */
  next(): Promise<M>
}

/**
 * An actor for tests that keeps every message it gets.
 *
 * @param answer what an `ask` gets; by default nothing. What it throws fails the actor, as in any other.
 *
 * @example
 * ```ts
 * import { ActorSystem } from "troupe/actor"
 * import { probe } from "troupe/testing"
 * await using app = new ActorSystem("app")
 * const told = probe((n: number) => n * 2)
 * const ref = app.spawn(told.actor, "told")
 * ref.tell(1)
 * await told.next() // 1
 * await ref.ask(21) // 42
 * told.received // [1, 21]
 * ```
 */
export function probe<M>(): Probe<M>
export function probe<M, R>(answer: (message: M) => R | PromiseLike<R>): Probe<M, R>
export function probe<M>(answer: (message: M) => unknown = () => undefined): Probe<M, unknown> {
  const received: M[] = []
  const waiting: ((message: M) => void)[] = []
  let taken = 0
  return {
    received,
    actor: actor((message: M) => {
      received.push(message)
      const wake = waiting.shift()
      if (wake !== undefined) {
        taken++
        wake(message)
      }
      return answer(message)
    }),
    next: () =>
      new Promise((resolve) => {
        for (const message of received.slice(taken, taken + 1)) {
          taken++
          return resolve(message)
        }
        waiting.push(resolve)
      }),
  }
}
