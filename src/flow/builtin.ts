import type { Left, Right } from "fp-ts/lib/Either.js"
import { type Either, left, right } from "../data/either.js"
import type { Fault } from "../data/fault.js"
import { isRecord } from "../data/json.js"
import type { Fn } from "./node.js"
import type { Attempt, Continue, Done } from "./types.js"

// The functions that derived constructors are made with. Every registry knows them by name.

const made = new WeakSet<object>()

function fn<I, O>(name: string, run: (input: I) => O): Fn<I, O> {
  const one: Fn<I, O> = { _tag: "Fn", name, run }
  made.add(one)
  return one
}

/** Whether a function is one of these, and not merely called so. */
export const isBuiltin = (one: Fn): one is Fn & { readonly name: string } => made.has(one)

/** What `bind` joins with: the record and the new field, under the name `bind.FIELD`. */
export const extend = (name: string): Fn =>
  fn(`bind.${name}`, ([record, value]: readonly [object, unknown]): object => ({ ...record, [name]: value }))

/** The outcome of `attempt` where there is a value. */
export const attempted: Fn = fn("attempt.ok", (value: unknown): Attempt<unknown> => ({ ok: true, value }))

/** The outcome of `attempt` where there is a fault. */
export const attemptFailed: Fn = fn("attempt.failed", (fault: Fault): Attempt<never> => ({ ok: false, fault }))

/** A turn of `loopWithState` as a turn of `loop`: `[Continue, state]` goes on with both, `[Done, state]` is done. */
export const withState: Fn = fn(
  "loop.state",
  (turn: readonly [Continue<unknown> | Done<unknown>, unknown]): unknown => {
    if (!Array.isArray(turn)) return turn // neither Continue nor Done: the loop says so
    const [step, state] = turn
    return isRecord(step) && step._tag === "Continue" ? { _tag: "Continue", value: [step.value, state] } : step
  },
)

// What the instances of fp-ts are made with.

export const applied = <A, B>(): Fn<readonly [(value: A) => B, A], B> => fn("fp.apply", ([f, value]) => f(value))
export const fromLeft = <A>(): Fn<Left<A>, A> => fn("fp.from_left", (either) => either.left)
export const fromRight = <A>(): Fn<Right<A>, A> => fn("fp.from_right", (either) => either.right)
export const toLeft = <A>(): Fn<A, Either<A, never>> => fn("fp.left", left)
export const toRight = <A>(): Fn<A, Either<never, A>> => fn("fp.right", right)

const instances = [applied(), fromLeft(), fromRight(), toLeft(), toRight()]
const byName = new Map([attempted, attemptFailed, withState, ...instances].map((one) => [one.name, one]))

/** The function that derived constructors use under this name. */
export function builtin(name: string): Fn | undefined {
  return name.startsWith("bind.") ? extend(name.slice("bind.".length)) : byName.get(name)
}
