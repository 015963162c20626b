import * as fc from "fast-check"
import { isRight } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { jsonSchema, type JsonSchema } from "../../src/data/schema.js"
import { never, record, tuple, union, widened } from "../../src/data/schema-build.js"
import { inlined } from "../../src/data/schema-inline.js"
import { subtype } from "../../src/data/schema-subtype.js"
import { describeType } from "../../src/data/schema-words.js"
import { times } from "../setup/times.js"

const string = { type: "string" }
const integer = { type: "integer" }
const number = { type: "number" }
const boolean = { type: "boolean" }
const nothing = { type: "null" }
const array = (items: JsonSchema): JsonSchema => ({ type: "array", items })
const object = (properties: Record<string, JsonSchema>, required: string[] = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required,
})
const any = (...anyOf: JsonSchema[]): JsonSchema => ({ anyOf })

describe("a type fits another", () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ["itself", object({ a: string }), object({ a: string })],
    ["anything", string, true],
    ["a schema that only describes", string, { title: "a text", description: "…" }],
    ["a wider number", integer, number],
    ["a wider type list", string, { type: ["string", "null"] }],
    ["a wider union", any(string, nothing), any(nothing, string, boolean)],
    ["oneOf as anyOf", string, { oneOf: [string, number] }],
    ["nullable", nothing, { type: "string", nullable: true }],
    ["a wider enum", { enum: ["a"] }, { enum: ["a", "b"] }],
    ["the type of its constant", { const: "a" }, string],
    ["both truth values", boolean, { enum: [true, false] }],
    ["fewer required fields", object({ a: string, b: string }), object({ a: string }, [])],
    ["fewer fields", object({ a: string, b: string }), object({ a: string })],
    ["the fields of a constant", { const: { a: ["x"] } }, object({ a: array(string) })],
    ["a record", record({ a: string, b: string }), { type: "object", additionalProperties: string }],
    ["an array of more", array({ const: "a" }), array(string)],
    ["an array, as a tuple", tuple([string, string]), array(string)],
    ["a shorter minimum", { type: "array", minItems: 3 }, { type: "array", minItems: 2 }],
    ["a looser bound", { type: "number", minimum: 3 }, { type: "number", minimum: 0 }],
    ["the same pattern", { type: "string", pattern: "a" }, { type: "string", pattern: "a" }],
    ["how zod writes a whole number", integer, { ...integer, minimum: -9007199254740991, maximum: 9007199254740991 }],
    ["what nothing is", never, string],
    ["all of several", object({ a: string, b: number }), { allOf: [object({ a: string }), object({ b: number })] }],
    ["one of several that exclude each other", integer, { oneOf: [string, number] }],
    [
      "one of several, told apart by a tag",
      object({ k: { const: "a" } }),
      { oneOf: [object({ k: { const: "a" } }), object({ k: { const: "b" } })] },
    ],
    ["a union within a union", any(any(string, any(number)), nothing), any(nothing, string, number)],
    ["the only null", nothing, { enum: [null, "a"] }],
    [
      "no more of an array than there is",
      { type: "array", items: string, maxItems: 1 },
      { type: "array", prefixItems: [string, number] },
    ],
    ["an array that is empty", { type: "array", items: string, maxItems: 0 }, array(number)],
    ["values of its own kind", { enum: ["a", 1], type: "string" }, string],
    ["through a reference", string, { $ref: "#/$defs/text", $defs: { text: string } }],
  ])("%s", (_, got, expected) => expect(subtype(got, expected)).toEqual({ fits: "yes" }))
})

describe("a clash says where, what was expected, and what came", () => {
  it.each<[JsonSchema, JsonSchema, string, string, string]>([
    [string, number, "", "number", "string"],
    [object({ facts: string }), object({ facts: array(string) }), "facts", "array of string", "string"],
    [
      object({ a: array(object({ b: number })) }),
      object({ a: array(object({ b: string })) }),
      "a[].b",
      "string",
      "number",
    ],
    [tuple([string, number]), tuple([string, string]), "[1]", "string", "number"],
    [tuple([string]), tuple([string, string]), "", "2 elements", "1 elements"],
    [any(string, nothing), string, "", "string", "null"],
    [string, { enum: ["a", "b"] }, "", '"a" or "b"', "string"],
    [{ enum: ["a", "c"] }, { enum: ["a", "b"] }, "", '"a" or "b"', '"c"'],
    [object({ a: string }, []), object({ a: string }), "a", "string", "string or nothing: the field is not required"],
    [object({}), object({ a: string }), "a", "string", "nothing: {} has no such field"],
    [object({ a: string, b: string }), record({ a: string }), "b", "no such field", "string"],
    [object({ "a b": string }), object({ "a b": number }), '"a b"', "number", "string"],
    [
      object({ kind: { const: "x" }, v: string }),
      any(object({ kind: { const: "x" }, v: number }), object({ kind: { const: "y" } })),
      "v",
      "number",
      "string",
    ],
    [any(string, number), any(string, boolean), "", "string or boolean", "number"],
    [nothing, { type: "string", enum: ["a"], nullable: true }, "", '"a"', "null"],
    [{ type: "object", properties: {}, required: ["b"] }, record({}), "b", "no such field", "anything"],
    [boolean, { oneOf: [string, { const: "a" }] }, "", 'string or "a"', "boolean"],
  ])("%j and %j", (got, expected, at, wanted, came) => {
    expect(subtype(got, expected)).toEqual({ fits: "no", at, expected: wanted, got: came })
  })
})

describe("what only the values tell is unknown", () => {
  it.each<[JsonSchema, JsonSchema, string]>([
    [true, string, "nothing is known of what arrives; expected string"],
    [array(true), array(string), "nothing is known of what arrives; expected string"],
    [number, integer, "a number that may not be whole"],
    [string, { type: "string", minLength: 1 }, "minLength 1"],
    [string, { type: "string", format: "email" }, "format"],
    [array(string), { type: "array", items: string, minItems: 1 }, "the length may not fit: 0 or more"],
    [{ type: "object" }, object({ a: string }), "may be missing"],
    [{ type: "string", pattern: "^a$" }, { const: "a" }, "may be"],
    [string, { type: "string", not: { const: "a" } }, "not"],
    [string, { $ref: "https://example.org/x" }, "elsewhere"],
    [{ const: "a" }, { oneOf: [string, { const: "a" }] }, "may fit more than one"],
    [string, { items: string }, "does not ask for by its type"],
    [{ const: "a" }, { const: "a", pattern: "b" }, "pattern"],
    [{ allOf: [object({ a: string }), object({ b: string })] }, record({ a: string }), "several types at once"],
    [
      { type: "object", patternProperties: { "^x": number }, properties: { a: string }, required: ["a"] },
      record({ a: string }),
      "not accepted",
    ],
    [{ type: "object", properties: { a: string }, minProperties: 1 }, object({ a: string }), "not followed"],
    [{ oneOf: [string, { const: "a" }] }, number, "exclude each other"],
  ])("%j and %j", (got, expected, reason) => {
    expect(subtype(got, expected)).toMatchObject({ fits: "unknown", reason: expect.stringContaining(reason) })
  })
})

describe("references", () => {
  const tree = {
    $ref: "#/$defs/node",
    $defs: { node: object({ value: string, kids: array({ $ref: "#/$defs/node" }) }) },
  }

  it("within themselves are the same type where they are equal, and else unknown", () => {
    expect(subtype(tree, tree)).toEqual({ fits: "yes" })
    const other = {
      ...tree,
      $defs: { node: object({ value: string, kids: array({ $ref: "#/$defs/node" }), x: string }) },
    }
    expect(subtype(other, tree).fits).toBe("unknown")
    expect(subtype(object({ value: number, kids: array(true) }), tree)).toMatchObject({ fits: "no", at: "value" })
  })

  it("that would grow without end are cut off", () => {
    const defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `a${i}`,
        tuple([{ $ref: `#/$defs/a${i + 1}` }, { $ref: `#/$defs/a${i + 1}` }]),
      ]),
    )
    const bomb = { $ref: "#/$defs/a0", $defs: { ...defs, a60: string } }
    expect(JSON.stringify(inlined(bomb)).length).toBeLessThan(3_000_000)
    expect(subtype(bomb, array(string)).fits).not.toBe("yes")
  })

  it("leave constants alone", () => {
    const literal = { const: { $ref: "#/x" } }
    expect(inlined({ ...literal, title: "t" })).toEqual({ ...literal, title: "t" })
  })
})

describe("depth", () => {
  it("beyond 256 levels is unknown, not an overflow", () => {
    const deep = (leaf: JsonSchema): JsonSchema => {
      let type = leaf
      for (let i = 0; i < 20_000; i++) type = array(type)
      return type
    }
    expect(subtype(deep(string), deep(number)).fits).toBe("unknown")
    expect(describeType(deep(string)).length).toBeLessThan(130)
  })
})

// A reference: values that a validator accepts as one type, and as the other.

const scalars = [
  string,
  integer,
  number,
  boolean,
  nothing,
  { const: "a" },
  { const: 1 },
  { enum: ["a", "b"] },
  { enum: [1, null] },
]
const types = fc.letrec<{ type: JsonSchema }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<JsonSchema>(...scalars, true),
    tie("type").map(array),
    fc.array(tie("type"), { maxLength: 2 }).map(tuple),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    // Closed where `additionalProperties` does not speak: written out here, since a validator leaves such objects open.
    fc
      .tuple(
        fc.dictionary(fc.constantFrom("a", "b"), tie("type")),
        fc.boolean(),
        fc.constantFrom<false | JsonSchema>(false, string),
      )
      .map(([properties, all, rest]) => ({
        type: "object",
        properties,
        required: all ? Object.keys(properties) : [],
        additionalProperties: rest,
      })),
  ),
})).type
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<unknown>("a", "b", "c", 1, 2, 1.5, true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
  ),
})).value
const accepts = (type: JsonSchema, value: unknown): boolean => isRight(jsonSchema(type).parse(value))

describe("agrees with the validator", () => {
  it("what fits is accepted wherever it is", () => {
    fc.assert(
      fc.property(types, types, fc.array(values, { minLength: 30, maxLength: 30 }), (got, expected, samples) => {
        if (subtype(got, expected).fits !== "yes") return
        for (const value of samples) if (accepts(got, value)) expect(accepts(expected, value)).toBe(true)
      }),
      times(1_500),
    )
  })

  it("every type fits itself, a union with it, and anything", () => {
    fc.assert(
      fc.property(types, types, (one, other) => {
        expect(subtype(one, one).fits).toBe("yes")
        expect(subtype(one, true).fits).toBe("yes")
        expect(subtype(one, union([one, other])).fits).toBe("yes")
      }),
    )
  })

  it("a literal is of its widened type", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(accepts(widened(value), value)).toBe(true)
        expect(["yes", "unknown"]).toContain(subtype(widened(value), widened(value)).fits)
      }),
    )
  })
})

describe("describeType", () => {
  it.each<[JsonSchema, string]>([
    [true, "anything"],
    [never, "nothing"],
    [array(string), "array of string"],
    [array(any(string, number)), "array of (string or number)"],
    [object({ draft: string, ok: boolean }, ["draft"]), "{ draft: string, ok?: boolean }"],
    [{ enum: ["a", 1] }, '"a" or 1'],
    [{ const: null }, "null"],
    [{ type: ["string", "null"] }, "string or null"],
    [tuple([string, number]), "[string, number]"],
    [{ type: "object" }, "object"],
    [{ type: "object", additionalProperties: string }, "object of string"],
    [{ $ref: "#/$defs/Node" }, "Node"],
    [object({}), "{}"],
  ])("%j", (type, text) => expect(describeType(type)).toBe(text))

  it("is cut when long", () => {
    const wide = object(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field_number_${i}`, string])))
    expect(describeType(wide).length).toBeLessThanOrEqual(120)
    expect(describeType({ enum: Array.from({ length: 500 }, (_, i) => i) })).toBe(
      "0 or 1 or 2 or 3 or 4 or 5 or 6 or 7 or …",
    )
  })
})
