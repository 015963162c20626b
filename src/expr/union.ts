import type { Json, JsonObject } from "../data/json.js"
import type { JsonSchema } from "../data/schema.js"
import { literalList } from "../data/schema-build.js"
import { isSchemaObject, lookUp, type Shape, shape } from "./shape.js"

const mostParts = 4_000
const schemaMaps = new Set(["properties", "patternProperties", "dependentSchemas"])
const data = new Set(["const", "enum", "default", "examples", "required", "type"])

/**
 * A type's schema with every reference put in place, so that it can stand inside another one. What refers to itself,
 * and what would grow beyond measure, becomes `true`: nothing is known of it.
 */
export function inline({ schema, root }: Shape): JsonSchema {
  if (!mentionsRef(schema)) return schema
  let parts = 0
  const place = (json: Json, open: readonly string[]): Json => {
    if (++parts > mostParts) return true
    if (Array.isArray(json)) return (json as readonly Json[]).map((part) => place(part, open))
    if (!isSchemaObject(json)) return json
    const ref = json["$ref"]
    const rest: Record<string, Json> = {}
    for (const [key, value] of Object.entries(json)) {
      if (key === "$ref" || key === "$defs" || key === "definitions") continue
      if (data.has(key)) rest[key] = value
      else if (schemaMaps.has(key) && isSchemaObject(value)) rest[key] = mapped(value, (part) => place(part, open))
      else rest[key] = place(value, open)
    }
    if (typeof ref !== "string") return rest
    const target = open.includes(ref) ? true : place(lookUp(ref, root), [...open, ref])
    if (Object.keys(rest).length === 0) return target
    return target === true ? rest : { ...rest, allOf: [target] }
  }
  const placed = place(schema, [])
  return isSchemaObject(placed) ? placed : true
}

function mapped(schemas: JsonObject, change: (schema: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([key, value]) => [key, change(value)]))
}

function mentionsRef(json: Json): boolean {
  if (Array.isArray(json)) return json.some(mentionsRef)
  if (!isSchemaObject(json)) return false
  return Object.entries(json).some(([key, value]) => key === "$ref" || (!data.has(key) && mentionsRef(value)))
}

/** The type of what is of one of these types: equal ones once, unions flattened. */
export function union(shapes: readonly Shape[]): Shape {
  const [only] = shapes
  if (only !== undefined && shapes.every((one) => one.schema === only.schema && one.root === only.root)) return only
  const seen = new Map<string, JsonSchema>()
  for (const schema of shapes.map(inline).flatMap(alternatives)) {
    if (schema === true || Object.keys(schema).length === 0) return shape(true)
    seen.set(JSON.stringify(schema), schema)
  }
  const kept = [...seen.values()].filter((schema) => !(isType(schema, "integer") && seen.has('{"type":"number"}')))
  const [first] = kept
  if (first === undefined) return shape(true)
  return shape(kept.length === 1 ? first : { anyOf: kept.filter((schema) => schema !== true) })
}

const isType = (schema: JsonSchema, type: string): boolean =>
  schema !== true && schema["type"] === type && Object.keys(schema).length === 1

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  if (schema === true || Object.keys(schema).length !== 1) return [schema]
  const parts = schema["anyOf"]
  if (!Array.isArray(parts)) return [schema]
  return (parts as readonly Json[]).map((part) => (isSchemaObject(part) ? part : true))
}

/** The type of lists of such elements; of any list when there is none to tell from. */
export function listOf(items: readonly Shape[]): Shape {
  if (items.length === 0) return shape({ type: "array" })
  return shape({ type: "array", items: union(items).schema })
}

/** The type of a list that is written out, element by element. */
export const writtenOut = (items: readonly Shape[]): Shape => shape(literalList(items.map(inline), union(items).schema))

/** The type of objects with exactly these fields. */
export function objectOf(fields: ReadonlyArray<readonly [string, Shape]>): Shape {
  return shape({
    type: "object",
    properties: Object.fromEntries(fields.map(([name, field]) => [name, inline(field)])),
    required: fields.map(([name]) => name),
    additionalProperties: false,
  })
}
