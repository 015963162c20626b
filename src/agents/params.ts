import { type Either, isLeft, left, right } from "../data/either.js"
import { own } from "../data/json.js"
import { type Issue, type JsonSchema, jsonSchema } from "../data/schema.js"
import type { Params } from "../flow/runtime.js"

/**
 * The values of a document's parameters: those given, checked, and the defaults of the rest.
 *
 * @example
 * ```ts
 * import { resolveParams } from "troupe/agents"
 * const resolved = resolveParams({ tries: { type: "integer", default: 2 } })
 * resolved._tag === "Right" && resolved.right // { tries: 2 }
 * ```
 */
export function resolveParams(
  schemas: Readonly<Record<string, JsonSchema>>,
  given: Params = {},
): Either<readonly Issue[], Params> {
  const issues: Issue[] = []
  const values: [string, unknown][] = []
  for (const name of Object.keys(given)) {
    if (own(schemas, name) !== undefined) continue
    const known = Object.keys(schemas)
    const message = `no such parameter; expected ${known.length === 0 ? "none" : known.join(", ")}`
    issues.push({ at: name, message })
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const fallback = schema === true ? undefined : schema["default"]
    const value = Object.hasOwn(given, name) && given[name] !== undefined ? given[name] : fallback
    if (value === undefined) {
      issues.push({ at: name, message: "it has no default and no value was given" })
      continue
    }
    const parsed = jsonSchema(schema).parse(value)
    if (isLeft(parsed)) issues.push(...parsed.left.map(({ at, message }) => ({ at: `${name}${at}`, message })))
    else values.push([name, parsed.right])
  }
  return issues.length > 0 ? left(issues) : right(Object.fromEntries(values))
}
