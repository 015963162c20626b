import * as fc from "fast-check"
import { isRight } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { jsonSchema, type JsonSchema } from "../../src/data/schema.js"
import { subtype } from "../../src/data/schema-subtype.js"
import { times } from "../setup/times.js"

const accepts = (type: JsonSchema, value: unknown): boolean => isRight(jsonSchema(type).parse(value))

describe("what narrows a type", () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ["a constant within bounds", { const: 3 }, { type: "number", minimum: 2, exclusiveMaximum: 4, multipleOf: 3 }],
    ["values within bounds", { enum: [1, 2] }, { type: "integer", exclusiveMinimum: 0 }],
    ["texts that are long enough", { enum: ["short", "long"] }, { type: "string", minLength: 1, maxLength: 5 }],
    ["an emoji of one character", { const: "\u{1F41D}" }, { type: "string", maxLength: 1 }],
    ["from 1, above 0", { type: "integer", minimum: 1 }, { type: "integer", exclusiveMinimum: 0 }],
    ["below 3, at most 3", { type: "number", exclusiveMaximum: 3 }, { type: "number", maximum: 3 }],
    ["a multiple of 4, of 2", { type: "integer", multipleOf: 4 }, { type: "integer", multipleOf: 2 }],
    ["whole, a multiple of 1", { type: "integer" }, { type: "number", multipleOf: 1 }],
  ])("fits: %s", (_, got, expected) => expect(subtype(got, expected)).toEqual({ fits: "yes" }))

  it.each<[string, JsonSchema, JsonSchema, string]>([
    ["a constant above", { const: 3 }, { type: "number", maximum: 2 }, "number, maximum 2"],
    ["a text that is too short", { enum: ["ok", ""] }, { type: "string", minLength: 1 }, "string, minLength 1"],
    [
      "ranges apart",
      { type: "number", maximum: 1 },
      { type: "number", exclusiveMinimum: 1 },
      "number, exclusiveMinimum 1",
    ],
    ["no multiple", { const: 3 }, { type: "number", multipleOf: 2 }, "number, multipleOf 2"],
  ])("does not fit: %s", (_, got, expected, told) =>
    expect(subtype(got, expected)).toMatchObject({ fits: "no", expected: told }),
  )

  const some = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined })
  const range = fc
    .record({
      minimum: some,
      maximum: some,
      exclusiveMinimum: some,
      exclusiveMaximum: some,
      multipleOf: fc.constantFrom(undefined, undefined, 1, 2, 3),
    })
    .map((bounds) => Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined)))
  const numbers = fc.oneof(
    fc.tuple(fc.constantFrom("integer", "number"), range).map(([type, bounds]) => ({ type, ...bounds })),
    fc.integer({ min: -3, max: 3 }).map((value) => ({ const: value })),
  )
  const values = Array.from({ length: 33 }, (_, i) => (i - 16) / 2)

  it("is decided as the validator decides, and always for a constant", () =>
    fc.assert(
      fc.property(numbers, numbers, (got, expected) => {
        const { fits } = subtype(got, expected)
        const there = values.filter((value) => accepts(got, value))
        const taken = there.filter((value) => accepts(expected, value))
        if (fits === "yes") expect(taken).toEqual(there)
        if (fits === "no" && there.length > 0) expect(taken.length).toBeLessThan(there.length)
        if ("const" in got) expect(fits).toBe(taken.length === there.length ? "yes" : "no")
      }),
      times(1_000),
    ))
})
