import type { AnyAgentRef } from "../data/agent-ref.js"
import type { FaultTag } from "../data/fault.js"
import type { Expr } from "./expr.js"

/**
 * The nodes of a flow: plain immutable data, with types forgotten. `Flow<I, O>` is this, seen through typed glasses.
 * A node is one only if some interpreter must treat it differently from its expansion.
 */
export type Node = Pure | Agent | Fail | Seq | Let | All | AtLeast | Race | Branch | Recover | Loop | Within

/** The tags of nodes, one for each kind. */
export type Tag = Node["_tag"]
/** The node with that tag. */
export type NodeOf<T extends Tag> = Extract<Node, { readonly _tag: T }>

/** What every node may carry: the step's name in paths, and a remark for readers. */
interface Step {
  readonly id?: string
  readonly note?: string
}

/** A function in a flow. Without a name it runs, draws and prices, but cannot be written to a document. */
export interface Fn<in I = never, out O = unknown> {
  readonly _tag: "Fn"
  readonly name: string | undefined
  readonly run: (input: I) => O
}

/** A value known when the flow is built. */
export interface Constant {
  readonly _tag: "Constant"
  readonly value: unknown
}

/** The value that an enclosing `Let` bound. */
export interface Name {
  readonly _tag: "Name"
  readonly name: string
}

/** The last step of a loop that was written with `until`: Done(value) where `when` holds, else Continue(value). */
export interface Until {
  readonly _tag: "Until"
  readonly when: Fn | Expr
}

/** What a pure step applies. */
export type Code = Constant | Fn | Expr | Name | Until

/** A parameter of the document in the place of a number; `minimum` and `maximum` are those of its schema. */
export interface Param {
  readonly _tag: "Param"
  readonly name: string
  readonly minimum?: number
  readonly maximum?: number
}

/** A number that is known when the flow is built, or a parameter. */
export type Count = number | Param

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

/** Members of a parallel node: in order, with keys where they were written as a record. */
interface Members extends Step {
  readonly of: readonly Node[]
  readonly keys?: readonly string[]
}

/** Runs every member on the same input, at the same time, and gives all outputs or the first fault. */
export interface All extends Members {
  readonly _tag: "All"
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
