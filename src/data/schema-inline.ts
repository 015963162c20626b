import { type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import { depthLimit, isJsonArray, isJsonObject, subschema } from "./schema-build.js"

/** How many nodes a schema may grow to; beyond it nothing is known of the rest. */
const sizeLimit = 20_000

const known = new WeakMap<JsonObject, JsonSchema>()

/** Keywords whose value is data and not a schema. */
const literal: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"])

/**
 * The schema without references: each local `$ref` (`#`, `#/$defs/…`) is replaced by what it refers to, so that a part can be
 * taken out of the whole. A reference within itself, or out of the document, stays and carries its target in `$comment`:
 * two of them are the same type where they are equal, and otherwise nothing is known of them.
 */
export function inlined(schema: JsonSchema): JsonSchema {
  if (schema === true || !refers(schema)) return schema
  const before = known.get(schema)
  if (before !== undefined) return before
  let left = sizeLimit

  function expand(json: Json, open: readonly string[], depth: number): Json {
    if (--left < 0 || depth > depthLimit) return true
    if (isJsonArray(json)) return json.map((part) => expand(part, open, depth + 1))
    if (!isJsonObject(json)) return json
    const ref = json["$ref"]
    if (typeof ref === "string") return follow(json, ref, open, depth)
    return fields(json, open, depth)
  }

  function fields(json: JsonObject, open: readonly string[], depth: number): JsonObject {
    return Object.fromEntries(
      Object.entries(json)
        .filter(([key]) => key !== "$defs" && key !== "definitions")
        .map(([key, part]) => [key, literal.has(key) ? part : expand(part, open, depth + 1)]),
    )
  }

  function follow(json: JsonObject, ref: string, open: readonly string[], depth: number): Json {
    const target = resolve(schema, ref)
    if (target === undefined) return { $ref: ref }
    if (open.includes(ref)) return { $ref: ref, $comment: JSON.stringify(target) }
    const expanded = expand(target, [...open, ref], depth + 1)
    const { $ref: _, ...beside } = json
    const rest = fields(beside, open, depth)
    return Object.keys(rest).length === 0 ? expanded : { ...rest, allOf: [expanded] }
  }

  const out = subschema(expand(schema, ["#"], 0))
  known.set(schema, out)
  return out
}

/** Whether a schema has any reference; a very deep one counts as if it had. */
function refers(json: Json, depth = 0): boolean {
  if (depth > depthLimit) return true
  if (isJsonArray(json)) return json.some((part) => refers(part, depth + 1))
  if (!isJsonObject(json)) return false
  return Object.hasOwn(json, "$ref") || Object.values(json).some((part) => refers(part, depth + 1))
}

function resolve(root: JsonSchema, ref: string): Json | undefined {
  if (ref === "#") return root
  if (!ref.startsWith("#/")) return undefined
  let at: Json | undefined = root
  for (const part of ref.slice(2).split("/")) {
    const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~")
    if (isJsonArray(at)) at = at[Number(key)]
    else at = isJsonObject(at) ? own(at, key) : undefined
  }
  return at
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray %: the text is meant as it stands
  }
}
