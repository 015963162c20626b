import { isRecord, type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import { annotations, depthLimit, isJsonArray, isJsonObject, members, same, subschema } from "./schema-build.js"

/** A type as the union that it is: of its members, its `type` list, or its values. */
export const alternatives = (type: JsonSchema, depth: number = depthLimit): readonly JsonSchema[] =>
  parted(type, () => false, depth)

/** The same of what is accepted: a `oneOf` whose members overlap stays together, since a value may fit too many. */
export const accepted = (type: JsonSchema, depth: number = depthLimit): readonly JsonSchema[] =>
  parted(type, (part) => exclusive(part) !== undefined, depth)

function parted(type: JsonSchema, whole: (type: JsonSchema) => boolean, depth: number): readonly JsonSchema[] {
  if (depth === 0 || whole(type)) return [type]
  const parts = sole(type) ?? members(type)
  const [only] = parts
  return parts.length === 1 && only === type ? ofOne(type) : parts.flatMap((part) => parted(part, whole, depth - 1))
}

/** The part of an `allOf` that has no other. */
function sole(type: JsonSchema): readonly JsonSchema[] | undefined {
  if (type === true) return undefined
  const parts = type["allOf"]
  if (!isJsonArray(parts) || parts.length !== 1) return undefined
  return Object.keys(type).every((key) => key === "allOf" || annotations.has(key)) ? parts.map(subschema) : undefined
}

/** The members of a `oneOf` that overlap, so that a value may fit too many of them; `undefined` for any other type. */
export function exclusive(type: JsonSchema): readonly JsonSchema[] | undefined {
  if (type === true || type["anyOf"] !== undefined) return undefined
  const parts = type["oneOf"]
  if (!isJsonArray(parts)) return undefined
  const known = overlapping.get(type)
  if (known !== undefined) return known.types
  const types = parts.map(subschema)
  const apart = types.every((a, i) => types.every((b, j) => j <= i || disjoint(a, b)))
  const found = { types: apart ? undefined : types }
  overlapping.set(type, found)
  return found.types
}

const overlapping = new WeakMap<JsonObject, { readonly types: readonly JsonSchema[] | undefined }>()

function ofOne(type: JsonSchema): readonly JsonSchema[] {
  if (type === true) return [type]
  const kinds = kindsOf(type)
  const { nullable: _, ...rest } = type
  const values = rest["enum"]
  if (isJsonArray(values)) {
    const { enum: _, type: __, ...others } = rest
    return values
      .filter((value) => kinds === undefined || kinds.some((kind) => isOfKind(value, kind)))
      .map((value) => ({ ...others, const: value }))
  }
  if (kinds === undefined || (kinds.length === 1 && kinds[0] === type["type"])) return [type]
  return kinds.map((kind) => ({ ...rest, type: kind }))
}

/** What `type` and `nullable` say. */
function kindsOf(type: JsonObject): readonly Json[] | undefined {
  const { type: kind, nullable } = type
  const kinds = isJsonArray(kind) ? kind : typeof kind === "string" ? [kind] : undefined
  return nullable === true && kinds !== undefined && !kinds.includes("null") ? [...kinds, "null"] : kinds
}

/** The narrowest kind of a value. */
export function kindOfValue(value: Json): string {
  if (value === null) return "null"
  if (Array.isArray(value)) return "array"
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number"
  return typeof value
}

/** Whether every value of one kind is of another. */
export const isKind = (got: Json, expected: Json): boolean =>
  got === expected || (expected === "number" && got === "integer")

const isOfKind = (value: Json, kind: Json): boolean => isKind(kindOfValue(value), kind)

/** Whether it is certain that no value is of both types. */
export function disjoint(a: JsonSchema, b: JsonSchema, depth = 8): boolean {
  if (depth === 0) return false
  return alternatives(a).every((one) => alternatives(b).every((other) => apart(one, other, depth)))
}

function apart(a: JsonSchema, b: JsonSchema, depth: number): boolean {
  if (a === true || b === true) return false
  const [mine, other] = [kindOf(a), kindOf(b)]
  if (mine !== undefined && other !== undefined && !isKind(mine, other) && !isKind(other, mine)) return true
  if (Object.hasOwn(a, "const") && Object.hasOwn(b, "const")) return !same(own(a, "const"), own(b, "const"))
  const [fields, others] = [required(a), required(b)]
  return [...fields].some(([name, type]) => {
    const there = others.get(name)
    return there !== undefined && disjoint(type, there, depth - 1)
  })
}

const kindOf = (type: JsonObject): Json | undefined =>
  Object.hasOwn(type, "const") ? kindOfValue(own(type, "const") ?? null) : type["type"]

/** The fields that every value of an object type has. */
function required(type: JsonObject): ReadonlyMap<string, JsonSchema> {
  const constant = own(type, "const")
  if (isJsonObject(constant)) {
    return new Map(Object.entries(constant).map(([name, value]) => [name, { const: value }]))
  }
  const { properties, required: names } = type
  if (type["type"] !== "object" || !isJsonObject(properties) || !isJsonArray(names)) return new Map()
  return new Map(
    names.flatMap((name): [string, JsonSchema][] => {
      const field = typeof name === "string" ? own(properties, name) : undefined
      return field === undefined || typeof name !== "string" ? [] : [[name, subschema(field)]]
    }),
  )
}

/** A type whose objects are open unless they say otherwise: how a part of `allOf` is read, which other parts add to. */
export function opened(type: Json, depth: number = depthLimit): Json {
  if (depth === 0) return true
  if (isJsonArray(type)) return type.map((part) => opened(part, depth - 1))
  if (!isRecord(type)) return type
  const open = Object.fromEntries(
    Object.entries(type).map(([key, part]) => [
      key,
      key === "const" || key === "enum" || annotations.has(key) ? part : opened(part, depth - 1),
    ]),
  )
  return isRecord(type["properties"]) && type["additionalProperties"] === undefined
    ? { ...open, additionalProperties: true }
    : open
}
