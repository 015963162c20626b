import { isNever, never, record } from "../../data/schema-build.js"
import type { Graph } from "../node.js"
import { because, togetherType } from "./check-shapes.js"
import type { Wire } from "./check-typing.js"

const at = <T>(list: readonly T[], places: readonly number[]): readonly T[] => places.flatMap((i) => list[i] ?? [])

/** What a member gets: the input, or where it depends on others `{ input, results }` with what they gave. */
export function memberInput({ ids, dependsOn }: Graph, i: number, input: Wire, outputs: readonly Wire[]): Wire {
  const deps = dependsOn[i] ?? []
  if (deps.length === 0) return input
  const wires = at(outputs, deps)
  if (wires.some(({ type }) => isNever(type))) return { type: never }
  return {
    type: record({ input: input.type, results: togetherType(wires, at(ids, deps)).type }),
    because: because([...wires, input]),
  }
}

/** What a graph gives: the output of its only sink, else a record of the sinks. */
export function graphType({ ids, dependsOn }: Graph, outputs: readonly Wire[]): Wire {
  if (outputs.some(({ type }) => isNever(type))) return { type: never }
  const needed = new Set(dependsOn.flat())
  const sinks = [...ids.keys()].filter((i) => !needed.has(i))
  const wires = at(outputs, sinks)
  const [only, ...more] = wires
  return only !== undefined && more.length === 0 ? only : togetherType(wires, at(ids, sinks))
}
