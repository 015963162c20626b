import type { ZodType } from "zod"
import type { AgentRef, Caps } from "../data/agent-ref.js"
import type { AgentContext } from "./agent-context.js"
import { zodSchema } from "../data/schema.js"

/**
 * What an agent may give: the output, a promise of it, or a generator whose chunks are events and whose return value is
 * the output. One that returns nothing is for strings alone: its output is its chunks joined.
 */
export type Executed<O> =
  | O
  | Promise<O>
  | AsyncGenerator<unknown, O>
  | ([O] extends [string] ? AsyncGenerator<string, void> : never)

/** How an agent is declared: its name, its schemas (the source of its types), its caps. */
export interface AgentSpec<I, O> {
  readonly name: string
  readonly description?: string
  readonly input?: ZodType<I>
  readonly output?: ZodType<O>
  readonly caps?: Caps
}

/** An agent that is a function in this process. */
export interface FunctionAgent<in I, out O> extends AgentRef<I, O> {
  readonly kind: "function"
  readonly description?: string
  execute(input: unknown, context: AgentContext): unknown
}

const wellNamed = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/**
 * Declares an agent: a name, what it takes and gives, and the function that it is.
 *
 * A throw is the fault `AgentFailed`, with what was thrown as its `cause`; `retryable(error)` marks one worth another try.
 *
 * @example
 * ```ts
 * import { AgentSystem, agent, defineAgent } from "troupe"
 * import { z } from "zod"
 * const shout = defineAgent({ name: "shout", input: z.string(), output: z.string() }, (text) => text.toUpperCase())
 * await using system = new AgentSystem()
 * await system.run(agent(shout), "hello") // "HELLO"
 * ```
 */
export function defineAgent<I, O>(
  spec: AgentSpec<I, O>,
  execute: (input: I, context: AgentContext) => Executed<O>,
): FunctionAgent<I, O> {
  const { name, description, input, output, caps } = spec
  if (!wellNamed.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} is no name of an agent: expected 1 to 128 letters, digits or _ . -`)
  }
  return {
    _tag: "AgentRef",
    kind: "function",
    name,
    ...(description === undefined ? {} : { description }),
    ...(input === undefined ? {} : { input: zodSchema(input, "input") }),
    ...(output === undefined ? {} : { output: zodSchema(output, "output") }),
    ...(caps === undefined ? {} : { caps }),
    execute: (value, context) => execute(value as I, context),
  }
}

/** Whether a reference carries its function with it. */
export const isFunctionAgent = (ref: AgentRef<never, unknown>): ref is FunctionAgent<never, unknown> =>
  "kind" in ref && ref.kind === "function"
