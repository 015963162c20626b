import { alternatives } from "../../data/schema-alternatives.js"
import { isJsonArray, isJsonObject, isNever, members, subschema, union } from "../../data/schema-build.js"
import { type Json, own } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"
import { subtype } from "../../data/schema-subtype.js"

/** The type of a field of a type: `missing` where some of its values have none, `true` where nothing is known. */
export function fieldOf(type: JsonSchema, name: string): JsonSchema | "missing" {
  const found: JsonSchema[] = []
  for (const one of alternatives(type)) {
    if (one === true) return true
    const constant = own(one, "const")
    if (constant !== undefined) {
      const value = isJsonObject(constant) ? own(constant, name) : undefined
      if (value === undefined) return "missing"
      found.push({ const: value })
      continue
    }
    const { type: kind = "object", properties, additionalProperties = false, patternProperties, required } = one
    if (kind !== "object") return "missing"
    const there = isJsonObject(properties) ? own(properties, name) : undefined
    const always = isJsonArray(required) && required.includes(name)
    if (there === undefined) {
      const closed = isJsonObject(properties) && additionalProperties === false && patternProperties === undefined
      return closed && !always ? "missing" : true
    }
    if (!always) return "missing"
    found.push(subschema(there))
  }
  return union(found)
}

/** The values of a type as case keys, without null, which is no tag; `open` when there is no end of them, `none` when none can be one. */
export function tagsOf(type: JsonSchema): readonly string[] | "open" | "none" | "unknown" {
  const tags: string[] = []
  for (const one of alternatives(type)) {
    if (one === true) return "unknown"
    const value = own(one, "const")
    const kind = one["type"]
    if (value !== undefined) {
      if (value !== null) tags.push(tagText(value))
    } else if (kind === undefined) return "unknown"
    else if (kind === "boolean") tags.push("true", "false")
    else if (kind !== "null") return kind === "string" || kind === "integer" || kind === "number" ? "open" : "none"
  }
  return tags.length === 0 ? "none" : tags
}

/** Whether null is known to be a value of a type: no case takes it. */
export const mayBeNull = (type: JsonSchema): boolean =>
  alternatives(type).some((one) => one !== true && (one["type"] === "null" || own(one, "const") === null))

/** Whether a value of a type may have the tag: a text is its own, a number and a truth value have the one they print. */
export function mayBe(tag: string, type: JsonSchema): boolean {
  const number = Number(tag)
  const printed = [true, false, ...(Number.isFinite(number) ? [number] : [])].filter((value) => String(value) === tag)
  return [tag, ...printed].some((value) => subtype({ const: value }, type).fits !== "no")
}

/** The part of a type whose field may be a tag that `keep` accepts. */
export function narrowed(type: JsonSchema, name: string, keep: (tag: string) => boolean): JsonSchema {
  return union(
    alternatives(type).flatMap((member): readonly JsonSchema[] => {
      const field = fieldOf(member, name)
      if (member === true || field === "missing" || field === true) return [member]
      const left = union(members(field).flatMap((one) => keepValues(one, keep)))
      if (isNever(left)) return []
      const fields = member["properties"]
      return [isJsonObject(fields) ? { ...member, properties: { ...fields, [name]: left } } : member]
    }),
  )
}

/** A value as a case key. */
const tagText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value))

/** A field's type without the values that another arm takes; an open type stays as it is. */
function keepValues(type: JsonSchema, keep: (tag: string) => boolean): readonly JsonSchema[] {
  if (type === true) return [type]
  const { const: constant, enum: listed = constant === undefined ? undefined : [constant] } = type
  const values = type["type"] === "boolean" ? (listed ?? [true, false]) : listed
  if (!isJsonArray(values)) return [type]
  const kept = values.filter((value) => keep(tagText(value)))
  if (kept.length === values.length) return [type]
  return kept.length === 0 ? [] : [{ ...type, enum: kept }]
}
