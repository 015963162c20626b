import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { isLeft } from "../../../data/either.js"
import { fillSchema } from "../../../data/fill-schema.js"
import type { JsonSchema } from "../../../data/schema.js"
import type { Sentences } from "../../../data/sentences.js"
import { parse, problems } from "../run/checked.js"

/** A value that fits a schema, or why there is none. */
export type StandIn = { readonly value: unknown } | { readonly problem: string }

const text = "simulated"
const sentences: Sentences = { all: [text], rank: () => [0] }

/** A value that stands for any that a JSON Schema accepts, by the rules that `simulate` states. */
export const standIn = (schema: JsonSchema): StandIn => fillSchema(schema, { query: "", input: "", sentences })

/** What an agent answers of which nothing is known but its output's schema; undefined where it has none. */
export function standInFor({ output }: AnyAgentRef): StandIn | undefined {
  if (output === undefined) return undefined
  if (output.json === undefined) return { problem: "its output schema is no JSON Schema" }
  const filled = standIn(output.json)
  if ("problem" in filled) return filled
  const parsed = parse(output, filled.value)
  return isLeft(parsed) ? { problem: problems(parsed.left) } : filled
}
