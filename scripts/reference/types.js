/**
 * A JSON Schema, as the format has them.
 *
 * @typedef {{ description?: string, $comment?: string, $ref?: string, const?: unknown, enum?: unknown[], default?: unknown,
 *   examples?: unknown[], type?: string | string[], minimum?: number, maximum?: number, items?: Schema, anyOf?: Schema[],
 *   properties?: Record<string, Schema>, required?: string[], additionalProperties?: boolean | Schema,
 *   $defs?: Record<string, Schema> }} Schema
 */

const words = new Map([
  ["string", "text"],
  ["boolean", "`true` or `false`"],
  ["integer", "whole number"],
  ["number", "number"],
  ["object", "mapping"],
  ["array", "list"],
])

/** @param {Schema} schema */
const bounds = ({ minimum, maximum }) => {
  if (minimum === undefined) return ""
  return maximum === undefined || maximum === Number.MAX_VALUE ? ` (${minimum} or more)` : ` (${minimum} to ${maximum})`
}

/**
 * What may stand in the place of a schema, in words.
 *
 * @param {Schema} schema
 * @returns {string}
 */
export function typeWords(schema) {
  const { $ref, anyOf, type, items, additionalProperties, properties } = schema
  if ($ref !== undefined) return link($ref)
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(code).join(" or ")
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeWords))].join(" or ")
  if (type === "array" && items !== undefined) return records(items).length > 0 ? "list" : `list of ${typeWords(items)}`
  if (properties === undefined && typeof additionalProperties === "object") {
    const isRecord = records(additionalProperties).length > 0
    return isRecord ? "mapping of names" : `mapping of names to ${typeWords(additionalProperties)}`
  }
  if (type === undefined) return "any value"
  const one = [type].flat().map((name) => words.get(name) ?? name)
  return `${one.join(" or ")}${bounds(schema)}`
}

/** @param {string} ref */
function link(ref) {
  const name = ref.replace("#/$defs/", "")
  return `[${name}](#${name})`
}

/** @param {unknown} value */
export const code = (value) => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``

/**
 * The mappings of closed keys among what may stand in the place of a schema.
 *
 * @param {Schema} schema
 * @returns {Schema[]}
 */
export function records(schema) {
  if (schema.properties !== undefined) return [schema]
  const inner = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []
  const items = schema.items === undefined ? [] : [schema.items]
  return [...(schema.anyOf ?? []), ...inner, ...items].flatMap(records)
}
