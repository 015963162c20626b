import type { JsonSchema } from "../../data/schema.js"
import { isNever, never, record } from "../../data/schema-build.js"
import type { Graph } from "../node.js"
import { because, togetherType } from "./check-shapes.js"
import type { Wire } from "./check-typing.js"

/** What a member gets: the input, or where it depends on others `{ input, results }` with what they gave. */
export function memberInput({ ids, dependsOn }: Graph, i: number, input: Wire, outputs: readonly Wire[]): Wire {
  const deps = dependsOn[i] ?? []
  if (deps.length === 0) return input
  const results = deps.map((dep): readonly [string, JsonSchema] => [ids[dep] ?? "", outputs[dep]?.type ?? true])
  if (results.some(([, type]) => isNever(type))) return { type: never }
  return {
    type: record({ input: input.type, results: record(Object.fromEntries(results)) }),
    because: because([...deps.flatMap((dep) => outputs[dep] ?? []), input]),
  }
}

/** What a graph gives: the output of its only sink, else a record of the sinks. */
export function graphType({ ids, dependsOn }: Graph, outputs: readonly Wire[]): Wire {
  if (outputs.some(({ type }) => isNever(type))) return { type: never }
  const needed = new Set(dependsOn.flat())
  const sinks = [...ids.keys()].filter((i) => !needed.has(i))
  const wires = sinks.flatMap((i) => outputs[i] ?? [])
  const [only, ...more] = wires
  if (only !== undefined && more.length === 0) return only
  return togetherType(
    wires,
    sinks.map((i) => ids[i] ?? ""),
  )
}
