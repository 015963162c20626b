import { type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import { isJsonArray, isJsonObject, subschema } from "./schema-build.js"
import { alternatives, exclusive } from "./schema-alternatives.js"

/** At most so many cases of one type are told apart. */
const most = 64

/** What a type is the union of. Not `all`: there are more, which are not told apart. */
interface Cases {
  readonly of: readonly JsonSchema[]
  readonly all: boolean
}

/**
 * The cases of an object or a tuple that holds one of several things in a place: `{ k: "a" | "b" }` is `{ k: "a" }` or
 * `{ k: "b" }`, and each may fit another member of a union. A field that is not required is there or not.
 *
 * @param matters whether the cases of a field, or of a place of a tuple, are to be told apart.
 */
export function casesOf(type: JsonObject, matters: (place: string | number) => boolean = () => true): Cases {
  const { properties, prefixItems, required } = type
  if (!isJsonArray(prefixItems) && !isJsonObject(properties)) return whole(type)
  if (compound.some((word) => type[word] !== undefined)) return { of: [type], all: false }
  if (isJsonArray(prefixItems)) {
    const places = prefixItems.map((place, i): Cases => (matters(i) ? casesIn(subschema(place)) : whole(place)))
    return product(places, (chosen) => ({ ...type, prefixItems: chosen }))
  }
  if (!isJsonObject(properties)) return whole(type)
  const names = Object.keys(properties)
  const sure = isJsonArray(required) ? required : []
  const fields = names.map((name): Cases => {
    const field = subschema(own(properties, name) ?? true)
    if (!matters(name)) return whole(field)
    const there = casesIn(field)
    return sure.includes(name) ? there : { of: [...there.of, absent], all: there.all }
  })
  return product(fields, (chosen) => ({
    ...type,
    properties: Object.fromEntries(names.map((name, i) => [name, chosen[i] === absent ? false : (chosen[i] ?? true)])),
    required: [...new Set([...sure, ...names.filter((name, i) => matters(name) && chosen[i] !== absent)])],
  }))
}

/** Words that leave out some values in ways that are not followed. */
const compound = ["anyOf", "oneOf", "allOf", "not", "if", "$ref", "const", "enum", "patternProperties"]

/** The fields of an object, the places of a tuple. */
export function placesOf({ properties, prefixItems }: JsonObject): readonly (string | number)[] {
  if (isJsonArray(prefixItems)) return prefixItems.map((_, i) => i)
  return isJsonObject(properties) ? Object.keys(properties) : []
}

/** What may be in such a place; `undefined` where that is not said. */
export function inPlace(type: JsonSchema, place: string | number): JsonSchema | undefined {
  if (type === true) return undefined
  const { properties, prefixItems } = type
  const there =
    typeof place === "number"
      ? isJsonArray(prefixItems)
        ? prefixItems[place]
        : undefined
      : isJsonObject(properties)
        ? own(properties, place)
        : undefined
  return there === undefined ? undefined : subschema(there)
}

/** A field that is not there. */
const absent: JsonObject = { not: {}, $comment: "absent" }

const whole = (type: Json): Cases => ({ of: [subschema(type)], all: true })

function casesIn(type: JsonSchema): Cases {
  if (type === true) return whole(type)
  if (exclusive(type) !== undefined) return { of: [type], all: false } // a member may be less than it seems
  const parts = alternatives(type).map((part): Cases => {
    if (part === true || Object.hasOwn(part, "const")) return whole(part)
    if (part["type"] === "boolean") return { of: [true, false].map((value) => ({ ...part, const: value })), all: true }
    return casesOf(part)
  })
  const of = parts.flatMap((part) => part.of)
  return of.length > most ? { of: [type], all: false } : { of, all: parts.every(({ all }) => all) }
}

function product(places: readonly Cases[], build: (chosen: readonly JsonSchema[]) => JsonObject): Cases {
  let rows: (readonly JsonSchema[])[] = [[]]
  let all = true
  for (const place of places) {
    all &&= place.all
    rows = rows.flatMap((row) => place.of.map((one) => [...row, one]))
    if (rows.length > most)
      return { of: [build(places.map(({ of }) => (of.length === 1 ? (of[0] ?? true) : { anyOf: of })))], all: false }
  }
  return { of: rows.map(build), all }
}
