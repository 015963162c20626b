import type { JsonObject } from "../../data/json.js"
import type { Registry } from "../registry.js"
import { decorators, stepFields } from "./decorators.js"
import { definitions, ofKind } from "./definitions.js"
import { documentProperties } from "./document.js"
import { propertiesOf, propertySchema } from "./field.js"
import { nodeForms } from "./nodes.js"

/**
 * The JSON Schema of the format, derived from the forms that documents are read with: for completion in editors.
 *
 * @param names whose step keys documents may use as well
 */
export function formatSchema(names: Partial<Pick<Registry, "sugar">> = {}): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A Troupe flow document",
    type: "object",
    properties: documentProperties(),
    required: ["troupe"],
    anyOf: [{ required: ["flow"] }, { required: ["agents"] }],
    additionalProperties: false,
    $defs: { step: stepSchema(names.sugar ?? new Map()), ...definitions },
  }
}

/** What a key of a step is: its part in the meaning of the step, for the reference. */
const marked = (part: string, properties: Readonly<Record<string, JsonObject>>): [string, JsonObject][] =>
  Object.entries(properties).map(([key, schema]) => [key, { ...schema, $comment: part }])

/** The keys in the order in which a step is printed: decorators stand behind the node, from the innermost out. */
function stepSchema(sugar: Registry["sugar"]): JsonObject {
  const nodes = Object.entries(nodeForms).map(
    ([key, { about, body, example }]) => [key, propertySchema(about, body.schema, { example })] as const,
  )
  const beside = Object.entries(nodeForms).flatMap(([key, form]) => marked(`beside ${key}`, propertiesOf(form.beside)))
  const around = decorators.map(
    ({ key, about, schema, example }) => [key, propertySchema(about, schema, { example })] as const,
  )
  const example = [{ agent: "writer" }, { agent: "critic" }]
  const steps = propertySchema("steps one after the other", { type: "array", items: ofKind("step") }, { example })
  const { id, note, with: input, as } = stepFields
  const others = [...sugar.values()].map(({ key, about, schema = {} }) => [key, propertySchema(about, schema)] as const)
  return {
    description: "at most one node key, and any of the decorators",
    type: "object",
    properties: Object.fromEntries([
      ...marked("step", propertiesOf({ id, note })),
      ...marked("node", { ...Object.fromEntries(nodes), steps, ...Object.fromEntries(others) }),
      ...beside,
      ...marked("step", propertiesOf({ with: input })),
      ...marked("decorator", Object.fromEntries(around)),
      ...marked("step", propertiesOf({ as })),
    ]),
    minProperties: 1,
    additionalProperties: false,
  }
}
