import { isLeft } from "./either.js"
import { isRecord, type Json, type JsonObject } from "./json.js"
import { type JsonSchema, jsonSchema, type Schema } from "./schema.js"

/**
 * The validators of one schema and of the parts of it that were asked for. A validator is costly to make and is never
 * let go of by its engine, so each is made once.
 */
export class PartChecks {
  readonly whole: Schema<unknown>
  readonly #defs: JsonObject
  /** Whether the definitions themselves refer to what only the whole schema resolves. */
  readonly #opaque: boolean
  readonly #parts = new Map<string, Schema<unknown>>()

  constructor(root: JsonSchema) {
    this.whole = jsonSchema(root)
    const defs = root === true ? undefined : root["$defs"]
    this.#defs = defs === undefined ? {} : { $defs: defs }
    this.#opaque = refersElsewhere(this.#defs)
  }

  /** Whether a value fits a part. Yes, for now, where the part refers to what only the whole schema resolves. */
  fits(part: JsonObject, value: Json): boolean {
    if (this.#opaque || refersElsewhere(part)) return true
    const key = JSON.stringify(part)
    let schema = this.#parts.get(key)
    if (schema === undefined) {
      schema = jsonSchema({ ...this.#defs, ...part })
      this.#parts.set(key, schema)
    }
    return !isLeft(schema.parse(value))
  }
}

const known = new WeakMap<object, PartChecks>()

/** The validators of that schema. */
export function checksOf(root: JsonSchema): PartChecks {
  if (root === true) return new PartChecks(root)
  let checks = known.get(root)
  if (checks === undefined) {
    checks = new PartChecks(root)
    known.set(root, checks)
  }
  return checks
}

function refersElsewhere(json: Json): boolean {
  if (Array.isArray(json)) return json.some(refersElsewhere)
  if (!isRecord(json)) return false
  return Object.entries(json).some(([key, value]: [string, Json]) =>
    key === "$ref" ? typeof value !== "string" || !value.startsWith("#/$defs/") : refersElsewhere(value),
  )
}
