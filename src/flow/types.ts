import type { InOf, OutOf, Typed } from "../data/agent-ref.js"
import type { Fault } from "../data/fault.js"
import type { Expr } from "./expr.js"
import type { RetryOptions } from "./make.js"
import type { Fn, Limits, Node } from "./node.js"
import type { Arm, Beside, Meet, NoExtra, OutsOf, TagOf } from "./wires.js"

export type * from "./wires.js"

/**
 * A named function, a bare one (which runs, draws and prices but cannot be written to a document), or an expression of
 * `troupe/serde` (whose output type only `check` knows).
 */
export type Mapper<I, O> = Fn<I, O> | ((input: I) => O) | Expr

/** Any flow, whatever its wires. */
export type AnyFlow = Flow<never, unknown>

/** One flow for each tag in the field `K` of a union, which gets the members with that tag. */
export type Arms<O, K extends keyof O> = { readonly [T in TagOf<O[K]>]: Flow<Arm<O, K, T>, unknown> }
/** What `attempt` gives. */
export type Attempt<O> = { readonly ok: true; readonly value: O } | { readonly ok: false; readonly fault: Fault }

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
  /**
   * Runs the flow that `k` makes of the output, on the input that this flow had. Drawn dashed and unbounded in cost, unless
   * `among` lists every flow that `k` may give.
   *
   * @example
   * ```ts
   * import { AgentSystem, lift, pure } from "troupe"
   * const size = lift((text: string) => text.length)
   * const loud = lift((text: string) => text.toUpperCase())
   * await using system = new AgentSystem()
   * await system.run(size.flatMap((n) => (n > 3 ? loud : pure("too short")), { among: [loud, pure("too short")] }), "bees") // "BEES"
   * ```
   */
  flatMap<K extends AnyFlow>(
    k: Fn<O, K> | ((output: O) => K),
    options?: { readonly among?: readonly AnyFlow[] },
  ): Flow<I & Meet<[K]>, OutOf<K>>
  /** Runs `other` on the same input, at the same time, and gives the pair. The first failure aborts the other. */
  zip<X, V, J, P>(this: Flow<X, V>, other: Flow<J, P> & Beside<X, J>): Flow<X & J, [V, P]>
  /** Runs both on the same input; the first success wins and the other is aborted. */
  race<X, V, J, P>(this: Flow<X, V>, other: Flow<J, P> & Beside<X, J>): Flow<X & J, V | P>
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
  /**
   * Runs the whole flow again on a fault whose verdict allows it: `times` repeats at most (3), after `base` milliseconds
   * (500, or `max` where that is less), doubled each time up to `max` (60,000), each wait a random part of itself. `on` names faults to repeat whatever
   * their verdict.
   *
   * @example
   * ```ts
   * import { AgentSystem, agent, defineAgent, retryable } from "troupe"
   * let calls = 0
   * const flaky = defineAgent({ name: "flaky" }, (text: string) => {
   *   if (++calls < 3) throw retryable(new Error("busy"))
   *   return text
   * })
   * await using system = new AgentSystem()
   * await system.run(agent(flaky).retry({ times: 2, base: 0 }), "bees") // "bees"
   * ```
   */
  retry(policy?: RetryOptions): Flow<I, O>
  /**
   * Limits that all asks within share, however nested: over `concurrency` they wait in order; over `calls`, `tokens` or
   * `usd` the fault is `BudgetExceeded`, before the call.
   */
  limit(limits: Limits): Flow<I, O>
  /** Passes the output on if it holds, or fails `Rejected` with it. A type guard narrows it. */
  guard<P extends O>(pred: (output: O) => output is P): Flow<I, P>
  guard(pred: Mapper<O, boolean>): Flow<I, O>
  /** The same as `guard`. */
  filter<P extends O>(pred: (output: O) => output is P): Flow<I, P>
  filter(pred: Mapper<O, boolean>): Flow<I, O>
  /** Runs `k` on the output, waits for it, and gives the output. A failure of `k` is the failure of the whole. */
  tap(k: Flow<O, unknown>): Flow<I, O>
  /** Runs `k` on the output beside the flow, which goes on at once. A failure of `k` is the event `side_failed`. */
  notify(k: Flow<O, unknown>): Flow<I, O>
  /** `notify`, for the outputs for which `when` holds. */
  divertTo(k: Flow<O, unknown>, when: Mapper<O, boolean>): Flow<I, O>
  /**
   * Never fails: `{ ok: true, value }`, or on a fault `{ ok: false, fault }`.
   *
   * @example
   * ```ts
   * import { AgentSystem, pure } from "troupe"
   * await using system = new AgentSystem()
   * await system.run(pure("bees").attempt(), undefined) // { ok: true, value: "bees" }
   * ```
   */
  attempt(): Flow<I, Attempt<O>>
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
