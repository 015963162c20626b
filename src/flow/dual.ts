import type { Fault } from "../data/fault.js"
import { nodeOf } from "./build.js"
import type { RetryOptions } from "./make.js"
import type { Fn, Limits } from "./node.js"
import type { AnyFlow, Attempt, Beside, Flow, InOf, Mapper, Meet, OutOf, OutsOf, TagOf } from "./types.js"

// Whatever has a self is also data-last, for `pipe`. Each is the method of the same name.

type Fluent = Flow<never, never>
const method =
  (name: keyof Fluent, ...args: readonly unknown[]) =>
  (self: AnyFlow): never => {
    nodeOf(self) // refuses what is no flow
    return (self[name] as (...args: readonly unknown[]) => never)(...args)
  }

/** `Flow.map`, data-last. */
export const map = <O, P>(fn: Mapper<O, P>): (<I>(self: Flow<I, O>) => Flow<I, P>) => method("map", fn)

/** `Flow.andThen`, data-last. */
export const andThen = <O, P>(next: Flow<O, P>): (<I>(self: Flow<I, O>) => Flow<I, P>) => method("andThen", next)

/** `Flow.zip`, data-last. */
export const zipWith = <J, P>(other: Flow<J, P>): (<I, O>(self: Flow<I, O> & Beside<I, J>) => Flow<I & J, [O, P]>) =>
  method("zip", other)

/** `Flow.race`, data-last. */
export const raceWith = <J, P>(other: Flow<J, P>): (<I, O>(self: Flow<I, O> & Beside<I, J>) => Flow<I & J, O | P>) =>
  method("race", other)

/** `Flow.timeout`, data-last. */
export const timeout = (ms: number): (<I, O>(self: Flow<I, O>) => Flow<I, O>) => method("timeout", ms)

/** `Flow.retry`, data-last. */
export const retry = (policy?: RetryOptions): (<I, O>(self: Flow<I, O>) => Flow<I, O>) => method("retry", policy)

/** `Flow.limit`, data-last. */
export const limit = (limits: Limits): (<I, O>(self: Flow<I, O>) => Flow<I, O>) => method("limit", limits)

/** `Flow.guard`, data-last. */
export const guard: {
  <O, P extends O>(pred: (output: O) => output is P): <I>(self: Flow<I, O>) => Flow<I, P>
  <O>(pred: Mapper<O, boolean>): <I>(self: Flow<I, O>) => Flow<I, O>
} = (pred: Mapper<never, boolean>) => method("guard", pred)

/** `Flow.filter`, data-last. */
export const filter: typeof guard = (pred: Mapper<never, boolean>) => method("filter", pred)

/** `Flow.tap`, data-last. */
export const tap = <O>(k: Flow<O, unknown>): (<I>(self: Flow<I, O>) => Flow<I, O>) => method("tap", k)

/** `Flow.notify`, data-last. */
export const notify = <O>(k: Flow<O, unknown>): (<I>(self: Flow<I, O>) => Flow<I, O>) => method("notify", k)

/** `Flow.divertTo`, data-last. */
export const divertTo = <O>(k: Flow<O, unknown>, when: Mapper<O, boolean>): (<I>(self: Flow<I, O>) => Flow<I, O>) =>
  method("divertTo", k, when)

/** `Flow.attempt`, data-last. */
export const attempt = (): (<I, O>(self: Flow<I, O>) => Flow<I, Attempt<O>>) => method("attempt")

/** `Flow.flatMap`, data-last. */
export const flatMap = <O, K extends AnyFlow>(
  k: Fn<O, K> | ((output: O) => K),
  options?: { readonly among?: readonly AnyFlow[] },
): (<I>(self: Flow<I, O>) => Flow<I & Meet<[K]>, OutOf<K>>) => method("flatMap", k, options)

/** `Flow.recover`, data-last. */
export const recover = <P>(fn: Mapper<Fault, P>): (<I, O>(self: Flow<I, O>) => Flow<I, O | P>) => method("recover", fn)

/** `Flow.recoverWith`, data-last. */
export const recoverWith = <P>(k: Flow<Fault, P>): (<I, O>(self: Flow<I, O>) => Flow<I, O | P>) =>
  method("recoverWith", k)

/** `Flow.recoverTag`, data-last. */
export const recoverTag = <T extends Fault["_tag"], P>(
  tag: T,
  k: Flow<Extract<Fault, { readonly _tag: T }>, P>,
): (<I, O>(self: Flow<I, O>) => Flow<I, O | P>) => method("recoverTag", tag, k)

/** `Flow.fallbackTo`, data-last. */
export const fallbackTo = <J, P>(k: Flow<J, P>): (<I, O>(self: Flow<I, O>) => Flow<I & J, O | P>) =>
  method("fallbackTo", k)

/** `Flow.bind`, data-last. */
export const bind = <N extends string, J, P>(
  name: N,
  k: Flow<J, P>,
): (<I, O extends J>(
  self: Flow<I, O> & (N extends keyof O ? readonly ["the record has a field of this name: choose another"] : unknown),
) => Flow<I, O & { readonly [n in N]: P }>) => method("bind", name, k)

/** Whether every member of the union has its arm, every arm its member, and each arm takes its member. */
type Fits<O, K extends keyof O, C> = [Exclude<TagOf<O[K]>, keyof C>] extends [never]
  ? [Exclude<keyof C, TagOf<O[K]>>] extends [never]
    ? {
        [T in keyof C]: (O extends unknown ? (T extends TagOf<O[K]> ? O : never) : never) extends InOf<C[T]> ? never : T
      }[keyof C] extends never
      ? unknown
      : never
    : never
  : never

/** What is left of a union for `otherwise` when the cases have had theirs. */
type Rest<O, K extends keyof O, C> = O extends unknown ? (TagOf<O[K]> extends keyof C ? never : O) : never

/** Whether every arm is a member of the union, each takes its member, and `otherwise` the rest. */
type FitsSome<O, K extends keyof O, C, J> = [Exclude<keyof C, TagOf<O[K]>>] extends [never]
  ? {
      [T in keyof C]: (O extends unknown ? (T extends TagOf<O[K]> ? O : never) : never) extends InOf<C[T]> ? never : T
    }[keyof C] extends never
    ? [Rest<O, K, C>] extends [J]
      ? unknown
      : never
    : never
  : never

/** `Flow.branch`, data-last. */
export const branch: {
  <K extends string, const C extends { readonly [tag: string]: AnyFlow }>(
    on: K,
    cases: C,
  ): <I, O extends { readonly [k in K]: string | number | boolean }>(
    self: Flow<I, O> & Fits<O, K, C>,
  ) => Flow<I, OutsOf<C>>
  <K extends string, const C extends { readonly [tag: string]: AnyFlow }, J, P>(
    on: K,
    cases: C,
    otherwise: Flow<J, P>,
  ): <I, O extends { readonly [k in K]: string | number | boolean }>(
    self: Flow<I, O> & FitsSome<O, K, C, J>,
  ) => Flow<I, OutsOf<C> | P>
} = (on: string, cases: { readonly [tag: string]: AnyFlow }, otherwise?: AnyFlow) =>
  method("branch", on, cases, otherwise)

/** Whether the first arm takes what the predicate holds of, and the second the rest. */
type Halves<Q, H, R, J> = [Q, R] extends [H, J]
  ? unknown
  : readonly ["an arm does not take what the predicate gives it"]

/** `Flow.branchOn`, data-last. */
export const branchOn: {
  <O, Q extends O, H, A, J, B>(
    pred: (value: O) => value is Q,
    yes: Flow<H, A>,
    no: Flow<J, B>,
  ): <I>(self: Flow<I, O> & Halves<Q, H, Exclude<O, Q>, J>) => Flow<I, A | B>
  <O, A, B>(
    pred: Mapper<O, boolean>,
    yes: Flow<NoInfer<O>, A>,
    no: Flow<NoInfer<O>, B>,
  ): <I>(self: Flow<I, O>) => Flow<I, A | B>
} = (pred: Mapper<never, boolean>, yes: AnyFlow, no: AnyFlow) => method("branchOn", pred, yes, no)

/** `Flow.id`, data-last. */
export const id = (name: string): (<I, O>(self: Flow<I, O>) => Flow<I, O>) => method("id", name)

/** `Flow.note`, data-last. */
export const note = (text: string): (<I, O>(self: Flow<I, O>) => Flow<I, O>) => method("note", text)
