import type { Json } from "../../data/json.js"
import { type JsonSchema, jsonSchema } from "../../data/schema.js"
import * as make from "../../flow/make.js"
import { textWithHoles } from "./code.js"
import { type Field, record, required } from "./field.js"
import { form, type NodeForm } from "./form.js"
import { duration, text } from "./scalars.js"
import { schemaField } from "./schemas.js"

// The node keys that reach out of the flow: to another flow, to a person, to the clock.

const forms = {
  flow: text,
  suspend: record("suspend", {
    name: required(textWithHoles, "what the answer is given by"),
    schema: required(schemaField, "what the answer must be"),
  }),
  sleep: duration,
}

/** What the encoder writes the bodies of these nodes from. */
export interface OutsideBodies {
  readonly flow: Field<unknown, string>
  readonly suspend: Field<unknown, { name: Json; schema: JsonSchema }>
  readonly sleep: Field<unknown, number>
}

export const outsideBodies: OutsideBodies = forms

/** The node keys, in the order of the reference. */
export const outsideForms: Readonly<Record<string, NodeForm>> = {
  flow: form("runs a named flow", forms.flow, "reading", (name, tree, cx) => cx.make(tree, () => make.call(name))),
  suspend: form(
    "waits for an answer from outside",
    forms.suspend,
    { name: "approval", schema: { type: "boolean" } },
    ({ name, schema }, tree, cx) => cx.make(tree, () => make.suspend(name, jsonSchema(schema))),
  ),
  sleep: form("waits, and passes its input on", forms.sleep, "5s", (ms, tree, cx) =>
    cx.make(tree, () => make.sleep(ms)),
  ),
}
