import { faultTags } from "../../data/fault.js"
import type { JsonObject } from "../../data/json.js"

// The kinds of value that the grammar names: what the JSON Schema of the format defines once, and refers to.

type Kind = "duration" | "fault" | "function" | "expression" | "template" | "parameter" | "schema"

/** The named kinds of value, as definitions of a JSON Schema. */
export const definitions: Readonly<Record<Kind, JsonObject>> = {
  duration: {
    description: "a number with `ms`, `s`, `m`, `h` or `d`",
    type: "string",
    pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$`,
    examples: ["250ms", "1.5s"],
  },
  fault: {
    description: "the name of a fault: what is wrong, for programs",
    enum: faultTags,
    examples: ["TimedOut"],
  },
  function: {
    description: "a function that the host registered, by its name",
    type: "object",
    properties: { fn: { type: "string" } },
    required: ["fn"],
    additionalProperties: false,
    examples: [{ fn: "compose" }],
  },
  expression: {
    description: "an expression in [CEL](https://cel.dev)",
    type: ["string", "boolean"],
    examples: ["size(value) > 0"],
  },
  template: {
    description: "any value, whose texts may hold `${…}`; a `${…}` alone keeps its type",
    examples: [{ question: "${input}", notes: "so far: ${value.notes}" }],
  },
  parameter: {
    description: "one parameter, a whole number whose schema has a `minimum` and a `maximum`",
    type: "string",
    pattern: String.raw`^\$\{params\.[A-Za-z_]\w*\}$`,
    examples: ["${params.tries}"],
  },
  schema: {
    description: "a JSON Schema (2020-12); `true` is the one that everything fits",
    type: ["object", "boolean"],
    examples: [{ type: "array", items: { type: "string" } }],
  },
}

/** The schema of a field whose values are of a named kind. */
export const ofKind = (name: Kind | "step"): JsonObject => ({ $ref: `#/$defs/${name}` })
