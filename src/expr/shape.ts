import { isRecord, type Json, type JsonObject, own } from "../data/json.js"
import type { JsonSchema } from "../data/schema.js"
import { type Kind, kindOf } from "./kind.js"

/** A type: a JSON Schema, and the schema in which its `$ref`s are looked up. */
export interface Shape {
  readonly schema: JsonSchema
  readonly root: JsonSchema
}

/** One alternative of a type: of one kind, or of a kind that is not known. Its schema has no `$ref`, `anyOf` and the like. */
export interface Arm {
  readonly kind: Kind | "any"
  readonly schema: JsonObject
  readonly root: JsonSchema
}

export const unknownShape: Shape = { schema: true, root: true }

/** A type that stands on its own. */
export const shape = (schema: JsonSchema): Shape => ({ schema, root: schema })

const anyArm: Arm = { kind: "any", schema: {}, root: true }
const unknownArms: readonly Arm[] = [anyArm]
const mostArms = 64
const deepest = 24

/** The alternatives of a type: unions opened, references followed. None where the schema accepts nothing. */
export function armsOf({ schema, root }: Shape): readonly Arm[] {
  return open(schema, root, 0)
}

function open(schema: Json | undefined, root: JsonSchema, depth: number): readonly Arm[] {
  if (schema === false) return []
  if (!isSchemaObject(schema) || depth > deepest) return unknownArms
  const { $ref, anyOf, oneOf, allOf, ...plain } = schema
  let arms = armsOfPlain(plain, root)
  if (typeof $ref === "string") arms = meet(arms, open(lookUp($ref, root), root, depth + 1))
  if (isArray(allOf)) for (const part of allOf) arms = meet(arms, open(part, root, depth + 1))
  for (const union of [anyOf, oneOf]) {
    if (isArray(union))
      arms = meet(
        arms,
        union.flatMap((part) => open(part, root, depth + 1)),
      )
  }
  return arms.length > mostArms ? unknownArms : arms
}

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

/** Whether a JSON value is a schema with keywords. */
export const isSchemaObject = (value: Json | undefined): value is JsonObject => isRecord(value)

/** What a local reference points at: `#`, or a JSON pointer from the root. Anything else is unknown. */
export function lookUp(ref: string, root: JsonSchema): Json {
  if (ref === "#") return root
  if (!ref.startsWith("#/")) return true
  let found: Json | undefined = root
  for (const part of ref.slice(2).split("/")) {
    const key = unescaped(part)
    if (isArray(found)) found = found[Number(key)]
    else if (isSchemaObject(found)) found = own(found, key)
    else return true
  }
  return found ?? true
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
  } catch {
    return part
  }
}

const kindOfType: Readonly<Record<string, Kind>> = {
  null: "null",
  boolean: "boolean",
  integer: "number",
  number: "number",
  string: "string",
  array: "list",
  object: "object",
}
const typeOfKind: Readonly<Record<Kind, string>> = {
  null: "null",
  boolean: "boolean",
  number: "number",
  string: "string",
  list: "array",
  object: "object",
}
const objectWords = ["properties", "required", "additionalProperties", "patternProperties", "propertyNames"]
const listWords = ["items", "prefixItems", "minItems", "maxItems"]

/** What `type` and `nullable` say. */
function typesIn({ type, nullable }: JsonObject): Json | undefined {
  if (nullable !== true || type === undefined) return type
  return [...(isArray(type) ? type : [type]).filter((name) => name !== "null"), "null"]
}

function armsOfPlain(schema: JsonObject, root: JsonSchema): readonly Arm[] {
  const { type: _, nullable: __, ...rest } = schema
  const type = typesIn(schema)
  const values = constantsIn(schema)
  if (values !== undefined) {
    const types = typeof type === "string" ? [type] : isArray(type) ? type : undefined
    const kinds = types?.map((name) => (typeof name === "string" ? own(kindOfType, name) : undefined))
    const found = [...new Set(values.map(kindOf))].filter((kind) => kind !== undefined)
    const { const: ___, enum: ____, ...others } = rest
    return found
      .filter((kind) => kinds === undefined || kinds.includes(kind))
      .map((kind) => {
        const mine = values.filter((value) => kindOf(value) === kind)
        const name = types?.find((known) => typeof known === "string" && own(kindOfType, known) === kind)
        return { kind, schema: { ...others, type: name ?? typeOfKind[kind], enum: mine }, root }
      })
  }
  if (typeof type === "string") return [{ kind: own(kindOfType, type) ?? "any", schema, root }]
  if (isArray(type)) {
    return type.map((name) => ({
      kind: typeof name === "string" ? (own(kindOfType, name) ?? "any") : "any",
      schema: { ...rest, type: name },
      root,
    }))
  }
  if (objectWords.some((word) => Object.hasOwn(schema, word))) return [{ kind: "object", schema, root }]
  if (listWords.some((word) => Object.hasOwn(schema, word))) return [{ kind: "list", schema, root }]
  return [{ kind: "any", schema, root }]
}

function constantsIn(schema: JsonObject): readonly Json[] | undefined {
  if (Object.hasOwn(schema, "const")) return schema["const"] === undefined ? undefined : [schema["const"]]
  const values = own(schema, "enum")
  return isArray(values) ? values : undefined
}

/** The values that an alternative is confined to, if it is. */
export const constantsOf = (arm: Arm): readonly Json[] | undefined => constantsIn(arm.schema)

/** What satisfies one of each list: the alternatives of `allOf`. */
function meet(some: readonly Arm[], others: readonly Arm[]): readonly Arm[] {
  if (some.length * others.length > mostArms) return unknownArms
  return some.flatMap((a) => others.flatMap((b) => both(a, b)))
}

function both(a: Arm, b: Arm): readonly Arm[] {
  if (a.kind !== "any" && b.kind !== "any" && a.kind !== b.kind) return []
  const [properties, more] = [own(a.schema, "properties"), own(b.schema, "properties")]
  const [needed, alsoNeeded] = [own(a.schema, "required"), own(b.schema, "required")]
  const schema: Record<string, Json> = { ...a.schema, ...b.schema }
  if (isSchemaObject(properties) && isSchemaObject(more)) schema["properties"] = { ...properties, ...more }
  if (isArray(needed) && isArray(alsoNeeded)) schema["required"] = [...new Set([...needed, ...alsoNeeded])]
  if (a.kind === "number" && b.kind === "number" && own(a.schema, "type") === "integer") schema["type"] = "integer"
  return [{ kind: a.kind === "any" ? b.kind : a.kind, schema, root: a.root === true ? b.root : a.root }]
}

/** What a type says of a field: it is there, it may be missing, it cannot be there, or nothing is known. */
export interface FieldShape {
  readonly found: "always" | "maybe" | "never" | "unknown"
  readonly shape: Shape
}

const never: FieldShape = { found: "never", shape: unknownShape }

/** Looks a field up in one alternative. Objects with `properties` are closed unless they say otherwise. */
export function fieldOf(arm: Arm, name: string): FieldShape {
  if (arm.kind === "any") return { found: "unknown", shape: unknownShape }
  if (arm.kind !== "object") return never
  const properties = own(arm.schema, "properties")
  const property = isSchemaObject(properties) ? own(properties, name) : undefined
  const needed = isRequired(arm, name)
  if (property === false) return never
  if (property !== undefined) {
    return { found: needed ? "always" : "maybe", shape: { schema: asSchema(property), root: arm.root } }
  }
  const others = own(arm.schema, "additionalProperties")
  if (isSchemaObject(others) && Object.keys(others).length > 0) {
    return { found: needed ? "always" : "maybe", shape: { schema: others, root: arm.root } }
  }
  const closed = others === false || (others === undefined && isSchemaObject(properties))
  const conditional = ["patternProperties", "if", "dependentSchemas", "unevaluatedProperties"]
  if (closed && !needed && !conditional.some((word) => Object.hasOwn(arm.schema, word))) return never
  return { found: "unknown", shape: unknownShape }
}

/** Whether every value of an alternative has the field. */
export function isRequired(arm: Arm, name: string): boolean {
  const needed = own(arm.schema, "required")
  return isArray(needed) && needed.includes(name)
}

/** The fields that an alternative names. */
export function fieldsOf(arm: Arm): readonly string[] {
  const properties = own(arm.schema, "properties")
  return isSchemaObject(properties) ? Object.keys(properties) : []
}

/** An alternative in which a field is known to be there: one of unknown kind is an object then. */
export function withField(arm: Arm, name: string): Arm {
  const { found, shape } = fieldOf(arm, name)
  if (found === "unknown") {
    const needed = own(arm.schema, "required")
    const required = [...new Set([...(isArray(needed) ? needed : []), name])]
    return { ...arm, kind: "object", schema: { ...arm.schema, type: "object", required } }
  }
  if (found !== "maybe") return arm
  const properties = own(arm.schema, "properties")
  const needed = own(arm.schema, "required")
  const schema: JsonObject = {
    ...arm.schema,
    properties: { ...(isSchemaObject(properties) ? properties : {}), [name]: shape.schema },
    required: [...(isArray(needed) ? needed : []), name],
  }
  return { ...arm, schema }
}

/** The type of a list's element: at a place, or of all of them. */
export function itemOf(arm: Arm, index?: number): Shape {
  const prefix = own(arm.schema, "prefixItems")
  const items = own(arm.schema, "items")
  const rest: Shape = { schema: asSchema(items), root: arm.root }
  if (!isArray(prefix)) return rest
  if (index !== undefined) return index in prefix ? { schema: asSchema(prefix[index]), root: arm.root } : rest
  const every = items === undefined || items === false ? prefix : [...prefix, items]
  return { schema: { anyOf: every }, root: arm.root }
}

/** How many elements the lists of an alternative have. */
export function lengthOf({ schema }: Arm): { readonly min: number; readonly max: number } {
  const { minItems, maxItems, prefixItems, items } = schema
  const values = constantsIn(schema)?.flatMap((value) => (isArray(value) ? [value.length] : []))
  if (values !== undefined && values.length > 0) return { min: Math.min(...values), max: Math.max(...values) }
  const most = typeof maxItems === "number" ? maxItems : Infinity
  const listed = isArray(prefixItems) ? prefixItems.length : 0
  return { min: typeof minItems === "number" ? minItems : 0, max: items === false ? Math.min(most, listed) : most }
}

const asSchema = (json: Json | undefined): JsonSchema =>
  isSchemaObject(json) ? json : json === false ? { not: {} } : true

/** A type of these alternatives of one type. */
export function ofArms(arms: readonly Arm[]): Shape {
  const [first, ...more] = arms
  if (first === undefined || arms.some((arm) => arm.kind === "any")) return unknownShape
  if (more.length === 0) return first
  return { schema: { anyOf: arms.map((arm) => arm.schema) }, root: first.root }
}

/** The kinds of a type's alternatives, as far as they are known. */
export function kindsOf(arms: readonly Arm[]): readonly Kind[] {
  return [...new Set(arms.map((arm) => arm.kind))].filter((kind) => kind !== "any")
}
