import { isLeft } from "./either.js"
import { isRecord, type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import { checksOf, type PartChecks } from "./part-checks.js"
import { formatExamples, mergeSchemas, numberFor, occursIn, toLength } from "./schema-values.js"
import type { Sentences } from "./sentences.js"

/** What a schema is filled from. */
export interface Material {
  /** What the sentences are ranked for. */
  readonly query: string
  readonly input: string
  readonly sentences: Sentences
}

/** A value that fits the schema, or why there is none. */
export type Filled = { readonly value: Json } | { readonly problem: string }

/**
 * A value that fits a JSON Schema, made of sentences of the input by fixed rules (those of `local`). Whatever it gives
 * has been validated. What the rules cannot reach (a `not`, a pattern that nothing in the input matches) is a problem.
 */
export function fillSchema(schema: JsonSchema, material: Material): Filled {
  try {
    const value = new Filler(schema, material).fill(schema, { name: "", nth: 0, depth: 0, at: "" })
    const checked = checksOf(schema).whole.parse(value)
    if (!isLeft(checked)) return { value }
    return { problem: checked.left.map(({ at, message }) => `${at === "" ? "the value" : at} ${message}`).join("; ") }
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.message }
    throw error
  }
}

/** Where a value is made: the property's name, which of several, how deep, and the pointer for a message. */
interface Place {
  readonly name: string
  readonly nth: number
  readonly depth: number
  readonly at: string
}

/** Thrown inside this file where the rules give no value. */
class Unfit extends Error {
  constructor(at: string, why: string) {
    super(`${at === "" ? "the value" : at} ${why}`)
  }
}

/** From here on optional parts are left out, so that a recursive schema ends. */
const deep = 6
const deepest = 40
const listLength = 3

class Filler {
  readonly #root: JsonSchema
  readonly #material: Material
  readonly #checks: PartChecks

  constructor(root: JsonSchema, material: Material) {
    this.#root = root
    this.#material = material
    this.#checks = checksOf(root)
  }

  fill(schema: Json, place: Place): Json {
    if (place.depth > deepest) throw new Unfit(place.at, "never ends")
    if (schema === true) return this.#string({}, place)
    if (!isSchema(schema)) throw new Unfit(place.at, "fits nothing")
    const whole = this.#resolve(schema, place)
    if ("const" in whole) return whole["const"] ?? null
    const members = whole["enum"]
    if (isList(members)) return this.#member(members, whole, place)
    const arms = whole["anyOf"] ?? whole["oneOf"]
    if (isList(arms)) return this.#firstFitting(arms, whole, place)
    const type = whole["type"]
    if (isList(type))
      return this.#firstFitting(
        type.map((one) => ({ type: one })),
        without(whole, "type"),
        place,
      )
    switch (typeof type === "string" ? type : impliedType(whole)) {
      case "object":
        return this.#object(whole, place)
      case "array":
        return this.#array(whole, place)
      case "boolean":
        return place.nth % 2 === 0
      case "integer":
      case "number":
        return this.#number(whole, place)
      case "null":
        return null
      default:
        return this.#string(whole, place)
    }
  }

  /** Follows references and merges `allOf` into one schema. */
  #resolve(schema: JsonObject, place: Place): JsonObject {
    let current = schema
    for (let step = 0; step < deepest; step++) {
      const ref = current["$ref"]
      if (typeof ref === "string") {
        const target = this.#lookUp(ref, place)
        const rest = without(current, "$ref")
        current = target === true ? rest : mergeSchemas(target, rest)
        continue
      }
      const parts = current["allOf"]
      if (!isList(parts)) return current
      let merged: JsonObject = without(current, "allOf")
      for (const part of parts) {
        if (part === true) continue
        if (!isSchema(part)) throw new Unfit(place.at, "fits nothing")
        merged = mergeSchemas(merged, this.#resolve(part, place))
      }
      current = merged
    }
    throw new Unfit(place.at, "is a reference to itself")
  }

  #lookUp(ref: string, place: Place): JsonSchema {
    if (ref !== "#" && !ref.startsWith("#/")) throw new Unfit(place.at, `refers to ${ref}, outside the schema`)
    let found: Json | undefined = this.#root
    for (const part of ref.split("/").slice(1)) {
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
      found = isList(found) ? found[Number(key)] : isSchema(found) ? own(found, key) : undefined
    }
    if (found === true || isSchema(found)) return found
    throw new Unfit(place.at, `refers to ${ref}, which is not there`)
  }

  #firstFitting(arms: readonly Json[], whole: JsonObject, place: Place): Json {
    const rest = without(whole, "anyOf", "oneOf")
    const problems: string[] = []
    for (const arm of arms) {
      if (arm === false) continue
      try {
        const value = this.fill(isSchema(arm) ? mergeSchemas(arm, rest) : rest, { ...place, depth: place.depth + 1 })
        if (this.#checks.fits(whole, value)) return value
      } catch (error) {
        if (!(error instanceof Unfit)) throw error
        problems.push(error.message)
      }
    }
    throw new Unfit(place.at, problems[0] === undefined ? "fits no alternative" : `fits no alternative: ${problems[0]}`)
  }

  #member(members: readonly Json[], whole: JsonObject, place: Place): Json {
    const rest = without(whole, "enum")
    const open = members.filter((member) => this.#checks.fits(rest, member))
    if (open.length === 0) throw new Unfit(place.at, "has an enum without a fitting member")
    const text = this.#material.input.toLowerCase()
    const occurs = (member: Json): boolean => typeof member === "string" && occursIn(text, member.toLowerCase())
    const ordered = [...open.filter(occurs), ...open.filter((member) => !occurs(member))]
    return ordered[place.nth % ordered.length] ?? null
  }

  #object(schema: JsonObject, place: Place): JsonObject {
    const properties = asSchemas(schema["properties"])
    const required = isList(schema["required"]) ? schema["required"].filter((name) => typeof name === "string") : []
    const filled: Record<string, Json> = {}
    for (const [name, member] of Object.entries(properties)) {
      const needed = required.includes(name)
      if (!needed && (place.depth > deep || member === false)) continue
      try {
        put(filled, name, this.fill(member, inside(place, name)))
      } catch (error) {
        if (needed || !(error instanceof Unfit)) throw error
      }
    }
    const additional = schema["additionalProperties"] ?? true
    const add = (name: string): void => put(filled, name, this.fill(additional, inside(place, name)))
    for (const name of required) if (!Object.hasOwn(filled, name)) add(name)
    const least = atLeast(schema["minProperties"])
    for (let i = 1; Object.keys(filled).length < least; i++) if (!Object.hasOwn(filled, `key${i}`)) add(`key${i}`)
    return filled
  }

  #array(schema: JsonObject, place: Place): readonly Json[] {
    const prefix = isList(schema["prefixItems"]) ? schema["prefixItems"] : []
    const item = schema["items"] ?? true
    const least = Math.max(atLeast(schema["minItems"]), isSchema(schema["contains"]) ? 1 : 0)
    const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : Number.POSITIVE_INFINITY
    const ofStrings = isSchema(item) && item["type"] === "string" && !("enum" in item)
    const sentences = Math.min(listLength, Math.max(1, this.#material.sentences.all.length))
    const usual = place.depth > deep ? 0 : prefix.length > 0 ? prefix.length : ofStrings ? sentences : 1
    const length = Math.min(Math.max(usual, least), most)
    const list: Json[] = []
    const seen = new Set<string>()
    for (let nth = 0; list.length < length && nth < length * 4 + 8; nth++) {
      const at = list.length
      const part = prefix[at] ?? (at === 0 && isSchema(schema["contains"]) ? schema["contains"] : item)
      let value: Json
      try {
        value = this.fill(part, {
          name: place.name,
          nth: at < prefix.length ? 0 : nth,
          depth: place.depth + 1,
          at: `${place.at}/${at}`,
        })
      } catch (error) {
        if (at >= least && error instanceof Unfit) break
        throw error
      }
      if (schema["uniqueItems"] === true) {
        const key = JSON.stringify(value)
        if (seen.has(key)) continue
        seen.add(key)
      }
      list.push(value)
    }
    return list
  }

  #number(schema: JsonObject, place: Place): number {
    const value = numberFor(schema, place.nth)
    if (value === undefined) throw new Unfit(place.at, "has no number within its bounds")
    return value
  }

  #string(schema: JsonObject, place: Place): string {
    const { sentences, query } = this.#material
    const said = typeof schema["description"] === "string" ? schema["description"] : ""
    const ranked = sentences.rank(`${query} ${place.name} ${said}`).map((index) => sentences.all[index] ?? "")
    const best = ranked.length === 0 ? "" : (ranked[place.nth % ranked.length] ?? "")
    const again = place.nth < Math.max(1, ranked.length) ? "" : ` (${place.nth + 1})`
    const pattern = typeof schema["pattern"] === "string"
    const format = typeof schema["format"] === "string" ? schema["format"] : undefined
    if (!pattern && format === undefined) return toLength(best + again, [...ranked, best], schema)
    const words = this.#material.input.split(/\s+/).map((word) => word.replace(/^[("'[<]+|[)"'\]>.,;:!?]+$/g, ""))
    const given = [schema["default"], schema["examples"]].flat().filter((one) => typeof one === "string")
    const tried = [...ranked, ...words, ...given, ...(format === undefined ? [] : formatExamples(format, place.nth))]
    const fitting = [...new Set(tried)].filter((text) => this.#checks.fits({ ...schema, type: "string" }, text))
    const chosen = fitting[place.nth % Math.max(1, fitting.length)]
    if (chosen !== undefined) return chosen
    throw new Unfit(
      place.at,
      `wants a text like ${JSON.stringify(schema["pattern"] ?? format)}, and the input has none`,
    )
  }
}

/** The type that a schema without one speaks of, by its keywords. */
function impliedType(schema: JsonObject): string {
  const has = (...keys: readonly string[]): boolean => keys.some((key) => key in schema)
  if (has("properties", "required", "additionalProperties", "minProperties")) return "object"
  if (has("items", "prefixItems", "minItems", "contains")) return "array"
  return has("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf") ? "number" : "string"
}

const inside = (place: Place, name: string): Place => ({
  name,
  nth: place.nth,
  depth: place.depth + 1,
  at: `${place.at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
})

/** Sets an own property, whatever its name. */
function put(record: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true })
}

const asSchemas = (json: Json | undefined): JsonObject => (isSchema(json) ? json : {})
const atLeast = (json: Json | undefined): number => (typeof json === "number" ? json : 0)
const isSchema = (json: Json | undefined): json is JsonObject => isRecord(json)
const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json)

function without(schema: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)))
}
