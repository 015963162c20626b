import type { Json } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"
import { arrayOf, isJsonArray, members, subschema, union, widened } from "../../data/schema-build.js"
import { inlined } from "../../data/schema-inline.js"
import { type FlowAlgebra, fold } from "../fold.js"
import type { Node, Traverse } from "../node.js"
import { typing } from "./check-algebra.js"
import { Findings } from "./check-findings.js"
import { type Typing, typed } from "./check-typing.js"

/** How many elements a list can have. */
export interface Size {
  readonly min: number
  readonly max: number
}

/** A list of which nothing is known. */
export const anyLength: Size = { min: 0, max: Infinity }

const number = (json: Json | undefined): number | undefined => (typeof json === "number" ? json : undefined)

/** How long the lists are that fit a schema; what is no list does not count. */
function sizeOf(type: JsonSchema): Size {
  const sizes = members(type).flatMap((member) => {
    if (member === true) return [anyLength]
    const { type: kind, minItems, maxItems, items, prefixItems, const: only } = member
    if (isJsonArray(only)) return [{ min: only.length, max: only.length }]
    if (typeof kind === "string" && kind !== "array") return []
    const closed = items === false ? (isJsonArray(prefixItems) ? prefixItems.length : 0) : Infinity
    const min = number(minItems) ?? 0
    return [{ min, max: Math.min(number(maxItems) ?? Infinity, closed) }]
  })
  if (sizes.length === 0) return anyLength
  return { min: Math.min(...sizes.map(({ min }) => min)), max: Math.max(...sizes.map(({ max }) => max)) }
}

const unknown: JsonSchema = true

/** The type of the elements of a list. */
function elementOf(type: JsonSchema): JsonSchema {
  return union(
    members(type).flatMap((member) => {
      if (member === true) return [member]
      const { type: kind, items, prefixItems } = member
      if (kind !== "array") return typeof kind === "string" ? [] : [unknown]
      const rest = items === false ? [] : [subschema(items)]
      return [...(isJsonArray(prefixItems) ? prefixItems.map(subschema) : []), ...rest]
    }),
  )
}

const exactly = (list: readonly unknown[]): JsonSchema => {
  const type = widened(list)
  return type === true ? type : { ...type, minItems: list.length, maxItems: list.length }
}

/**
 * How long the lists are that arrive at each `Traverse`, from the types through the flow: those that its agents declare,
 * and that a run enforces. Of a flow with a clash of types nothing is told.
 */
export function sizes(root: Node, input: JsonSchema = true): (node: Traverse, path: string) => Size {
  const seen = new Map<Traverse, Map<string, Size>>()
  const see = (node: Traverse, path: string, size: Size): void => {
    const paths = seen.get(node) ?? new Map<string, Size>()
    const before = paths.get(path) ?? size
    paths.set(path, { min: Math.min(before.min, size.min), max: Math.max(before.max, size.max) })
    seen.set(node, paths)
  }

  const found = new Findings({ input: inlined(input), params: true })
  const base = typing(found)
  const algebra: FlowAlgebra<Typing> = {
    ...base,
    Pure: (node, kids, at) => {
      const { code } = node
      if (code._tag !== "Constant" || !Array.isArray(code.value)) return base.Pure(node, kids, at)
      const type = exactly(code.value)
      return () => ({ type })
    },
    // Whether a later turn gets what the first one got is not known here.
    Loop: (node, body, at) => base.Loop(node, (given) => body({ ...given, value: { type: true } }), at),
    Traverse: (node, body, { path }) =>
      function* (given) {
        const { type } = given.value
        const size = sizeOf(type)
        see(node, path, size)
        const out = yield { of: body, given: { ...given, value: { type: elementOf(type) } } }
        if (node.atLeast !== undefined) return { type: true }
        const limits = { minItems: size.min, ...(size.max === Infinity ? {} : { maxItems: size.max }) }
        return { type: { ...arrayOf(out.type), ...limits } }
      },
  }
  typed(fold(root, algebra), { value: { type: inlined(input) }, fault: undefined })
  if (found.problems.some(({ severity }) => severity === "error")) return () => anyLength
  return (node, path) => seen.get(node)?.get(path) ?? anyLength
}
