import type { AgentRef, AnyAgentRef, Caps } from "../../../src/data/agent-ref.js"
import { jsonSchema, type JsonSchema } from "../../../src/data/schema.js"
import { flow } from "../../../src/flow/build.js"
import * as F from "../../../src/flow/index.js"
import type { Node } from "../../../src/flow/node.js"

/** An agent for a flow that is only looked at. */
export function ref(
  name: string,
  { input, output, caps }: { input?: JsonSchema; output?: JsonSchema; caps?: Caps } = {},
): AgentRef<unknown, unknown> {
  return {
    _tag: "AgentRef",
    name,
    ...(input === undefined ? {} : { input: jsonSchema(input) }),
    ...(output === undefined ? {} : { output: jsonSchema(output) }),
    ...(caps === undefined ? {} : { caps }),
  }
}

export type Any = F.Flow<unknown, unknown>

export const ask = (name: string, more?: Parameters<typeof ref>[1]): Any => F.agent(ref(name, more))

export const of = (node: Node): Any => flow(node)

export const asking = (agent: AnyAgentRef): Any => of({ _tag: "Agent", ref: agent })

/** `wrap` around `first`, so many times. */
export function nested(depth: number, first: Any, wrap: (inner: Any, level: number) => Any): Any {
  let out = first
  for (let level = 0; level < depth; level++) out = wrap(out, level)
  return out
}

/** 100,000 steps, nested to the left. */
export const longSequence = (step: (i: number) => Any): Any =>
  nested(99_999, step(0), (before, i) => before.andThen(step(i + 1)))

/** The same steps: flat, nested to the left, nested to the right. */
export function sequences(length: number, step: (i: number) => Any): Record<string, Any> {
  const steps = Array.from({ length }, (_, i) => step(i))
  return {
    flat: of({ _tag: "Seq", parts: steps.map((one) => one.node) }),
    left: steps.reduce((before, next) => before.andThen(next)),
    right: steps.reduceRight((after, before) => before.andThen(after)),
  }
}
