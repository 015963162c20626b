import type { AnyAgentRef } from "../data/agent-ref.js"
import type { FaultTag } from "../data/fault.js"
import type { Schema } from "../data/schema.js"
import type { Code, Count, Fn } from "./code.js"
import type { Expr } from "./expr.js"

export type * from "./code.js"

/**
 * The nodes of a flow: plain immutable data, with types forgotten. `Flow<I, O>` is this, seen through typed glasses.
 * A node is one only if some interpreter must treat it differently from its expansion.
 */
export type Node =
  | Pure
  | Agent
  | Fail
  | Seq
  | Let
  | FlatMap
  | All
  | Traverse
  | AtLeast
  | Race
  | Branch
  | Recover
  | Loop
  | Within
  | Retry
  | Limit
  | Divert
  | Guard
  | Graph
  | Call
  | Suspend
  | Sleep

/** The tags of nodes, one for each kind. */
export type Tag = Node["_tag"]
/** The node with that tag. */
export type NodeOf<T extends Tag> = Extract<Node, { readonly _tag: T }>

/** What every node may carry: the step's name in paths, and a remark for readers. */
interface Step {
  readonly id?: string
  readonly note?: string
}

/** Gives a value without asking anybody: a constant, a function, an expression or a name. */
export interface Pure extends Step {
  readonly _tag: "Pure"
  readonly code: Code
}

/** What a step changes about a model agent, for this step alone. */
export interface Override {
  readonly prompt?: Code
  readonly systemPrompt?: Code
  readonly model?: string
  readonly temperature?: number
  readonly maxTokens?: number
}

/** Asks an agent, whose input and output are checked against its schemas. */
export interface Agent extends Step {
  readonly _tag: "Agent"
  readonly ref: AnyAgentRef
  readonly override?: Override
}

/** Fails with the fault `Failed`, whatever arrives. */
export interface Fail extends Step {
  readonly _tag: "Fail"
  readonly code: string
  readonly message: string
  readonly data?: unknown
  readonly retry?: boolean
}

/**
 * Steps one after the other. The parts form a rope: a part may be a sequence itself, flattened by `spine.ts` wherever
 * the steps are read, so that building stays linear however sequences are nested.
 *
 * `unit`: the parts share one segment of the path (`with` and `initial` in a document).
 */
export interface Seq extends Step {
  readonly _tag: "Seq"
  readonly parts: readonly Node[]
  readonly unit?: true
}

/** Runs `of`, then `body` on the same result with `name` bound to it. */
export interface Let extends Step {
  readonly _tag: "Let"
  readonly name: string
  readonly of: Node
  readonly body: Node
}

/**
 * Runs `of`, then the flow that `using` makes of its output, on the input that `of` had. With `among`, the choices are
 * known: the flow must be one of them. `marks` are the first eight digits of their hashes, which paths tell them by.
 */
export interface FlatMap extends Step {
  readonly _tag: "FlatMap"
  readonly of: Node
  readonly using: Fn
  readonly among?: readonly Node[]
  readonly marks?: readonly string[]
}

/** Members of a parallel node: in order, with keys where they were written as a record. */
interface Members extends Step {
  readonly of: readonly Node[]
  readonly keys?: readonly string[]
}

/** Runs every member on the same input, at the same time, and gives all outputs or the first fault. */
export interface All extends Members {
  readonly _tag: "All"
}

/** Runs `body` on every element of a list, and gives the results in order, or with `atLeast` those of a quorum. */
export interface Traverse extends Step {
  readonly _tag: "Traverse"
  readonly body: Node
  /** The most elements under way at one time; without it, all of them. */
  readonly concurrency?: number
  /** How many must succeed; then every element is awaited, and the result is that of a quorum. */
  readonly atLeast?: Count
}

/** Runs every member on the same input, at the same time, and needs `n` of them to succeed. */
export interface AtLeast extends Members {
  readonly _tag: "AtLeast"
  readonly n: Count
  readonly settle: "all" | "quorum"
  /** Milliseconds to wait for more after the n-th success. */
  readonly grace?: number
  /** Indexes of members that must be among the successes. */
  readonly required?: readonly number[]
  readonly hedge?: { readonly after: number; readonly max: number }
}

/** Runs every member on the same input; the first success, or with `settled` the first end, wins. */
export interface Race extends Step {
  readonly _tag: "Race"
  readonly of: readonly Node[]
  readonly wins: "success" | "settled"
}

/**
 * Chooses one arm by a tag. `on` reads it from the value, which the arm then gets; with `by`, a classifier flow answers
 * it and the arm gets the step's own input.
 */
export interface Branch extends Step {
  readonly _tag: "Branch"
  readonly on: { readonly key: string } | { readonly code: Fn | Expr } | { readonly by: Node }
  readonly tags: readonly string[]
  readonly arms: readonly Node[]
  readonly otherwise?: Node
}

/** Runs `of`, and `handler` in its stead where it ends with a fault that is recovered from. */
export interface Recover extends Step {
  readonly _tag: "Recover"
  readonly of: Node
  readonly handler: Node
  /** What the handler gets: the fault, or what arrived at the step. */
  readonly gets: "fault" | "input"
  /** The faults it recovers from; without it, every fault but `Defect`. */
  readonly on?: readonly FaultTag[]
}

/** Runs `body` until it answers `Done`, at most `max` times; then it fails or gives the last draft. */
export interface Loop extends Step {
  readonly _tag: "Loop"
  readonly body: Node
  readonly max: Count
  readonly exhausted: "fail" | "last"
}

/** Runs `of` under a deadline, which aborts it with the fault `TimedOut`. */
export interface Within extends Step {
  readonly _tag: "Within"
  readonly of: Node
  /** The deadline, in milliseconds from the start of the step. */
  readonly ms: number
}

/** How a failed step is tried again. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly times: Count
  readonly backoff: "constant" | "exponential"
  /** Milliseconds before the first repeat. */
  readonly base: number
  /** The longest wait, in milliseconds; a fault that asks for a longer one is not tried again. */
  readonly max: number
  /** Whether each wait is a random part of itself, from a half to the whole. */
  readonly jitter: boolean
  /** The faults to try again, whatever their verdict; without it, the verdict decides. */
  readonly on?: readonly FaultTag[]
}

/** Runs `of` again, whole, on a fault that another try may mend. */
export interface Retry extends Step, RetryPolicy {
  readonly _tag: "Retry"
  readonly of: Node
}

/** What all asks of a part of a flow share. */
export interface Limits {
  /** Asks at one time; those beyond wait in order. */
  readonly concurrency?: number
  /** Asks in all. */
  readonly calls?: number
  /** Tokens of models, in and out together. */
  readonly tokens?: number
  /** US dollars. */
  readonly usd?: number
}

/** Runs `of` with limits that all of its asks share, however deep they are. */
export interface Limit extends Step, Limits {
  readonly _tag: "Limit"
  readonly of: Node
}

/** Runs `of` and hands its output to `side` as well; the output passes on as it is. */
export interface Divert extends Step {
  readonly _tag: "Divert"
  readonly of: Node
  readonly side: Node
  /** `tap` waits and fails with its side; the others hold nothing up. */
  readonly how: "tap" | "notify" | "divertTo"
  /** Which outputs `divertTo` hands over; without it, all. */
  readonly when?: Fn | Expr
}

/** Runs `of` and passes its output if it holds, or fails `Rejected` with it. */
export interface Guard extends Step {
  readonly _tag: "Guard"
  readonly of: Node
  /** A predicate, or a flow that answers a boolean. */
  readonly check: { readonly code: Fn | Expr } | { readonly by: Node }
}

/** Members of a graph start when those that they depend on have ended. */
export interface Graph extends Step {
  readonly _tag: "Graph"
  readonly ids: readonly string[]
  readonly of: readonly Node[]
  /** For each member, the indexes of those that it depends on. */
  readonly dependsOn: ReadonlyArray<readonly number[]>
}

/** Runs another flow by its name. `of` is that flow; without it the call is not linked yet. */
export interface Call extends Step {
  readonly _tag: "Call"
  readonly name: string
  readonly of?: Node
}

/** Waits for an answer from outside. */
export interface Suspend extends Step {
  readonly _tag: "Suspend"
  readonly name: string | Expr
  /** What the answer must be. */
  readonly schema: Schema<unknown>
}

/** Waits, and passes its input on. */
export interface Sleep extends Step {
  readonly _tag: "Sleep"
  /** Milliseconds. */
  readonly ms: number
}
