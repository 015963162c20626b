import { type FaultTag, faultTags } from "../../data/fault.js"
import type { JsonSchema } from "../../data/schema.js"
import { arrayOf, record, same, tuple, union } from "../../data/schema-build.js"
import type { Count } from "../code.js"
import type { Wire } from "./check-typing.js"

// The types of what the runtime itself makes: tuples, quorum results, faults, the answers of a loop's body.

/** A fault; fields of its own kind are not listed, so that nothing is known of them. */
export const faultType = (tags: readonly FaultTag[] = faultTags): JsonSchema => ({
  type: "object",
  properties: { _tag: { type: "string", enum: tags }, path: { type: "string" }, message: { type: "string" } },
  required: ["_tag", "path", "message"],
  additionalProperties: true,
})

/** Several types at once or one of them: what is unknown in any of them is unknown for the same reason. */
export const because = (wires: readonly Wire[]): string | undefined =>
  wires.find((wire) => wire.because !== undefined)?.because

export const oneOf = (wires: readonly Wire[]): Wire => ({
  type: union(wires.map((wire) => wire.type)),
  because: because(wires),
})

/** What branches that all succeed give. */
export function togetherType(wires: readonly Wire[], keys: readonly string[] | undefined): Wire {
  const types = wires.map((wire) => wire.type)
  const type =
    keys === undefined ? tuple(types) : record(Object.fromEntries(keys.map((key, i) => [key, types[i] ?? true])))
  return { type, because: because(wires) }
}

/** What a quorum gives. Members of one type are one case; otherwise the index and the name tell them apart. */
export function quorumType(wires: readonly Wire[], names: readonly string[], n: Count): Wire {
  const types = wires.map((wire) => wire.type)
  const [first = true] = types
  const alike = types.every((type) => same(type, first))
  const position = { index: { type: "integer" }, name: { type: "string", enum: [...new Set(names)] } }
  const succeeded = alike
    ? record({ ...position, value: first })
    : { anyOf: types.map((value, i) => record({ index: { const: i }, name: { const: names[i] ?? "" }, value })) }
  return {
    type: record({
      succeeded: { ...arrayOf(succeeded), minItems: least(n) },
      failed: arrayOf(record({ ...position, fault: faultType() })),
      aborted: arrayOf(record(position)),
    }),
    because: because(wires),
  }
}

/** How many successes a quorum that is met has at least. */
export const least = (n: Count): number => (typeof n === "number" ? n : (n.minimum ?? 1))

/** An answer of a loop's body. */
export const answer = (tag: "Continue" | "Done", value: JsonSchema): JsonSchema =>
  record({ _tag: { const: tag }, value })

/** What the last step of a loop with a condition gives: what goes on and what is done, as far as the condition tells. */
export const untilType = (goesOn: Wire, done: Wire): Wire => ({
  type: { anyOf: [answer("Continue", goesOn.type), answer("Done", done.type)] },
  because: because([goesOn, done]),
})
