import { type JsonObject, own } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"
import { arrayOf, isJsonArray, isNever, never, record, subschema, tuple, union } from "../../data/schema-build.js"
import { alternatives } from "../../data/schema-alternatives.js"
import type { Count } from "../code.js"
import { faultType, least } from "./check-shapes.js"
import type { Wire } from "./check-typing.js"

/** One way in which a type is a list: the types of its first places and of the rest, and how long it is. */
interface Listed {
  readonly first: readonly JsonSchema[]
  readonly rest: JsonSchema
  readonly min: number
  readonly max: number
}

const size = (json: unknown, otherwise: number): number => (typeof json === "number" ? json : otherwise)

/** Every way in which a type may be a list; what is certainly none is left out. */
const listsOf = (type: JsonSchema): readonly Listed[] =>
  alternatives(type).flatMap((one): readonly Listed[] => {
    const unknown = { first: [], rest: true, min: 0, max: Infinity } as const
    if (one === true || one["allOf"] !== undefined) return [unknown]
    if (Object.hasOwn(one, "const")) {
      const value = own(one, "const")
      return isJsonArray(value) ? [listed(tuple(value.map((element) => ({ const: element }))))] : []
    }
    return (one["type"] ?? "array") === "array" ? [listed(one)] : []
  })

const known = new WeakMap<JsonObject, Listed>()

function listed(type: JsonObject): Listed {
  const before = known.get(type)
  if (before !== undefined) return before
  const { prefixItems, items, minItems, maxItems } = type
  const rest = subschema(items ?? true)
  const first = isJsonArray(prefixItems) ? prefixItems.map((place) => subschema(place)) : []
  const most = Math.min(size(maxItems, Infinity), isNever(rest) ? first.length : Infinity)
  const list = { first: first.slice(0, most), rest, min: size(minItems, 0), max: most }
  known.set(type, list)
  return list
}

/** How many elements a list of the type has; `undefined` where no value of the type is a list. */
export function sizesOf(type: JsonSchema): { readonly min: number; readonly max: number } | undefined {
  const lists = listsOf(type)
  if (lists.length === 0) return undefined
  return { min: Math.min(...lists.map((one) => one.min)), max: Math.max(...lists.map((one) => one.max)) }
}

/** The type of any element of a list. */
export const anyElement = (type: JsonSchema): JsonSchema =>
  union(listsOf(type).flatMap(({ first, rest, max }) => (max > first.length ? [...first, rest] : first)))

/** The type of one element of a list. */
export const elementType = (type: JsonSchema, index: number): JsonSchema =>
  union(listsOf(type).map(({ first, rest }) => first[index] ?? rest))

/** A list of exactly so many, of any type. */
export const listOfSize = (count: number): JsonObject => ({ type: "array", minItems: count, maxItems: count })

/** Of a type that part which is a list of exactly so many. */
export const ofSize = (type: JsonSchema, count: number): JsonSchema =>
  union(
    listsOf(type)
      .filter(({ min, max }) => min <= count && count <= max)
      .map(({ first, rest }) => tuple(Array.from({ length: count }, (_, i) => first[i] ?? rest))),
  )

/** What a list becomes when every element becomes another: as long as before. */
export function mappedType(
  { min, max }: { readonly min: number; readonly max: number },
  element: JsonSchema,
): JsonSchema {
  if (isNever(element)) return min > 0 ? never : tuple([])
  return {
    ...arrayOf(element),
    ...(min > 0 ? { minItems: min } : {}),
    ...(max < Infinity ? { maxItems: max } : {}),
  }
}

/** What a quorum of the elements of a list gives: a member's index is its place, and its name is that as text. */
export function elementsQuorum(element: Wire, n: Count): Wire {
  const position = { index: { type: "integer" }, name: { type: "string" } }
  if (isNever(element.type)) return element
  return {
    ...element,
    type: record({
      succeeded: { ...arrayOf(record({ ...position, value: element.type })), minItems: least(n) },
      failed: arrayOf(record({ ...position, fault: faultType() })),
      aborted: arrayOf(record(position)),
    }),
  }
}
