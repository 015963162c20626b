import type { Schema } from "./schema.js"

declare const wire: unique symbol

/** A phantom pair of wires: what goes in and what comes out. No value has it; only the compiler sees it. */
export interface Typed<in I, out O> {
  readonly [wire]?: (input: I) => O
}

/** The input of anything typed. */
export type InOf<F> = F extends Typed<infer I, infer _O> ? I : never
/** The output of anything typed. */
export type OutOf<F> = F extends Typed<infer _I, infer O> ? O : never

/**
 * Upper bounds that an agent declares and the runtime enforces, per ask. `cost` multiplies them; what is missing is
 * reported as unbounded.
 */
export interface Caps {
  /** Model calls per ask, repairs and retries included. 0: the agent calls no model. */
  readonly requests?: number
  /** Tokens per ask, in and out together. */
  readonly tokens?: number
  /** US dollars per ask. */
  readonly usd?: number
  /** Milliseconds per ask. */
  readonly latency?: number
}

/** An agent as a flow sees it: a name, what it takes and gives, and its caps. How it runs is the runtime's business. */
export interface AgentRef<in I, out O> extends Typed<I, O> {
  readonly _tag: "AgentRef"
  readonly name: string
  readonly input?: Schema<unknown>
  readonly output?: Schema<unknown>
  readonly caps?: Caps
  /** Milliseconds for one ask: the fault `TimedOut` at the deadline. */
  readonly timeout?: number
}

/** Any agent, whatever its wires. */
export type AnyAgentRef = AgentRef<never, unknown>
