import type { JsonObject } from "../../data/json.js"
import { decorators, stepFields } from "./decorators.js"
import { documentProperties } from "./document.js"
import { propertiesOf } from "./field.js"
import { nodeForms } from "./nodes.js"

/** The JSON Schema of the format, derived from the forms that documents are read with: for completion in editors. */
export function formatSchema(): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A Troupe flow document",
    type: "object",
    properties: documentProperties(),
    required: ["troupe"],
    anyOf: [{ required: ["flow"] }, { required: ["agents"] }],
    additionalProperties: false,
    $defs: { step: stepSchema() },
  }
}

function stepSchema(): JsonObject {
  const nodes = Object.entries(nodeForms).map(([key, { about, body }]) => [key, { description: about, ...body.schema }])
  const beside = Object.values(nodeForms).flatMap((form) => Object.entries(propertiesOf(form.beside)))
  const around = decorators.map(({ key, about, schema }) => [key, { description: about, ...schema }])
  const steps = { description: "steps one after the other", type: "array", items: { $ref: "#/$defs/step" } }
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(nodes),
      steps,
      ...Object.fromEntries(beside),
      ...propertiesOf(stepFields),
      ...Object.fromEntries(around),
    },
    minProperties: 1,
    additionalProperties: false,
  }
}
