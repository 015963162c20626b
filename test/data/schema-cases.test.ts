import * as fc from "fast-check"
import { isRight } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import type { Json, JsonObject } from "../../src/data/json.js"
import { jsonSchema, type JsonSchema } from "../../src/data/schema.js"
import { record, tuple, union } from "../../src/data/schema-build.js"
import { subtype } from "../../src/data/schema-subtype.js"

const accepts = (type: JsonSchema, value: unknown): boolean => isRight(jsonSchema(type).parse(value))
const only = (...values: readonly Json[]): JsonObject =>
  values.length === 1 ? { const: values[0] ?? null } : { enum: values }

describe("what is one of several things in a place", () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ["a tag", record({ k: only("a", "b") }), union([record({ k: only("a") }), record({ k: only("b") })])],
    [
      "a tag beside something else",
      record({ k: only("a", "b"), text: { type: "string" } }),
      {
        oneOf: [record({ k: only("a"), text: { type: "string" } }), record({ k: only("b"), text: { type: "string" } })],
      },
    ],
    [
      "a boolean",
      record({ ok: { type: "boolean" } }),
      union([record({ ok: only(true) }), record({ ok: only(false) })]),
    ],
    ["a place of a tuple", tuple([only(1, 2)]), union([tuple([only(1)]), tuple([only(2)])])],
    [
      "a field of a field",
      record({ o: record({ k: only("a", "b") }) }),
      union([record({ o: record({ k: only("a") }) }), record({ o: record({ k: only("b") }) })]),
    ],
    [
      "a field that may not be there",
      { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
      union([record({ a: { type: "string" } }), record({})]),
    ],
  ])("fits the union of the cases: %s", (_, got, expected) => {
    expect(subtype(got, expected)).toEqual({ fits: "yes" })
  })

  it("does not fit where one of the cases does not, and is told of that one", () => {
    const wanted = union([record({ k: only("a") }), record({ k: only("b"), n: { type: "number" } })])
    expect(subtype(record({ k: only("a", "b") }), wanted)).toMatchObject({ fits: "no", at: "n", expected: "number" })
    expect(
      subtype(record({ k: only("a", "c") }), union([record({ k: only("a") }), record({ k: only("b") })])),
    ).toMatchObject({
      fits: "no",
    })
  })

  it("is not decided where there are too many cases", () => {
    const wide = only(...Array.from({ length: 20 }, (_, i) => i))
    const got = record({ a: wide, b: wide })
    const halves = [
      only(...Array.from({ length: 10 }, (_, i) => i)),
      only(...Array.from({ length: 10 }, (_, i) => i + 10)),
    ]
    const expected = union(halves.flatMap((a) => halves.map((b) => record({ a, b }))))
    expect(subtype(got, expected).fits).toBe("unknown")
  })

  const bit = fc
    .subarray<Json>([0, 1, true, false, "x"], { minLength: 1, maxLength: 3 })
    .map((values) => only(...values))
  const place = fc.oneof(
    { weight: 3, arbitrary: bit },
    { weight: 1, arbitrary: fc.constant<JsonObject>({ type: "boolean" }) },
  )
  const object = fc.record({ a: place, b: fc.option(place, { nil: undefined }), must: fc.subarray(["a", "b"]) }).map(
    ({ a, b, must }): JsonObject => ({
      type: "object",
      properties: b === undefined ? { a } : { a, b },
      required: must.filter((name) => name === "a" || b !== undefined),
      additionalProperties: false,
    }),
  )
  const bits: readonly Json[] = [0, 1, true, false, "x"]
  const values = [undefined, ...bits].flatMap((a) =>
    [undefined, ...bits].map((b) => ({ ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) })),
  )

  it("fits just where each of its values does", () =>
    fc.assert(
      fc.property(object, fc.array(object, { minLength: 1, maxLength: 4 }), (got, wanted) => {
        const expected = { anyOf: wanted }
        const all = values.filter((value) => accepts(got, value)).every((value) => accepts(expected, value))
        expect(subtype(got, expected).fits).toBe(all ? "yes" : "no")
      }),
    ))
})
