import { isRecord, type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"

// Types are JSON Schemas here: `true` is a type of which nothing is known, `never` one that has no values.

export const never: JsonObject = { not: {} }

/** How deep types are compared, described and inlined; beyond it nothing is known of them. */
export const depthLimit = 256

export const isNever = (type: Json): boolean =>
  type === false || (isRecord(type) && isRecord(type["not"]) && Object.keys(type["not"]).length === 0)

/** A schema inside another one, where JSON Schema also allows `false`. */
export function subschema(json: Json | undefined): JsonSchema {
  if (json === false) return never
  return isJsonObject(json) ? json : true
}

export const isJsonObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json)

export const isJsonArray = (json: Json | undefined): json is readonly Json[] => Array.isArray(json)

/** Structural equality; the order of keys does not matter. Values deeper than `depthLimit` are different. */
export function same(a: Json | undefined, b: Json | undefined, depth: number = depthLimit): boolean {
  if (a === b) return true
  if (depth === 0) return false
  if (isJsonArray(a)) return isJsonArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i], depth - 1))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(own(a, key), own(b, key), depth - 1))
  )
}

/** The members of a union; a type that is none is its only member. */
export function members(type: JsonSchema): readonly JsonSchema[] {
  if (type === true) return [type]
  if (isNever(type)) return []
  const union = type["anyOf"] ?? type["oneOf"]
  if (!isJsonArray(union)) return [type]
  const beside = Object.keys(type).filter((key) => key !== "anyOf" && key !== "oneOf" && !annotations.has(key))
  return beside.length > 0 ? [type] : union.map(subschema)
}

/** Keywords that say nothing of which values fit. */
export const annotations: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$anchor",
  "$comment",
  "$defs",
  "definitions",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
])

/** A union as wide as this is not worth reading, nor comparing. */
const widest = 64

/** Any of several types. Nothing is known of a union of more than 64. */
export function union(types: readonly JsonSchema[]): JsonSchema {
  const out: JsonSchema[] = []
  for (const type of types) {
    for (const member of members(type)) {
      if (member === true) return true
      if (!out.some((known) => same(known, member))) out.push(member)
    }
    if (out.length > widest) return true
  }
  const [first = never, ...others] = out
  return others.length === 0 ? first : { anyOf: out }
}

export const arrayOf = (items: JsonSchema): JsonObject => ({ type: "array", items })

/** An array of exactly these; `prefixItems` may not be empty. */
export const tuple = (types: readonly JsonSchema[]): JsonObject => ({
  type: "array",
  ...(types.length === 0 ? {} : { prefixItems: types }),
  items: false,
  minItems: types.length,
  maxItems: types.length,
})

/** A list as long as this is not compared place by place. */
const longest = 64

/**
 * A list that was written down: these elements, in their places. `items` says what it is a list of, which `loosened` goes
 * back to; nothing is known of the elements of `[]`.
 */
export function literalList(types: readonly JsonSchema[], items: JsonSchema = union(types)): JsonObject {
  if (types.length === 0) return { type: "array" }
  return types.length > longest
    ? arrayOf(items)
    : { type: "array", prefixItems: types, items, minItems: types.length, maxItems: types.length }
}

const isLiteralList = ({ prefixItems, items, minItems, maxItems }: JsonObject): boolean =>
  isJsonArray(prefixItems) && isJsonObject(items) && minItems === prefixItems.length && maxItems === minItems

/** The type of what may stand in a place whose first value is of a type: a list that was written down may grow there. */
export function loosened(type: JsonSchema, depth: number = depthLimit): JsonSchema {
  if (type === true || depth === 0) return type
  const inner = (json: Json): Json => (isJsonObject(json) ? loosened(json, depth - 1) : json)
  if (isLiteralList(type)) return arrayOf(loosened(subschema(type["items"]), depth - 1))
  const { properties, anyOf, items } = type
  return {
    ...type,
    ...(isJsonObject(properties)
      ? { properties: Object.fromEntries(Object.entries(properties).map(([key, field]) => [key, inner(field)])) }
      : {}),
    ...(isJsonArray(anyOf) ? { anyOf: anyOf.map(inner) } : {}),
    ...(isJsonObject(items) ? { items: inner(items) } : {}),
  }
}

/** A record of exactly these fields, all there. */
export const record = (fields: Readonly<Record<string, JsonSchema>>): JsonObject => ({
  type: "object",
  properties: fields,
  required: Object.keys(fields),
  additionalProperties: false,
})

/** The widened type of a literal: `""` is a string, `3` a number, and nothing is known of the elements of `[]`. */
export function widened(value: unknown, depth: number = depthLimit): JsonSchema {
  if (value === null) return { type: "null" }
  if (typeof value === "string") return { type: "string" }
  if (typeof value === "boolean") return { type: "boolean" }
  if (typeof value === "number") return { type: Number.isInteger(value) ? "integer" : "number" }
  if (depth === 0) return true
  if (Array.isArray(value)) return literalList(Array.from(value, (element) => widened(element, depth - 1)))
  if (!isRecord(value)) return true
  return record(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, widened(field, depth - 1)])))
}
