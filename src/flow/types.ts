import type { InOf, OutOf, Typed } from "../data/agent-ref.js"
import type { Fault } from "../data/fault.js"
import type { Expr } from "./expr.js"
import type { Fn, Node } from "./node.js"

/**
 * A named function, a bare one (which runs, draws and prices but cannot be written to a document), or an expression of
 * `troupe/serde` (whose output type only `check` knows).
 */
export type Mapper<I, O> = Fn<I, O> | ((input: I) => O) | Expr

/** Any flow, whatever its wires. */
export type AnyFlow = Flow<never, unknown>

/** The input that fits every flow of a list: the intersection, met in contravariant position. */
export type Meet<Fs extends readonly unknown[]> = (
  Fs[number] extends infer F
    ? F extends Typed<infer I, infer _O>
      ? (input: I) => void
      : never
    : never
) extends (input: infer X) => void
  ? X
  : never

/** The same for a list or a record of flows. */
export type MeetAll<Fs> = Fs extends readonly unknown[] ? Meet<Fs> : Meet<[Fs[keyof Fs]]>

/** The outputs of a tuple or record of flows, place by place. */
export type Outs<Fs> = { -readonly [k in keyof Fs]: OutOf<Fs[k]> }

/** Another turn of a loop, with what the turn gets. */
export interface Continue<out A> {
  readonly _tag: "Continue"
  readonly value: A
}

/** The end of a loop, with its result. */
export interface Done<out B> {
  readonly _tag: "Done"
  readonly value: B
}

export type NextOf<O> = O extends Continue<infer A> ? A : never
export type DoneOf<O> = O extends Done<infer B> ? B : never

/** What a body must be besides a flow: nothing more, or else the reason why it is no turn of a loop. */
export type Turn<I, O> = [O] extends [Continue<unknown> | Done<unknown>]
  ? [NextOf<O>] extends [I]
    ? unknown
    : readonly ["what the body of a loop gives to continueWith(…) must fit the input of the body"]
  : readonly ["the body of a loop must give continueWith(…) or done(…)"]

/** The tag of a value, as it is written as a key. */
export type TagOf<V> = V extends string | number | boolean ? `${V}` : never
/** The members of a union whose field `K` has the tag `T`. */
export type Arm<O, K extends keyof O, T extends string> = O extends unknown
  ? T extends TagOf<O[K]>
    ? O
    : never
  : never
export type Arms<O, K extends keyof O> = { readonly [T in TagOf<O[K]>]: Flow<Arm<O, K, T>, unknown> }
export type NoExtra<C, Tags extends string> = { readonly [T in Exclude<keyof C, Tags>]: never }
export type OutsOf<C> = C[keyof C] extends infer F ? OutOf<F> : never

type Index<K> = K extends `${infer N extends number}` ? N : K

export interface Succeeded<out N, out V> {
  readonly index: N
  readonly name: string
  readonly value: V
}
export interface QuorumFailure {
  readonly index: number
  readonly name: string
  readonly fault: Fault
}
export interface QuorumAbort {
  readonly index: number
  readonly name: string
}

/** What a quorum over a list gives; `s.index === 0` narrows `s.value`. All three lists are in declaration order. */
export interface QuorumResult<Fs extends readonly unknown[]> {
  readonly succeeded: ReadonlyArray<
    { [k in Extract<keyof Fs, `${number}`>]: Succeeded<Index<k>, OutOf<Fs[k]>> } extends infer M
      ? [keyof M] extends [never]
        ? Succeeded<number, OutOf<Fs[number]>>
        : M[keyof M]
      : never
  >
  readonly failed: readonly QuorumFailure[]
  readonly aborted: readonly QuorumAbort[]
}

/** What a quorum over a record gives; `s.name === "a"` narrows `s.value`. */
export interface NamedQuorumResult<R> {
  readonly succeeded: ReadonlyArray<
    { [k in keyof R]: { readonly index: number; readonly name: k; readonly value: OutOf<R[k]> } }[keyof R]
  >
  readonly failed: readonly QuorumFailure[]
  readonly aborted: readonly QuorumAbort[]
}

/** What a quorum over a list or a record gives. */
export type QuorumOf<Fs> = Fs extends readonly unknown[] ? QuorumResult<Fs> : NamedQuorumResult<Fs>

/**
 * A typed, immutable description of a computation that takes one `I` and gives exactly one `O`, or fails with one
 * `Fault`, or is aborted. Nothing runs until an interpreter is given it.
 *
 * `I` is contravariant and `O` covariant: a flow that accepts more and gives less fits wherever one is asked for. Types
 * in between are checked once, when two flows are joined, and forgotten after.
 */
export interface Flow<in I, out O> extends Typed<I, O> {
  /** The description itself: plain data. */
  readonly node: Node

  /** Applies a function to the output. A throw is the fault `FunctionFailed`. */
  map<P>(fn: Mapper<O, P>): Flow<I, P>
  /** Runs `next` on the output. */
  andThen<P>(next: Flow<O, P>): Flow<I, P>
  /** Runs `other` on the same input, at the same time, and gives the pair. The first failure aborts the other. */
  zip<J, P>(other: Flow<J, P>): Flow<I & J, [O, P]>
  /** Runs both on the same input; the first success wins and the other is aborted. */
  race<J, P>(other: Flow<J, P>): Flow<I & J, O | P>
  /** Fails with `TimedOut` after `ms` milliseconds and aborts what is under way. */
  timeout(ms: number): Flow<I, O>
  /** On a fault, gives what `fn` makes of it. Never on an abort. */
  recover<P>(fn: Mapper<Fault, P>): Flow<I, O | P>
  /** On a fault, runs `k` on the fault. */
  recoverWith<P>(k: Flow<Fault, P>): Flow<I, O | P>
  /** On a fault with this tag, runs `k` on it. */
  recoverTag<T extends Fault["_tag"], P>(tag: T, k: Flow<Extract<Fault, { readonly _tag: T }>, P>): Flow<I, O | P>
  /** On a fault, runs `k` on the original input. */
  fallbackTo<J, P>(k: Flow<J, P>): Flow<I & J, O | P>
  /** Adds a field to a record: the output of `k`, which gets the record so far. */
  bind<X, R, N extends string, P>(
    this: Flow<X, R>,
    name: N extends keyof R ? readonly ["the record has a field of this name: choose another"] : N,
    k: Flow<R, P>,
  ): Flow<X, R & { readonly [n in N]: P }>
  /** Routes by the field `on` of the output. A missing or an unknown case does not compile. */
  branch<X, V, K extends keyof V & string, const C extends Arms<V, K>>(
    this: Flow<X, V>,
    on: K,
    cases: C & NoExtra<C, TagOf<V[K]>>,
  ): Flow<X, OutsOf<C>>
  branch<X, V, K extends keyof V & string, const C extends Partial<Arms<V, K>>, P>(
    this: Flow<X, V>,
    on: K,
    cases: C & NoExtra<C, TagOf<V[K]>>,
    otherwise: Flow<Exclude<V, Arm<V, K, keyof C & string>>, P>,
  ): Flow<X, OutsOf<C> | P>
  /** Routes by a predicate; a type guard narrows what each arm gets. */
  branchOn<X, V, Q extends V, A, B>(
    this: Flow<X, V>,
    pred: (value: V) => value is Q,
    yes: Flow<Q, A>,
    no: Flow<Exclude<V, Q>, B>,
  ): Flow<X, A | B>
  branchOn<A, B>(pred: Mapper<O, boolean>, yes: Flow<O, A>, no: Flow<O, B>): Flow<I, A | B>
  /** Names this step in paths. */
  id(id: string): Flow<I, O>
  /** A remark for readers: drawn and printed, never run. */
  note(text: string): Flow<I, O>
}

export type { InOf, OutOf }
