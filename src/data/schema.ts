import { createRequire } from "node:module"
import { type Either, left, right } from "./either.js"
import type { ZodType } from "zod"
import type { JsonObject } from "./json.js"

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
    const { $schema: _, ...schema } = zod.toJSONSchema({ target: "draft-2020-12", io: side }) as JsonObject
    return schema
  } catch {
    return undefined // zod throws where JSON Schema has no word for the type: `check` says that it is unchecked
  }
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
}

let ajv: Ajv | undefined

/** ajv is loaded on the first validation, not before: `troupe check` starts without it. */
function engine(): Ajv {
  if (ajv === undefined) {
    const require = createRequire(import.meta.url)
    const { Ajv2020 } = require("ajv/dist/2020.js") as { Ajv2020: new (options: object) => Ajv }
    const { default: addFormats } = require("ajv-formats") as { default: (ajv: Ajv) => void }
    ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, ownProperties: true })
    addFormats(ajv)
  }
  return ajv
}

/** A schema from JSON Schema 2020-12, compiled by ajv on first use. Throws ajv's `Error` for an ill-formed schema. */
export function jsonSchema(json: JsonSchema): Schema<unknown> {
  let validate: Validate | undefined
  return {
    json,
    parse(value) {
      validate ??= engine().compile(json)
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
    engine().compile(json)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
