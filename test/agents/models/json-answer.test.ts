import { isRight } from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  anthropicSchema,
  closedSchema,
  objectSchema,
  openaiStrict,
  readJson,
} from "../../../src/agents/models/json-answer.js"
import type { JsonObject } from "../../../src/data/json.js"
import { jsonSchema } from "../../../src/data/schema.js"
import { times } from "../../setup/times.js"

const schemas = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<JsonObject>(
      { type: "string" },
      { type: "integer", minimum: 1 },
      { enum: ["a", 1] },
      { $ref: "#/$defs/d" },
      {},
      { type: "string", minLength: 1 },
      { type: "object", additionalProperties: { type: "string" } },
    ),
    tie("schema").map((items) => ({ type: "array", items })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    fc
      .tuple(
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("schema"), { noNullPrototype: true }),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([properties, all, closed]) => ({
        type: "object",
        properties,
        ...(all ? { required: Object.keys(properties) } : {}),
        ...(closed ? { additionalProperties: false } : {}),
      })),
  ),
}))
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>("a", "", 1, 0, null, true),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "x"), tie("value"), { noNullPrototype: true }),
  ),
}))
const accepts = (schema: JsonObject, value: unknown): boolean => isRight(jsonSchema(schema).parse(value))

describe("closedSchema", () => {
  it("gives a schema whose every answer fits the original", () =>
    fc.assert(
      fc.property(
        schemas.schema,
        values.value,
        fc.constantFrom(openaiStrict, anthropicSchema),
        (part, value, grammar) => {
          const schema = { ...part, $defs: { d: { type: "integer" } } }
          const closed = closedSchema(schema, grammar)
          if (closed !== undefined && accepts(closed, value)) expect(accepts(schema, value)).toBe(true)
        },
      ),
      times(500),
    ))

  it.each([
    ["an open record", { type: "object", additionalProperties: { type: "string" } }],
    [
      "an object that wants to be open",
      { type: "object", properties: { a: { type: "null" } }, additionalProperties: true },
    ],
    ["an untyped part", { type: "object", required: ["a"], properties: { a: {} } }],
    ["a recursion", { $ref: "#/$defs/n", $defs: { n: { type: "array", items: { $ref: "#/$defs/n" } } } }],
    ["a reference to the root", { type: "array", items: { $ref: "#" } }],
    ["a word that it does not know", { type: "string", not: { const: "x" } }],
  ])("gives up on %s", (_, schema) => {
    expect(closedSchema(schema, openaiStrict)).toBeUndefined()
    expect(closedSchema(schema, anthropicSchema)).toBeUndefined()
  })

  it("wants every property required where the grammar does", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } }
    expect(closedSchema(schema, openaiStrict)).toBeUndefined()
    expect(closedSchema(schema, anthropicSchema)).toEqual({ ...schema, additionalProperties: false })
  })
})

describe("objectSchema", () => {
  it("wraps what is no object so that the wrapped value fits exactly when the value does", () =>
    fc.assert(
      fc.property(schemas.schema, values.value, (part, value) => {
        const schema = { ...part, $defs: { d: { type: "integer" } } }
        const rooted = objectSchema(schema)
        if (rooted === undefined) throw new Error("every reference is to $defs")
        expect(accepts(rooted.schema, rooted.wrapped ? { value } : value)).toBe(accepts(schema, value))
      }),
    ))

  it("leaves a schema alone whose references would break", () => {
    expect(objectSchema({ type: "array", items: { $ref: "#" } })).toBeUndefined()
    expect(objectSchema(true)).toBeUndefined()
  })
})

describe("readJson", () => {
  it("reads any JSON, fenced or bare, wrapped or not", () =>
    fc.assert(
      fc.property(fc.json(), fc.boolean(), fc.boolean(), (json, fenced, wrapped) => {
        const inner = wrapped ? `{"value":${json}}` : json
        const text = fenced ? `\n\`\`\`json\n${inner}\n\`\`\`\n` : inner
        expect(readJson(text, { wrapped, cut: false })).toEqual(JSON.parse(json))
      }),
    ))

  it.each(["", "no", "{", "{} {}"])("refuses %j", (text) => {
    expect(() => readJson(text, { wrapped: false, cut: false })).toThrow("not JSON")
  })
})
