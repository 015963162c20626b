import type { ZodType } from "zod"
import type { Schema } from "./schema.js"

declare const wire: unique symbol

/** A phantom pair of wires: what goes in and what comes out. No value has it; only the compiler sees it. */
export interface Typed<in I, out O> {
  readonly [wire]?: (input: I) => O
}

/** The base of classes whose instances are typed. It adds nothing to them. */
// oxlint-disable-next-line typescript/no-extraneous-class -- what it adds is seen by the compiler alone
export const Wired: abstract new <I, O>() => Typed<I, O> = class {}

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

/** A class of agents: each ask makes an instance. Its `spec` says its name and its schemas. */
export interface AgentClass<I, O> {
  new (): Typed<I, O>
  readonly spec: { readonly name: string; readonly input?: ZodType<I>; readonly output?: ZodType<O> }
  /** The same as a reference, which knows no types. */
  readonly ref: AnyAgentRef
}

const isRef = (given: unknown): given is AnyAgentRef =>
  typeof given === "object" && given !== null && "_tag" in given && given._tag === "AgentRef"

/** The agent that is meant by a reference or a class; undefined where it is neither. */
export function agentIn(given: unknown): AnyAgentRef | undefined {
  if (isRef(given)) return given
  const held: unknown = typeof given === "function" && "ref" in given ? given.ref : undefined
  return isRef(held) ? held : undefined
}
