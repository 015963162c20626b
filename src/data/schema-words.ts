import { type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import { isJsonArray, isJsonObject, isNever, members, subschema } from "./schema-build.js"

/**
 * A type in words for people, cut after about 120 characters.
 *
 * `describeType({ type: "array", items: { type: "string" } })` gives `"array of string"`.
 */
export function describeType(type: JsonSchema): string {
  const text = words(type, 0)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

/** Deeper parts of a type than this are an ellipsis: its reader wants the outline. */
const deepest = 5
const widest = 8

const several = (texts: readonly string[], total: number, by: string): string =>
  [...texts, ...(total > texts.length ? ["…"] : [])].join(by)

function words(type: JsonSchema, depth: number): string {
  if (type === true || Object.keys(type).length === 0) return "anything"
  if (isNever(type)) return "nothing"
  if (depth > deepest) return "…"
  const ref = type["$ref"]
  if (typeof ref === "string") return ref.split("/").at(-1) ?? ref
  if (Object.hasOwn(type, "const")) return literal(own(type, "const") ?? null)
  const values = type["enum"]
  if (isJsonArray(values)) return several(values.slice(0, widest).map(literal), values.length, " or ")
  const union = members(type)
  if (union.length !== 1 || union[0] !== type) return anyOf(union, depth)
  const all = type["allOf"]
  if (isJsonArray(all) && type["type"] === undefined) {
    return several(
      all.slice(0, widest).map((part) => words(subschema(part), depth + 1)),
      all.length,
      " and ",
    )
  }
  const kinds = type["type"]
  if (isJsonArray(kinds)) return kinds.map((kind) => words({ ...type, type: kind }, depth)).join(" or ")
  return one(type, typeof kinds === "string" ? kinds : kindOf(type), depth)
}

const kindOf = (type: JsonObject): string | undefined =>
  isJsonObject(type["properties"])
    ? "object"
    : ["items", "prefixItems", "minItems", "maxItems"].some((word) => type[word] !== undefined)
      ? "array"
      : undefined

function anyOf(types: readonly JsonSchema[], depth: number): string {
  const texts = types.slice(0, widest).map((member) => words(member, depth + 1))
  return several([...new Set(texts)], texts.length < types.length ? Infinity : 0, " or ")
}

function one(type: JsonObject, kind: string | undefined, depth: number): string {
  if (kind === "array") return list(type, depth)
  if (kind === "object") return object(type, depth)
  return kind ?? "anything"
}

function list(type: JsonObject, depth: number): string {
  const first = type["prefixItems"]
  if (isJsonArray(first)) {
    return `[${several(
      first.slice(0, widest).map((item) => words(subschema(item), depth + 1)),
      first.length,
      ", ",
    )}]`
  }
  if (type["items"] === undefined) return "array"
  const items = words(subschema(type["items"]), depth + 1)
  return `array of ${items.includes(" or ") ? `(${items})` : items}`
}

function object(type: JsonObject, depth: number): string {
  const fields = type["properties"]
  if (!isJsonObject(fields)) {
    const rest = type["additionalProperties"]
    return isJsonObject(rest) ? `object of ${words(rest, depth + 1)}` : "object"
  }
  const required = type["required"]
  const names = Object.keys(fields)
  const texts = names.slice(0, widest).map((name) => {
    const optional = isJsonArray(required) && required.includes(name) ? "" : "?"
    return `${name}${optional}: ${words(subschema(own(fields, name)), depth + 1)}`
  })
  return names.length === 0 ? "{}" : `{ ${several(texts, names.length, ", ")} }`
}

function literal(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
