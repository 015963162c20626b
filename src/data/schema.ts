import { createRequire } from "node:module"
import { type Either, left, right } from "./either.js"
import type { ZodType } from "zod"
import type { JsonObject } from "./json.js"
import { linearPattern } from "./regex.js"

/** A JSON Schema, draft 2020-12. `true` accepts everything. */
export type JsonSchema = JsonObject | true

/** One thing wrong with a value: where (a JSON pointer, `""` for the whole value) and what. */
export interface Issue {
  readonly at: string
  readonly message: string
}

/**
 * What a value must look like, for programs (`parse`) and for documents and checks (`json`).
 *
 * `json` is undefined where the shape cannot be written as JSON Schema (a zod transform, say); `check` then reports the
 * place as unchecked.
 */
export interface Schema<out T> {
  readonly json: JsonSchema | undefined
  parse(value: unknown): Either<readonly Issue[], T>
}

const pointer = (path: readonly PropertyKey[]): string => path.map((key) => `/${String(key)}`).join("")

/** A schema from zod. `side` says which JSON Schema stands for it: what it accepts or what it gives. */
export function zodSchema<T>(zod: ZodType<T>, side: "input" | "output" = "input"): Schema<T> {
  let json: { readonly schema: JsonSchema | undefined } | undefined
  return {
    get json() {
      json ??= { schema: zodJson(zod, side) }
      return json.schema
    },
    parse(value) {
      const result = zod.safeParse(value)
      if (result.success) return right(result.data)
      return left(result.error.issues.map((issue) => ({ at: pointer(issue.path), message: issue.message })))
    },
  }
}

function zodJson(zod: ZodType, side: "input" | "output"): JsonSchema | undefined {
  try {
    const given = side === "input" ? { override: anyWhereConverted } : {}
    const { $schema: _, ...schema } = zod.toJSONSchema({ target: "draft-2020-12", io: side, ...given }) as JsonObject
    return schema
  } catch {
    return undefined // zod throws where JSON Schema has no word for the type: `check` says that it is unchecked
  }
}

/**
 * What is converted before it is looked at (`z.coerce`, `z.preprocess`), or replaced where it does not fit (`.catch`), may be
 * anything; zod writes down what it is converted to.
 */
function anyWhereConverted({ zodSchema: { _zod: zod }, jsonSchema }: Overridden): void {
  const { def } = zod
  const converted =
    ("coerce" in def && def.coerce === true) ||
    def.type === "catch" ||
    (def.type === "pipe" && "in" in def && isTransform(def.in))
  if (!converted) return
  for (const key of Object.keys(jsonSchema)) if (key !== "title" && key !== "description") delete jsonSchema[key]
}

const isTransform = (zod: unknown): boolean =>
  zod !== null && typeof zod === "object" && "type" in zod && zod.type === "transform"

interface Overridden {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } }
  readonly jsonSchema: Record<string, unknown>
}

type Validate = ((value: unknown) => boolean) & {
  readonly errors?: ReadonlyArray<{
    readonly instancePath: string
    readonly message?: string
    readonly params: object
  }> | null
}
interface Ajv {
  compile(schema: object | boolean): Validate
  removeSchema(schema: object): unknown
}

let ajv: Ajv | undefined

/** ajv is loaded on the first validation, not before: `troupe check` starts without it. */
function ready(): Ajv {
  if (ajv === undefined) {
    const require = createRequire(import.meta.url)
    const { Ajv2020 } = require("ajv/dist/2020.js") as { Ajv2020: new (options: object) => Ajv }
    const { default: addFormats } = require("ajv-formats") as { default: (ajv: Ajv) => void }
    const code = { regExp: patternOf }
    ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, ownProperties: true, code })
    addFormats(ajv)
  }
  return ajv
}

/**
 * The `pattern` of a schema. It runs in time linear in the text; only what RE2 cannot read (a look-ahead, a reference to a
 * group, more than 1,000 characters) is left to JavaScript's own engine, which may take long.
 */
function patternOf(source: string, flags: string): { test(text: string): boolean; toString(): string } {
  const native = new RegExp(source, flags) // throws where it is none
  const linear = linearPattern(source)
  if (typeof linear === "string") return native
  return { test: (text) => linear.test(text), toString: () => native.toString() } // ajv tells patterns apart by their text
}
patternOf.code = "new RegExp" // what ajv would write into a file of its own

/** Validators by the text of their schemas: a document that is read again compiles nothing. */
const validators = new Map<string, Validate>()
const remembered = 1_000

function compiled(json: JsonSchema): Validate {
  const text = JSON.stringify(json)
  const known = validators.get(text)
  if (known !== undefined) return known
  if (validators.size >= remembered) {
    validators.clear()
    ajv = undefined // an engine keeps something of all that it compiled
  }
  const engine = ready()
  try {
    const validate = engine.compile(json)
    validators.set(text, validate)
    return validate
  } finally {
    if (json !== true) engine.removeSchema(json) // another may have the same `$id`
  }
}

/**
 * A schema from JSON Schema 2020-12, compiled by ajv on first use. Nothing fits an ill-formed one: `parse` says what is
 * wrong with it.
 */
export function jsonSchema(json: JsonSchema): Schema<unknown> {
  let validate: Validate | undefined
  return {
    json,
    parse(value) {
      try {
        validate ??= compiled(json)
      } catch (error) {
        return left([
          {
            at: "",
            message: `the schema itself is ill-formed: ${error instanceof Error ? error.message : String(error)}`,
          },
        ])
      }
      try {
        if (validate(value)) return right(value)
      } catch (error) {
        // ajv compares with what a value calls its own `toString`, and throws where that is data
        return left([{ at: "", message: `it cannot be compared: ${error instanceof Error ? error.message : "ajv"}` }])
      }
      return left((validate.errors ?? []).map(issueOf))
    },
  }
}

function issueOf(error: NonNullable<NonNullable<Validate["errors"]>[number]>): Issue {
  const detail = Object.entries(error.params)
    .filter(([key]) => key === "additionalProperty" || key === "allowedValues")
    .map(([, value]) => JSON.stringify(value))
  return { at: error.instancePath, message: [error.message ?? "does not fit", ...detail].join(": ") }
}

/** A reason against a JSON Schema itself (an unknown type, a bad pattern), or `undefined` when it is well-formed. */
export function schemaProblem(json: JsonSchema): string | undefined {
  try {
    compiled(json)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
