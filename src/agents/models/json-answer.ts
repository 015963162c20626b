import { FaultError } from "../../data/fault.js"
import { isRecord, type Json, type JsonObject } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"

/** A schema whose root is an object, as providers want it. `wrapped`: the answer stands under `value`. */
export interface ObjectSchema {
  readonly schema: JsonObject
  readonly wrapped: boolean
}

/** What a provider's grammar of schemas knows. */
export interface Grammar {
  /** Keywords it understands, besides the structural ones. */
  readonly keywords: ReadonlySet<string>
  /** Whether every property must be required. */
  readonly allRequired: boolean
}

/** The grammar behind OpenAI's `strict: true`. */
export const openaiStrict: Grammar = {
  keywords: names("pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems"),
  allRequired: true,
}

/** Anthropic's, after its SDK has turned the constraints that it does not know into descriptions. */
export const anthropicSchema: Grammar = {
  keywords: names(
    "pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems " +
      "minLength maxLength uniqueItems default examples minProperties maxProperties",
  ),
  allRequired: false,
}

const structural = names(
  "type properties required additionalProperties items enum const anyOf $ref $defs description title",
)

/** The schema with an object at its root: itself, or wrapped; `undefined` where wrapping would break its references. */
export function objectSchema(schema: JsonSchema): ObjectSchema | undefined {
  if (schema === true) return undefined
  if (schema["type"] === "object" && !("anyOf" in schema)) return { schema, wrapped: false }
  const { $defs, $schema: _, ...value } = schema
  if (!referencesAreTo$defs(value)) return undefined
  const wrapper = { type: "object", properties: { value }, required: ["value"], additionalProperties: false }
  return { schema: $defs === undefined ? wrapper : { ...wrapper, $defs }, wrapped: true }
}

function referencesAreTo$defs(json: Json): boolean {
  if (Array.isArray(json)) return json.every(referencesAreTo$defs)
  if (!isRecord(json)) return true
  return Object.entries(json).every(([key, value]: [string, Json]) =>
    key === "$ref" ? typeof value === "string" && value.startsWith("#/$defs/") : referencesAreTo$defs(value),
  )
}

/**
 * The schema in a provider's closed form: every object has `additionalProperties: false`. Whatever fits the result fits
 * the schema; `undefined` where the grammar cannot say it (an open record, a recursion, an unknown keyword).
 */
export function closedSchema(schema: JsonObject, grammar: Grammar): JsonObject | undefined {
  if (isRecursive(schema)) return undefined
  return closeOne(schema, grammar)
}

function closeOne(schema: Json, grammar: Grammar): JsonObject | undefined {
  if (!isObject(schema)) return undefined
  const { $schema: _, ...rest } = schema
  if (!Object.keys(rest).every((key) => structural.has(key) || grammar.keywords.has(key))) return undefined
  const named = ["type", "enum", "const", "anyOf", "$ref"].some((key) => key in rest)
  if (!named || Array.isArray(rest["type"])) return undefined
  const parts: Record<string, Json> = { ...rest }
  if (rest["type"] === "object") {
    const properties = rest["properties"] ?? {}
    if ((rest["additionalProperties"] ?? false) !== false || !isObject(properties)) return undefined
    const names = Object.keys(properties)
    const required = rest["required"] ?? []
    if (names.length === 0 || !Array.isArray(required)) return undefined
    if (grammar.allRequired && !names.every((name) => required.includes(name))) return undefined
    parts["additionalProperties"] = false
  }
  for (const key of ["properties", "$defs"]) {
    const members = rest[key]
    if (members === undefined) continue
    const closed = closeMembers(members, grammar)
    if (closed === undefined) return undefined
    parts[key] = closed
  }
  if (rest["items"] !== undefined) {
    const items = closeOne(rest["items"], grammar)
    if (items === undefined) return undefined
    parts["items"] = items
  } else if (rest["type"] === "array") return undefined
  const anyOf = rest["anyOf"]
  if (anyOf !== undefined) {
    const closed = Array.isArray(anyOf) ? anyOf.map((arm: Json) => closeOne(arm, grammar)) : [undefined]
    const arms = closed.filter((arm) => arm !== undefined)
    if (arms.length !== closed.length) return undefined
    parts["anyOf"] = arms
  }
  return parts
}

function closeMembers(members: Json, grammar: Grammar): JsonObject | undefined {
  if (!isObject(members)) return undefined
  const closed: Record<string, Json> = {}
  for (const [name, member] of Object.entries(members)) {
    const one = closeOne(member, grammar)
    if (one === undefined) return undefined
    closed[name] = one
  }
  return closed
}

/** Whether a reference leads, by whatever way, back to itself. Every reference counts that is not to `$defs`. */
function isRecursive(schema: JsonObject): boolean {
  const defs = schema["$defs"]
  const edges = new Map<string, readonly string[]>()
  if (isObject(defs)) for (const [name, def] of Object.entries(defs)) edges.set(`#/$defs/${name}`, referencesOf(def))
  const open = new Set<string>()
  const visit = (target: string): boolean => {
    const next = edges.get(target)
    if (next === undefined || open.has(target)) return true
    open.add(target)
    const found = next.some(visit)
    open.delete(target)
    return found
  }
  return referencesOf(schema).some(visit)
}

function referencesOf(json: Json): readonly string[] {
  if (Array.isArray(json)) return json.flatMap(referencesOf)
  if (!isObject(json)) return []
  return Object.entries(json).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : referencesOf(value),
  )
}

/** The system text with a wish for JSON, for providers and schemas that have no better way. */
export function withSchemaText(system: string | undefined, schema: JsonSchema): string {
  const wish =
    schema === true
      ? "Answer with one JSON value and nothing else."
      : `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(schema)}`
  return system === undefined || system === "" ? wish : `${system}\n\n${wish}`
}

/** Reads an answer as JSON. Code fences around it are forgiven; anything else is the fault `InvalidOutput`. */
export function readJson(text: string, options: { readonly wrapped: boolean; readonly cut: boolean }): unknown {
  const value = parseJson(text) ?? parseJson(/^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1])
  if (value === undefined) throw notJson(text, options.cut)
  if (!options.wrapped) return value.json
  if (!isRecord(value.json) || !Object.hasOwn(value.json, "value")) throw notJson(text, options.cut)
  return value.json["value"]
}

function parseJson(text: string | undefined): { readonly json: unknown } | undefined {
  if (text === undefined) return undefined
  try {
    const json: unknown = JSON.parse(text)
    return { json }
  } catch {
    return undefined
  }
}

function notJson(text: string, cut: boolean): FaultError {
  const message = cut
    ? "the model's answer is not JSON: it was cut off at max_tokens"
    : "the model's answer is not JSON, though a schema was asked for"
  return new FaultError({ _tag: "InvalidOutput", message, value: text, issues: [{ at: "", message }], retry: "yes" })
}

const isObject = (json: Json | undefined): json is JsonObject => isRecord(json)

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(" "))
}
