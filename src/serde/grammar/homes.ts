import { decorators, stepFields } from "./decorators.js"
import { snake } from "./field.js"
import { nodeForms } from "./nodes.js"

let found: Map<string, string[]> | undefined

/** Where each key of the grammar may stand, for keys that stand elsewhere. */
export function homes(): ReadonlyMap<string, readonly string[]> {
  if (found === undefined) {
    const table = new Map<string, string[]>()
    const add = (key: string, home: string): void => {
      table.set(key, [...new Set([...(table.get(key) ?? []), home])])
    }
    for (const key of ["steps", ...Object.keys(nodeForms), ...Object.keys(stepFields)]) add(key, "a step")
    for (const { key, schema } of decorators) {
      add(key, "a step")
      for (const inner of keysOf(schema)) add(inner, `\`${key}\``)
    }
    for (const [key, { body, beside }] of Object.entries(nodeForms)) {
      for (const inner of keysOf(body.schema)) add(inner, `\`${key}\``)
      for (const inner of Object.keys(beside)) add(snake(inner), `a step with \`${key}\``)
    }
    for (const key of ["input", "params", "agents", "providers", "default_provider", "flows"]) add(key, "the document")
    found = table
  }
  return found
}

/** The keys of the records among the alternatives of a schema. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return []
  const properties: unknown = Reflect.get(schema, "properties")
  const alternatives: unknown = Reflect.get(schema, "anyOf")
  return [
    ...(typeof properties === "object" && properties !== null ? Object.keys(properties) : []),
    ...(Array.isArray(alternatives) ? alternatives.flatMap(keysOf) : []),
  ]
}
