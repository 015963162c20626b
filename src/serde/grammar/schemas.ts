import { messageOf } from "../../data/fault.js"
import { type Json, type JsonObject, isRecord, own } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"
import { nearest } from "../../data/nearest.js"
import { identifier } from "../../flow/scope.js"
import { type Entry, entry, kindOf, plain, type Tree } from "../tree.js"
import { descend } from "./code.js"
import { ofKind } from "./definitions.js"
import type { Field } from "./field.js"
import type { Reader } from "./reader.js"
import { saneReferences } from "./schema-refs.js"

const types = ["string", "number", "integer", "boolean", "object", "array", "null"] as const

const schemaLists: ReadonlySet<string> = new Set(["anyOf", "allOf", "oneOf", "prefixItems"])
const schemaMaps: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"])
const schemas: ReadonlySet<string> = new Set([
  "items",
  "additionalProperties",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "propertyNames",
  "unevaluatedProperties",
])
const numbers: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
])

function words(text: string): readonly string[] {
  return text.split(" ")
}

/** Keywords of JSON Schema, and those that older drafts and OpenAPI have besides. */
const keywords: ReadonlySet<string> = new Set([
  ...schemaLists,
  ...schemaMaps,
  ...schemas,
  ...numbers,
  ...words("type required enum const default format pattern uniqueItems minContains maxContains dependentRequired"),
  ...words("title description examples deprecated readOnly writeOnly unevaluatedItems"),
  ...words("contentEncoding contentMediaType contentSchema $id $schema $ref $anchor $dynamicRef $dynamicAnchor"),
  ...words("$vocabulary $comment definitions dependencies additionalItems id example nullable discriminator xml"),
])

/**
 * A JSON Schema. The slips that people make (a type that is none, `required` that is no list, a reference to nothing) are
 * found here; what only a validator can tell, it tells when the schema is first used.
 */
export const schemaField: Field<JsonSchema> = {
  schema: ofKind("schema"),
  decode(tree, cx) {
    if (tree.kind === "scalar" && tree.value === true) return true
    if (tree.kind === "scalar" && tree.value === false) {
      return cx.wrong(
        tree,
        "a schema that is `false` accepts nothing",
        "a JSON Schema",
        "leave it out to accept anything",
      )
    }
    if (!sane(tree, cx) || !saneReferences(tree, parts, cx) || tree.kind !== "mapping") return undefined
    const json = plain(tree)
    return isSchema(json) ? json : undefined
  },
  encode: (schema) => schema,
}

/** The schemas in a schema, other than those that stand in `definitions` and the like only to be referred to. */
function parts(tree: Tree): readonly Tree[] {
  if (tree.kind !== "mapping") return []
  return tree.entries.flatMap(({ key, value }) => {
    if (schemas.has(key)) return [value]
    if (schemaLists.has(key)) return value.kind === "list" ? value.items : []
    return schemaMaps.has(key) && value.kind === "mapping" ? value.entries.map((one) => one.value) : []
  })
}

const isSchema = (json: Json): json is JsonObject => isRecord(json)

function sane(tree: Tree, cx: Reader): boolean {
  if (tree.kind === "scalar" && typeof tree.value === "boolean") return true
  if (tree.kind !== "mapping") {
    const named = types.find((type) => tree.kind === "scalar" && tree.value === type)
    const hint = `write \`{ type: ${named ?? "string"} }\``
    cx.wrong(tree, `this is ${kindOf(tree)}`, "a JSON Schema", hint)
    return false
  }
  for (const one of tree.entries) misspelt(one, cx)
  return tree.entries.map(({ key, value }) => saneKeyword(key, value, cx)).every(Boolean)
}

/** A validator passes over keywords that it does not know: one that is nearly a known one asks for nothing. */
function misspelt(one: Entry, cx: Reader): void {
  if (keywords.has(one.key)) return
  const meant = nearest(one.key, keywords)
  if (meant === undefined) return
  cx.report.key(one, {
    severity: "warning",
    code: "schema_keyword",
    message: `JSON Schema has no keyword \`${one.key}\``,
    hint: `did you mean \`${meant}\`?`,
  })
}

function saneKeyword(key: string, value: Tree, cx: Reader): boolean {
  if (key === "type") return value.kind === "list" ? value.items.every((one) => saneType(one, cx)) : saneType(value, cx)
  if (schemas.has(key)) return sane(value, cx)
  if (schemaLists.has(key)) {
    if (value.kind === "list") return value.items.map((item) => sane(item, cx)).every(Boolean)
    return cx.wrong(value, `\`${key}\` is ${kindOf(value)}`, "a list of schemas") ?? false
  }
  if (schemaMaps.has(key)) {
    if (key === "patternProperties" && value.kind === "mapping") {
      if (!value.entries.map((one) => sanePattern(one.key, one.value, cx)).every(Boolean)) return false
    }
    if (value.kind === "mapping") return value.entries.map((one) => sane(one.value, cx)).every(Boolean)
    return cx.wrong(value, `\`${key}\` is ${kindOf(value)}`, "a mapping of names to schemas") ?? false
  }
  if (key === "pattern") return sanePattern(value.kind === "scalar" ? value.value : undefined, value, cx)
  if (key === "$schema" && !(value.kind === "scalar" && value.value === dialect)) {
    return (
      cx.wrong(value, `\`$schema\` is ${kindOf(value)}`, dialect, "leave it out: no other dialect is read") ?? false
    )
  }
  if (key === "required") {
    const names =
      value.kind === "list" && value.items.every((one) => one.kind === "scalar" && typeof one.value === "string")
    return names || (cx.wrong(value, `\`required\` is ${kindOf(value)}`, "a list of names") ?? false)
  }
  if (key === "enum" && value.kind !== "list") return cx.wrong(value, `\`enum\` is ${kindOf(value)}`, "a list") ?? false
  if (numbers.has(key) && !(value.kind === "scalar" && typeof value.value === "number")) {
    return cx.wrong(value, `\`${key}\` is ${kindOf(value)}`, "a number") ?? false
  }
  return true
}

const dialect = "https://json-schema.org/draft/2020-12/schema"

/** A regular expression as JSON Schema has them: JavaScript's, with Unicode. */
function sanePattern(pattern: Json | undefined, tree: Tree, cx: Reader): boolean {
  if (typeof pattern !== "string")
    return cx.wrong(tree, `\`pattern\` is ${kindOf(tree)}`, "a regular expression") ?? false
  try {
    return new RegExp(pattern, "u").source !== ""
  } catch (error) {
    const reason = messageOf(error).replace(/^Invalid regular expression: \/[\s\S]*\/u: /, "")
    cx.report.at(tree, { code: "pattern", message: `\`${pattern}\` is no regular expression: ${reason}` })
    return false
  }
}

/** The type that other languages write shorter: `str`, `int`, `bool`. */
const shortened = (word: string): string | undefined =>
  word.length < 3 ? undefined : types.find((type) => type.startsWith(word))

function saneType(tree: Tree, cx: Reader): boolean {
  const value = tree.kind === "scalar" ? tree.value : undefined
  if (types.some((type) => type === value)) return true
  const meant = typeof value === "string" ? (nearest(value, types) ?? shortened(value)) : undefined
  const hint = meant === undefined ? undefined : `did you mean \`${meant}\`?`
  cx.wrong(tree, `this is ${kindOf(tree)}`, `a type: ${types.join(", ")}`, hint)
  return false
}

/** The parameters: schemas by name, whose defaults fit. */
export const paramsField: Field<Readonly<Record<string, JsonSchema>>> = {
  schema: { type: "object", additionalProperties: ofKind("schema") },
  decode(tree, cx) {
    if (tree.kind !== "mapping") return cx.wrong(tree, `params is ${kindOf(tree)}`, "a mapping of names to schemas")
    const out: Record<string, JsonSchema> = {}
    let wrong = false
    for (const one of tree.entries) {
      if (!identifier.test(one.key)) {
        cx.report.key(one, { code: "name", message: `\`${one.key}\` is no name: expected letters, digits and _` })
      }
      const schema = schemaField.decode(one.value, cx)
      if (schema === undefined) {
        wrong = true
        continue
      }
      out[one.key] = schema
      saneDefault(schema, one.value, cx)
    }
    return wrong ? undefined : out
  },
  encode: (params) => params,
}

function saneDefault(schema: JsonSchema, tree: Tree, cx: Reader): void {
  if (schema === true || tree.kind !== "mapping") return
  const value = own(schema, "default")
  if (value === undefined) return
  const problem = misfit(value, schema)
  if (problem !== undefined) {
    const at = entry(tree, "default")?.value ?? descend(tree, [])
    cx.report.at(at, {
      code: "param_default",
      message: `the default ${JSON.stringify(value)} does not fit: expected ${problem}`,
      hint: "change the default, or the schema beside it",
    })
  }
}

/** What a value of a simple schema should have been: its type, its bounds, its choices. */
function misfit(value: Json, schema: JsonObject): string | undefined {
  const { type, minimum, maximum, enum: choices } = schema
  const named = typeof type === "string" ? [type] : Array.isArray(type) ? type : undefined
  if (named !== undefined && !named.some((one) => isA(value, one))) return named.join(" or ")
  if (typeof value === "number") {
    if (typeof minimum === "number" && value < minimum) return `${minimum} or more`
    if (typeof maximum === "number" && value > maximum) return `${maximum} or less`
  }
  if (Array.isArray(choices) && !choices.some((one) => JSON.stringify(one) === JSON.stringify(value))) {
    return `one of ${choices.map((one) => JSON.stringify(one)).join(", ")}`
  }
  return undefined
}

function isA(value: Json, type: unknown): boolean {
  if (type === "integer") return Number.isInteger(value)
  if (type === "null") return value === null
  if (type === "array") return Array.isArray(value)
  if (type === "object") return isRecord(value)
  return typeof value === type
}
