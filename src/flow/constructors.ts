import { type AgentClass, agentIn, type AgentRef, type OutOf } from "../data/agent-ref.js"
import { armsOf, codeOf, flow, nodeOf, nodesOf, partsOf } from "./build.js"
import { InvalidFlow } from "./invalid.js"
import * as make from "./make.js"
import type { Count } from "./node.js"
import { record, shown } from "./refuse.js"
import type {
  AnyFlow,
  DoneOf,
  Flow,
  Mapper,
  Meet,
  MeetAll,
  Meeting,
  NextOf,
  Outs,
  OutsOf,
  QuorumOf,
  Turn,
} from "./types.js"

/**
 * The flow that gives `value`, whatever arrives.
 *
 * @example
 * ```ts
 * import { AgentSystem, pure } from "troupe"
 * await using system = new AgentSystem()
 * await system.run(pure(3), undefined) // 3
 * ```
 */
export function pure<const O>(value: O): Flow<unknown, O> {
  return flow(make.pure({ _tag: "Constant", value }))
}

/**
 * The flow that applies a synchronous function. A throw is the fault `FunctionFailed`.
 *
 * @example
 * ```ts
 * import { AgentSystem, lift } from "troupe"
 * await using system = new AgentSystem()
 * await system.run(lift((text: string) => text.length), "bees") // 4
 * ```
 */
export function lift<I, O>(fn: Mapper<I, O>): Flow<I, O> {
  return flow(make.pure(codeOf(fn)))
}

/**
 * The flow that gives what arrives: the empty sequence.
 *
 * @example
 * ```ts
 * import { AgentSystem, identity } from "troupe"
 * await using system = new AgentSystem()
 * await system.run(identity<string>(), "bees") // "bees"
 * ```
 */
export function identity<A>(): Flow<A, A> {
  return flow(make.seq([]))
}

/**
 * The flow that fails with the fault `Failed`. `retry` says that another try may help; by default it may not.
 *
 * @example
 * ```ts
 * import { AgentSystem, fail } from "troupe"
 * await using system = new AgentSystem()
 * const shut = fail({ code: "closed", message: "it is night" })
 * await system.run(shut.recover((fault) => fault.message), undefined) // "it is night"
 * ```
 */
export function fail(spec: {
  readonly code: string
  readonly message: string
  readonly data?: unknown
  readonly retry?: boolean
}): Flow<unknown, never> {
  return flow(make.fail(spec))
}

/**
 * The flow that asks an agent: what `defineAgent` gives, or a class that extends `AgentActor`. Its input is checked before and its output after.
 *
 * @example
 * ```ts
 * import { AgentSystem, agent, defineAgent } from "troupe"
 * await using system = new AgentSystem()
 * const count = defineAgent({ name: "count" }, (text: string) => text.length)
 * await system.run(agent(count).map((n) => n * 2), "bees") // 8
 * ```
 */
export function agent<I, O>(of: AgentClass<I, O>): Flow<I, O>
export function agent<I, O>(ref: AgentRef<I, O>): Flow<I, O>
export function agent(of: unknown): Flow<never, unknown> {
  const ref = agentIn(of)
  if (ref === undefined) {
    const message = "agent(…) takes what defineAgent gives, or a class of agents: expected an agent reference"
    throw new InvalidFlow("agent", message)
  }
  return flow(make.agent(ref))
}

/**
 * Runs every branch on the same input, at the same time, and gives their outputs as a tuple in declaration order. The
 * first failure aborts the others and is the failure of the whole.
 *
 * @example
 * ```ts
 * import { AgentSystem, lift, zip } from "troupe"
 * await using system = new AgentSystem()
 * const both = zip(lift((text: string) => text.length), lift((text: string) => text.toUpperCase()))
 * await system.run(both, "bees") // [4, "BEES"]
 * ```
 */
export function zip<const Fs extends readonly AnyFlow[]>(...flows: Fs & Meeting<Fs>): Flow<Meet<Fs>, Outs<Fs>> {
  return flow(make.all(nodesOf(flows)))
}

/**
 * `zip` over an array or a record: the outputs come back in the same shape.
 *
 * @example
 * ```ts
 * import { AgentSystem, lift, zipAll } from "troupe"
 * await using system = new AgentSystem()
 * const both = zipAll({ size: lift((text: string) => text.length), loud: lift((text: string) => text.toUpperCase()) })
 * await system.run(both, "bees") // { size: 4, loud: "BEES" }
 * ```
 */
export function zipAll<const Fs extends readonly AnyFlow[]>(flows: Fs & Meeting<Fs>): Flow<Meet<Fs>, Outs<Fs>>
export function zipAll<const R extends { readonly [name: string]: AnyFlow }>(
  flows: R & Meeting<R>,
): Flow<Meet<[R[keyof R]]>, { -readonly [k in keyof R]: OutOf<R[k]> }>
export function zipAll(flows: readonly AnyFlow[] | { readonly [name: string]: AnyFlow }): AnyFlow {
  const { of, keys } = partsOf(flows, "what zipAll takes")
  return flow(make.all(of, keys))
}

/** How a race is won: by the first success (the default), or by the first to settle either way. */
export interface RaceOptions {
  readonly wins?: "success" | "settled"
}

/**
 * Runs every branch on the same input: the first success wins and the others are aborted. Fails `AllFailed` only when
 * all fail. With options, the branches go in an array: `race([a, b], { wins: "settled" })`.
 *
 * @example
 * ```ts
 * import { AgentSystem, fail, pure, race } from "troupe"
 * await using system = new AgentSystem()
 * const first = race(fail({ code: "closed", message: "it is night" }), pure("open"))
 * await system.run(first, undefined) // "open"
 * ```
 */
export function race<const Fs extends readonly AnyFlow[]>(...flows: Fs & Meeting<Fs>): Flow<Meet<Fs>, OutOf<Fs[number]>>
export function race<const Fs extends readonly AnyFlow[]>(
  flows: Fs & Meeting<Fs>,
  options?: RaceOptions,
): Flow<Meet<Fs>, OutOf<Fs[number]>>
export function race(...args: readonly unknown[]): AnyFlow {
  const [first, options] = args as [AnyFlow | readonly AnyFlow[] | undefined, RaceOptions | undefined]
  if (!Array.isArray(first)) return flow(make.race(nodesOf(args as readonly AnyFlow[])))
  if (options !== undefined) record(options, "the options of race")
  return flow(make.race(nodesOf(first as readonly AnyFlow[]), options?.wins))
}

/**
 * Runs members on the same input and needs `n` successes. Gives `{ succeeded, failed, aborted }`, each in declaration
 * order; fails `QuorumNotMet` as soon as `n` has become impossible.
 *
 * @param n how many must succeed, 1 to the number of members.
 * @param options `settle: "quorum"` proceeds at the n-th success, after `grace` milliseconds if given, and aborts the
 *   rest; by default every member is awaited.
 *
 * @example
 * ```ts
 * import { AgentSystem, atLeast, fail, pure } from "troupe"
 * await using system = new AgentSystem()
 * const quorum = atLeast(1, { east: pure("open"), west: fail({ code: "closed", message: "it is night" }) })
 * const { succeeded, failed } = await system.run(quorum, undefined)
 * succeeded // [{ index: 0, name: "east", value: "open" }]
 * failed.map(({ name }) => name) // ["west"]
 * ```
 */
export function atLeast<const Fs extends readonly AnyFlow[] | { readonly [name: string]: AnyFlow }>(
  n: Count,
  flows: Fs & Meeting<Fs>,
  options: make.QuorumOptions = {},
): Flow<MeetAll<Fs>, QuorumOf<Fs>> {
  const { of, keys } = partsOf(flows, "what atLeast takes")
  return flow(make.atLeast(n, of, keys, options))
}

/**
 * Asks a classifier for a tag, and runs the arm of that tag on the original input.
 *
 * @example
 * ```ts
 * import { AgentSystem, lift, pure, route } from "troupe"
 * await using system = new AgentSystem()
 * const kind = lift((text: string) => (text.endsWith("?") ? "question" : "remark"))
 * const reply = route(kind, { question: pure("Let me see."), remark: lift((text: string) => `Is it? ${text}`) })
 * await system.run(reply, "Bees dance.") // "Is it? Bees dance."
 * ```
 */
export function route<I, T extends string, const C extends { readonly [tag in T]: AnyFlow }>(
  by: Flow<I, T>,
  cases: C & { readonly [tag in Exclude<keyof C, T>]: never },
): Flow<I & Meet<[C[keyof C]]>, OutsOf<C>> {
  return flow(make.branch({ by: nodeOf(by) }, ...armsOf(cases), undefined))
}

/** Options of a loop: at most `max` turns (10), then the fault `LoopExceeded`, or with `"last"` the last draft. */
export interface LoopOptions<X extends "fail" | "last" = "fail" | "last"> {
  readonly max?: Count
  readonly exhausted?: X
}

/**
 * Runs `body` until it answers `done(result)`; `continueWith(next)` asks for another turn on `next`.
 *
 * @example
 * ```ts
 * import { AgentSystem, continueWith, done, lift, loop } from "troupe"
 * await using system = new AgentSystem()
 * const turn = lift((n: number) => (n > 100 ? done(`reached ${n}`) : continueWith(n * 2)))
 * await system.run(loop(turn), 3) // "reached 192"
 * ```
 */
export function loop<I, O, const X extends "fail" | "last" = "fail">(
  body: Flow<I, O> & Turn<I, O>,
  options: LoopOptions<X> = {},
): Flow<I, DoneOf<O> | (X extends "last" ? NextOf<O> : never)> {
  record(options, "the options of loop")
  return flow(make.loop(nodeOf(body), options.max, options.exhausted))
}

/**
 * Runs `k`, then `body` on its result with `name` bound to it: `body` gets the bound name as a flow that gives the
 * value again, wherever in it.
 *
 * @example
 * ```ts
 * import { AgentSystem, identity, letIn, lift, zip } from "troupe"
 * await using system = new AgentSystem()
 * const size = lift((text: string) => text.length)
 * const trimmed = lift((text: string) => text.trim())
 * const flow = letIn("text", trimmed, (text) => size.andThen(zip(text, identity<number>())))
 * await system.run(flow, " bees ") // ["bees", 4]
 * ```
 */
export function letIn<I, O, P>(name: string, k: Flow<I, O>, body: (bound: Flow<unknown, O>) => Flow<O, P>): Flow<I, P> {
  if (typeof body !== "function") {
    throw new InvalidFlow("function", `the body of letIn is ${shown(body)}: expected a function of the bound flow`)
  }
  const bound: Flow<unknown, O> = flow(make.pure({ _tag: "Name", name }))
  return flow(make.letIn(name, nodeOf(k), nodeOf(body(bound))))
}
