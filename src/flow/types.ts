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

/** What another turn of a loop gets, of an output that is `Continue` or `Done`. */
export type NextOf<O> = O extends Continue<infer A> ? A : never
/** What a loop gives at its end, of an output that is `Continue` or `Done`. */
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
/** One flow for each tag in the field `K` of a union, which gets the members with that tag. */
export type Arms<O, K extends keyof O> = { readonly [T in TagOf<O[K]>]: Flow<Arm<O, K, T>, unknown> }
/** Refuses cases whose tag is none of `Tags`. */
export type NoExtra<C, Tags extends string> = { readonly [T in Exclude<keyof C, Tags>]: never }
/** The union of the outputs of a record of flows. */
export type OutsOf<C> = C[keyof C] extends infer F ? OutOf<F> : never

type Index<K> = K extends `${infer N extends number}` ? N : K

/** A member of a quorum that succeeded: its index, its name and its output. */
export interface Succeeded<out N, out V> {
  readonly index: N
  readonly name: string
  readonly value: V
}
/** A member of a quorum that failed, and its fault. */
export interface QuorumFailure {
  readonly index: number
  readonly name: string
  readonly fault: Fault
}
/** A member of a quorum that was aborted once it was no longer needed. */
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
 *
 * @example
 * ```ts
 * import { AgentSystem, lift, pure } from "troupe"
 * await using system = new AgentSystem()
 * const size = lift((text: string) => text.length).map((n) => n * 2)
 * const flow = size.zip(pure("letters")).timeout(1_000).fallbackTo(pure("too late"))
 * await system.run(flow, "bees") // [8, "letters"]
 * ```
 */
export interface Flow<in I, out O> extends Typed<I, O> {
  /** The description itself: plain data. */
  readonly node: Node

  /**
   * Applies a function to the output. A throw is the fault `FunctionFailed`.
   *
   * @example
   * ```ts
   * import { AgentSystem, pure } from "troupe"
   * await using system = new AgentSystem()
   * await system.run(pure("bees").map((text) => text.length), undefined) // 4
   * ```
   */
  map<P>(fn: Mapper<O, P>): Flow<I, P>
  /**
   * Runs `next` on the output.
   *
   * @example
   * ```ts
   * import { AgentSystem, agent, defineAgent, lift } from "troupe"
   * await using system = new AgentSystem()
   * const shout = defineAgent({ name: "shout" }, (text: string) => text.toUpperCase())
   * await system.run(lift((text: string) => text.trim()).andThen(agent(shout)), " bees ") // "BEES"
   * ```
   */
  andThen<P>(next: Flow<O, P>): Flow<I, P>
  /** Runs `other` on the same input, at the same time, and gives the pair. The first failure aborts the other. */
  zip<J, P>(other: Flow<J, P>): Flow<I & J, [O, P]>
  /** Runs both on the same input; the first success wins and the other is aborted. */
  race<J, P>(other: Flow<J, P>): Flow<I & J, O | P>
  /**
   * Fails with `TimedOut` after `ms` milliseconds and aborts what is under way.
   *
   * @example
   * ```ts
   * import { AgentSystem, agent, defineAgent } from "troupe"
   * await using system = new AgentSystem()
   * const stuck = defineAgent({ name: "stuck" }, (_question: string) => new Promise<string>(() => {}))
   * await system.run(agent(stuck).timeout(5).recover((fault) => fault._tag), "why?") // "TimedOut"
   * ```
   */
  timeout(ms: number): Flow<I, O>
  /** On a fault, gives what `fn` makes of it. Never on an abort. */
  recover<P>(fn: Mapper<Fault, P>): Flow<I, O | P>
  /** On a fault, runs `k` on the fault. */
  recoverWith<P>(k: Flow<Fault, P>): Flow<I, O | P>
  /**
   * On a fault with this tag, runs `k` on it.
   *
   * @example
   * ```ts
   * import { AgentSystem, fail, lift } from "troupe"
   * await using system = new AgentSystem()
   * const shut = fail({ code: "closed", message: "it is night" })
   * await system.run(shut.recoverTag("Failed", lift(({ code }) => code)), undefined) // "closed"
   * ```
   */
  recoverTag<T extends Fault["_tag"], P>(tag: T, k: Flow<Extract<Fault, { readonly _tag: T }>, P>): Flow<I, O | P>
  /**
   * On a fault, runs `k` on the original input.
   *
   * @example
   * ```ts
   * import { AgentSystem, fail, lift } from "troupe"
   * await using system = new AgentSystem()
   * const shut = fail({ code: "closed", message: "it is night" })
   * await system.run(shut.fallbackTo(lift((text: string) => text.length)), "bees") // 4
   * ```
   */
  fallbackTo<J, P>(k: Flow<J, P>): Flow<I & J, O | P>
  /**
   * Adds a field to a record: the output of `k`, which gets the record so far.
   *
   * @example
   * ```ts
   * import { AgentSystem, lift, pure } from "troupe"
   * await using system = new AgentSystem()
   * const size = lift(({ text }: { readonly text: string }) => text.length)
   * await system.run(pure({ text: "bees" }).bind("size", size), undefined) // { text: "bees", size: 4 }
   * ```
   */
  bind<X, R, N extends string, P>(
    this: Flow<X, R>,
    name: N extends keyof R ? readonly ["the record has a field of this name: choose another"] : N,
    k: Flow<R, P>,
  ): Flow<X, R & { readonly [n in N]: P }>
  /**
   * Routes by the field `on` of the output. A missing or an unknown case does not compile.
   *
   * @example
   * ```ts
   * import { AgentSystem, lift, pure } from "troupe"
   * type Sign = { readonly is: "plus"; readonly n: number } | { readonly is: "zero" }
   * const sign = lift((n: number): Sign => (n === 0 ? { is: "zero" } : { is: "plus", n }))
   * const words = sign.branch("is", { plus: lift(({ n }: { n: number }) => `+${n}`), zero: pure("none") })
   * await using system = new AgentSystem()
   * await system.run(words, 3) // "+3"
   * ```
   */
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
  /**
   * Routes by a predicate; a type guard narrows what each arm gets.
   *
   * @example
   * ```ts
   * import { AgentSystem, identity, lift, pure } from "troupe"
   * await using system = new AgentSystem()
   * const loud = lift((text: string) => `${text}!`)
   * const clip = identity<string>().branchOn((text) => text.length > 4, pure("too long"), loud)
   * await system.run(clip, "bees") // "bees!"
   * ```
   */
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
