import type { Issue } from "./schema.js"

/** May a failed part be tried again: never, at once, or after so many milliseconds. */
export type Verdict = "no" | "yes" | { readonly after: number }

/** What every fault says: its kind, where in the flow, in words, what lay behind it, and whether a retry may help. */
export interface FaultOf<T extends string> {
  readonly _tag: T
  /** Where in the flow, in the path grammar of `docs/paths-and-faults.md`; the root is `""`. */
  readonly path: string
  readonly message: string
  readonly cause?: unknown
  readonly retry: Verdict
}

export interface TimedOut extends FaultOf<"TimedOut"> {
  /** The deadline, in milliseconds. */
  readonly after: number
}
export interface InvalidInput extends FaultOf<"InvalidInput"> {
  readonly value: unknown
  readonly issues: readonly Issue[]
}
export interface InvalidOutput extends FaultOf<"InvalidOutput"> {
  readonly value: unknown
  readonly issues: readonly Issue[]
}
export interface Unavailable extends FaultOf<"Unavailable"> {}
export interface RateLimited extends FaultOf<"RateLimited"> {}
export interface AgentFailed extends FaultOf<"AgentFailed"> {
  readonly agent: string
}
export interface ModelFailed extends FaultOf<"ModelFailed"> {
  readonly provider: string
  readonly model: string
}
export interface ToolFailed extends FaultOf<"ToolFailed"> {
  readonly tool: string
}
export interface FunctionFailed extends FaultOf<"FunctionFailed"> {
  readonly name: string
}
export interface AllFailed extends FaultOf<"AllFailed"> {
  /** One fault per branch, by index. */
  readonly faults: readonly Fault[]
}
export interface QuorumNotMet extends FaultOf<"QuorumNotMet"> {
  readonly needed: number
  readonly succeeded: number
  readonly faults: readonly Fault[]
}
export interface Failed extends FaultOf<"Failed"> {
  readonly code: string
  readonly data?: unknown
}
export interface LoopExceeded extends FaultOf<"LoopExceeded"> {
  readonly last: unknown
  readonly turns: number
}
export interface Rejected extends FaultOf<"Rejected"> {
  readonly value: unknown
}
export interface NoMatch extends FaultOf<"NoMatch"> {
  readonly tag: unknown
  readonly known: readonly string[]
}
export interface ExpressionFailed extends FaultOf<"ExpressionFailed"> {
  readonly source: string
}
export interface BudgetExceeded extends FaultOf<"BudgetExceeded"> {}
export interface NonDeterministic extends FaultOf<"NonDeterministic"> {}
export interface Defect extends FaultOf<"Defect"> {}

/** Every way in which a flow fails. A caller matches on `_tag`, never on a message. */
export type Fault =
  | TimedOut
  | InvalidInput
  | InvalidOutput
  | Unavailable
  | RateLimited
  | AgentFailed
  | ModelFailed
  | ToolFailed
  | FunctionFailed
  | AllFailed
  | QuorumNotMet
  | Failed
  | LoopExceeded
  | Rejected
  | NoMatch
  | ExpressionFailed
  | BudgetExceeded
  | NonDeterministic
  | Defect

export type FaultTag = Fault["_tag"]

/** The tags, in the order of the table in `docs/paths-and-faults.md`. */
export const faultTags: readonly FaultTag[] = [
  "TimedOut",
  "InvalidInput",
  "InvalidOutput",
  "Unavailable",
  "RateLimited",
  "AgentFailed",
  "ModelFailed",
  "ToolFailed",
  "FunctionFailed",
  "AllFailed",
  "QuorumNotMet",
  "Failed",
  "LoopExceeded",
  "Rejected",
  "NoMatch",
  "ExpressionFailed",
  "BudgetExceeded",
  "NonDeterministic",
  "Defect",
]

/** The end of an aborted run. Not a fault: nothing recovers from it. */
export interface Aborted {
  readonly _tag: "Aborted"
  readonly reason: unknown
}

/** How a run ends when it gives no value: with a fault, or aborted. */
export type Failure = Fault | Aborted

/**
 * What `run` rejects with when the flow fails: `error.fault` says what, where, why and whether to retry.
 *
 * @example
 * ```ts
 * import { AgentSystem, FlowError, fail } from "troupe"
 * await using system = new AgentSystem()
 * const shut = fail({ code: "closed", message: "it is night" })
 * const error: unknown = await system.run(shut, undefined).catch((thrown) => thrown)
 * error instanceof FlowError && error.fault._tag // "Failed"
 * ```
 */
export class FlowError extends Error {
  override readonly name = "FlowError"
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.path === "" ? fault.message : `${fault.path}: ${fault.message}`, { cause: fault.cause })
    this.fault = fault
  }
}

/** What `run` rejects with when the run is aborted. */
export class AbortedError extends Error {
  override readonly name = "AbortedError"
  readonly reason: unknown
  constructor(reason: unknown) {
    super(`aborted: ${messageOf(reason)}`)
    this.reason = reason
  }
}

/** A fault that does not know yet where in the flow it happened: what a model or an agent throws. */
export type Placeless<F extends Fault = Fault> = F extends Fault ? Omit<F, "path"> : never

/** Thrown by an agent or a model that knows which fault it means; the flow adds the path. */
export class FaultError extends Error {
  override readonly name = "FaultError"
  readonly fault: Placeless
  constructor(fault: Placeless) {
    super(fault.message, { cause: fault.cause })
    this.fault = fault
  }
}

const verdicts = new WeakMap<object, Verdict>()

/**
 * Marks an error that an agent throws as worth another try.
 *
 * @param error what to throw; it stays the `cause` of the fault.
 * @param options `after`: wait so many milliseconds first.
 *
 * @example
 * ```ts
 * import { AgentSystem, agent, defineAgent, retryable } from "troupe"
 * const search = defineAgent({ name: "search" }, (_query: string) => {
 *   throw retryable(new Error("the index is rebuilding"), { after: 500 })
 * })
 * await using system = new AgentSystem()
 * await system.run(agent(search).recover((fault) => fault.retry), "bees") // { after: 500 }
 * ```
 */
export function retryable<E extends object>(error: E, options: { readonly after?: number } = {}): E {
  if (!isObject(error))
    throw new TypeError(`retryable takes an error: write retryable(new Error(${JSON.stringify(error)}))`)
  verdicts.set(error, options.after === undefined ? "yes" : { after: options.after })
  return error
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** What `retryable` said of a thrown value; `"no"` where it said nothing. */
export function verdictOf(error: unknown): Verdict {
  return isObject(error) ? (verdicts.get(error) ?? "no") : "no"
}

/** A plain object says what its `message` says; its other values may be secrets, but not their names. */
function described(thrown: object): string {
  if ("message" in thrown && typeof thrown.message === "string" && thrown.message !== "") return thrown.message
  const keys = Object.keys(thrown)
  return keys.length === 0 ? "an object without fields" : `an object with ${keys.slice(0, 8).join(", ")}`
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  try {
    const said: unknown = thrown instanceof Error ? thrown.message || thrown.name : thrown
    const text = String(said)
    const plain = text === "[object Object]" && typeof thrown === "object" && thrown !== null
    return plain ? described(thrown) : text
  } catch {
    return "something that has no text" // an object without a prototype, a revoked proxy
  }
}
