import * as fc from "fast-check"
import { isRight } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { isRecord, type Json, type JsonObject } from "../../src/data/json.js"
import { jsonSchema, type JsonSchema } from "../../src/data/schema.js"
import { subtype } from "../../src/data/schema-subtype.js"

// Types as documents write them, held against a validator: what fits is accepted with every value, and what does not fit
// is shown a value that is refused.

const accepts = (type: JsonSchema, value: unknown): boolean => isRight(jsonSchema(type).parse(value))

/**
 * How a type is read that arrives: what has words for objects or lists is one, and an object with `properties` is closed
 * unless it says otherwise. Written out, as a validator reads it; the parts of `allOf` add to each other.
 */
function closed(json: Json, together = false): Json {
  if (Array.isArray(json)) return (json as readonly Json[]).map((part) => closed(part, together))
  if (!isRecord(json)) return json
  const { properties, required, additionalProperties, items, prefixItems, minItems, maxItems, allOf } = json
  const several = Array.isArray(allOf) && (allOf.length > 1 || Object.keys(json).length > 1)
  const type: JsonObject = Object.fromEntries(
    Object.entries(json).map(([key, part]) => [
      key,
      key === "const" || key === "enum" ? part : closed(part, together || (key === "allOf" && several)),
    ]),
  )
  if (properties !== undefined || required !== undefined || additionalProperties !== undefined) {
    const of = { ...type, type: type["type"] ?? "object" }
    if (together || properties === undefined || additionalProperties !== undefined) return of
    const needed = (Array.isArray(required) ? required : []).map((name) => [String(name), true] as const)
    return {
      ...of,
      properties: { ...Object.fromEntries(needed), ...(type["properties"] as object) },
      additionalProperties: false,
    }
  }
  return [items, prefixItems, minItems, maxItems].some((word) => word !== undefined)
    ? { ...type, type: type["type"] ?? "array" }
    : type
}
const closedType = (type: JsonSchema): JsonSchema => closed(type) as JsonSchema

const scalar = fc.constantFrom<Json>("a", "b", "", 0, 1, 1.5, true, false, null)
const literal: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom("a", "b"), scalar, { maxKeys: 2 }) },
)
const kinds = ["string", "integer", "number", "boolean", "null", "array", "object"] as const
const size = fc.integer({ min: 0, max: 3 })
const compact = (record: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, Json] => entry[1] !== undefined))

const { type: types } = fc.letrec<{ type: JsonSchema; object: JsonSchema; array: JsonSchema }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.oneof(
      fc.constantFrom<JsonSchema>(...kinds.map((type) => ({ type })), true, {}, { not: {} }),
      literal.map((value) => ({ const: value })),
      fc
        .uniqueArray(literal, { minLength: 1, maxLength: 3, comparator: "SameValue" })
        .map((values) => ({ enum: values })),
      fc.subarray([...kinds], { minLength: 1, maxLength: 3 }).map((type) => ({ type })),
      fc.constantFrom("string", "integer", "array").map((type) => ({ type, nullable: true })),
      fc
        .tuple(fc.constantFrom("string", "integer"), fc.array(scalar, { minLength: 1, maxLength: 2 }), fc.boolean())
        .map(([type, values, nullable]) => compact({ type, enum: values, nullable: nullable || undefined })),
      fc.tuple(size, size).map(([minLength, maxLength]) => ({ type: "string", minLength, maxLength })),
      fc.tuple(fc.constantFrom("integer", "number"), size).map(([type, minimum]) => ({ type, minimum })),
    ),
    tie("object"),
    tie("array"),
    fc
      .tuple(fc.constantFrom("anyOf", "oneOf"), fc.array(tie("type"), { minLength: 1, maxLength: 3 }))
      .map(([word, of]) => ({ [word]: of })),
    fc.array(tie("type"), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
  ),
  object: fc
    .record({
      type: fc.constantFrom(undefined, "object", "object", "object"),
      properties: fc.option(fc.dictionary(fc.constantFrom("a", "b"), tie("type"), { maxKeys: 2 }), { nil: undefined }),
      required: fc.option(fc.subarray(["a", "b"]), { nil: undefined }),
      additionalProperties: fc.oneof(fc.constantFrom(undefined, false, true), tie("type")),
    })
    .map(compact),
  array: fc
    .record({
      type: fc.constantFrom(undefined, "array", "array", "array"),
      items: fc.option(fc.oneof(fc.constant(false), tie("type")), { nil: undefined }),
      prefixItems: fc.option(fc.array(tie("type"), { minLength: 1, maxLength: 2 }), { nil: undefined }),
      minItems: fc.option(size, { nil: undefined }),
      maxItems: fc.option(size, { nil: undefined }),
    })
    .map(compact),
}))

const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.oneof(scalar, fc.constantFrom<Json>("abc", "zz", 2, -1, 99)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
  ),
}))

/** Values of a type: some for each way in which it can be met, as far as its shape tells; a validator sorts them out. */
function samples(type: Json, depth = 6): readonly Json[] {
  const any: readonly Json[] = ["a", "zz", "", 0, 1, 1.5, -1, true, false, null, [], {}, ["zz"], { a: "zz" }]
  if (type === false) return []
  if (!isRecord(type) || depth === 0) return any
  const inner = (json: Json = true): readonly Json[] => {
    const fits = samples(json, depth - 1).filter((one) => json !== false && accepts(json as JsonSchema, one))
    return [...new Map(fits.map((one) => [JSON.stringify(one), one])).values()]
  }
  const out: Json[] = []
  if (Object.hasOwn(type, "const")) out.push(type["const"] ?? null)
  if (Array.isArray(type["enum"])) out.push(...(type["enum"] as Json[]))
  for (const word of ["anyOf", "oneOf", "allOf"]) {
    if (Array.isArray(type[word])) out.push(...(type[word] as Json[]).flatMap(inner))
  }
  const { properties, required, additionalProperties } = type
  if (isRecord(properties) || required !== undefined || additionalProperties !== undefined) {
    const fields: JsonObject = isRecord(properties) ? properties : {}
    const names = ["a", "b", "c"]
    const found = new Map(
      names.map((name) => [name, fields[name] === undefined ? inner(additionalProperties) : inner(fields[name])]),
    )
    for (const keep of [["a", "b", "c"], ["a", "b"], ["a"], ["b"], []]) {
      const most = Math.max(1, ...keep.map((name) => found.get(name)?.length ?? 0))
      for (let shift = 0; shift < 3; shift++) {
        for (let i = 0; i < Math.min(most, 20); i++) {
          const entries = keep.flatMap((name, at): [string, Json][] => {
            const some = found.get(name) ?? []
            const one = some[(i + at * shift) % Math.max(1, some.length)]
            return one === undefined ? [] : [[name, one]]
          })
          out.push(Object.fromEntries(entries))
        }
      }
    }
  }
  const { prefixItems, items } = type
  if (prefixItems !== undefined || items !== undefined || type["type"] === "array") {
    const first = Array.isArray(prefixItems) ? (prefixItems as Json[]) : []
    const found = Array.from({ length: 4 }, (_, at) => inner(at < first.length ? first[at] : items))
    for (let length = 0; length <= 4; length++) {
      const most = Math.max(1, ...found.slice(0, length).map((some) => some.length))
      for (let i = 0; i < Math.min(most, 20); i++) {
        for (let shift = 0; shift < 3; shift++) {
          const places = found.slice(0, length).flatMap((some, at): Json[] => {
            const one = some[(i + at * shift) % Math.max(1, some.length)]
            return one === undefined ? [] : [one]
          })
          if (places.length === length) out.push(places)
        }
      }
    }
  }
  return [...out, ...any]
}

/** Whether every part of a type has some value, as far as it does not say by itself that it has none. */
function inhabited(type: Json): boolean {
  if (!isRecord(type)) return true
  const parts = Object.entries(type).flatMap(([key, part]): Json[] => {
    if (key === "properties") return Object.values(part as JsonObject)
    if (key === "items" || key === "additionalProperties") return [part]
    return Array.isArray(part) && ["prefixItems", "anyOf", "oneOf", "allOf"].includes(key) ? (part as Json[]) : []
  })
  const none = isRecord(type["not"])
  return (none || samples(type).some((one) => accepts(type, one))) && parts.every(inhabited)
}

describe("agrees with the validator", () => {
  it("what fits is accepted with every value", () =>
    fc.assert(
      fc.property(types, types, fc.array(values, { minLength: 20, maxLength: 20 }), (got, expected, random) => {
        if (subtype(got, expected).fits !== "yes") return
        const source = closedType(got)
        for (const value of [...random, ...samples(source)]) {
          if (accepts(source, value) && !accepts(expected, value)) {
            expect.fail(`fits, but ${JSON.stringify(value)} does not: ${JSON.stringify({ got, expected })}`)
          }
        }
      }),
    ))

  it("what does not fit is refused with some value, if there is any value", () =>
    fc.assert(
      fc.property(types, types, (got, expected) => {
        const fit = subtype(got, expected)
        const source = closedType(got)
        if (fit.fits !== "no" || !inhabited(source)) return
        const there = samples(source).filter((value) => accepts(source, value))
        if (there.length === 0) return
        if (there.every((value) => accepts(expected, value))) {
          expect.fail(
            `does not fit, but every value of ${there.length} does: ${JSON.stringify({ got, expected, fit })}`,
          )
        }
      }),
    ))
})
