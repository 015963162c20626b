import { type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import {
  annotations,
  depthLimit,
  isJsonArray,
  isJsonObject,
  isNever,
  never,
  same,
  subschema,
  union,
} from "./schema-build.js"
import { accepted, alternatives, disjoint, exclusive, isKind, kindOfValue, opened } from "./schema-alternatives.js"
import { casesOf, inPlace, placesOf } from "./schema-cases.js"
import { inlined } from "./schema-inline.js"
import { arrays, objects, placed } from "./schema-containers.js"
import { refinements } from "./schema-refinements.js"
import { blind, clash, type Fit, unknown, worst, yes } from "./schema-fit.js"
import { describeType } from "./schema-words.js"

/**
 * Compares two JSON Schemas as types. An object with `properties` is closed unless `additionalProperties` says
 * otherwise. `unknown` is said, never passed over, where only the values could tell: a length, a pattern, a keyword
 * that is not understood, a type of which nothing is known.
 *
 * `subtype({ type: "integer" }, { type: "number" })` gives `{ fits: "yes" }`.
 */
export function subtype(got: JsonSchema, expected: JsonSchema): Fit {
  casesLeft = mostCases
  return compare(inlined(got), inlined(expected), "", depthLimit)
}

/** So many cases are gone through in one comparison; what they are made of may be of many cases again. */
const mostCases = 1_000
let casesLeft = mostCases

const anything = (type: JsonSchema): boolean => type === true || Object.keys(type).every((key) => annotations.has(key))

function compare(got: JsonSchema, expected: JsonSchema, at: string, depth: number): Fit {
  if (anything(expected) || isNever(got) || same(got, expected, depth)) return yes
  if (isNever(expected)) return clash(at, got, expected)
  if (anything(got)) return accepted(expected).some(anything) ? yes : blind(at, expected)
  if (depth === 0) return unknown(at, `the types are more than ${depthLimit} levels deep`)
  const gots = alternatives(got)
  const fit = worst(gots.map((one) => toUnion(one, expected, at, depth)))
  const certain = fit.fits !== "no" || exclusive(got) === undefined
  return certain ? fit : unknown(at, `${describeType(got)} may be less than it seems: its members exclude each other`)
}

/** One alternative against all that is accepted: one that accepts it is enough. */
function toUnion(got: JsonSchema, expected: JsonSchema, at: string, depth: number): Fit {
  if (got === true || expected === true || anything(got)) return compare(got, expected, at, depth - 1)
  if (got["type"] === "boolean" && !Object.hasOwn(got, "const") && acceptsBoth(expected)) return yes
  const wanted = accepted(expected)
  if (wanted.length === 1) return single(got, wanted[0] ?? never, expected, at, depth)
  const fits = wanted.map((one) => single(got, one, expected, at, depth))
  const passed = fits.find((fit) => fit.fits === "yes") ?? fits.find((fit) => fit.fits === "unknown")
  if (passed !== undefined) return passed
  const split = byCases(got, wanted, expected, at, depth)
  if (split !== undefined) return split
  // Of the same kind (by its constant field, if it has one) there is one to hold it against: its clash says the most.
  const inside = fits.filter((fit) => fit.fits === "no" && fit.at !== at)
  const close = inside.filter((_, i) => inside.length === 1 || sameTag(got, wanted[fits.indexOf(inside[i] ?? yes)]))
  return close.length === 1 && close[0] !== undefined ? close[0] : clash(at, got, expected)
}

/** The cases of an object or a tuple, each of which may fit another member; `undefined` where it has only one. */
function byCases(
  got: JsonObject,
  wanted: readonly JsonSchema[],
  expected: JsonSchema,
  at: string,
  depth: number,
): Fit | undefined {
  const near = wanted.filter((one) => !disjoint(got, one))
  if (near.length < 2) return undefined
  const inside = placesOf(got).map((place) => {
    const accepts = union(near.map((one) => inPlace(one, place) ?? true))
    return compare(inPlace(got, place) ?? true, accepts, placed(at, place), depth - 1)
  })
  const nowhere = inside.find((fit) => fit.fits === "no")
  if (nowhere !== undefined) return nowhere
  const { of, all } = casesOf(got, (place) => near.some((one) => !acceptsThere(got, one, place, depth)))
  if (all && of.length < 2) return undefined
  casesLeft -= of.length
  const known = of.length > 1 && casesLeft > 0
  const fit = known ? worst(of.map((one) => toUnion(one, expected, at, depth - 1))) : undefined
  return fit !== undefined && (all || fit.fits === "yes")
    ? fit
    : unknown(at, `${describeType(got)} may be something else in each case; expected ${describeType(expected)}`)
}

/** Whether all that may be in a place is accepted there. */
function acceptsThere(got: JsonObject, expected: JsonSchema, place: string | number, depth: number): boolean {
  const theirs = inPlace(expected, place)
  if (theirs === undefined || expected === true) return expected === true
  const [must, sure] = [expected["required"], got["required"]]
  if (isJsonArray(must) && must.includes(place) && !(isJsonArray(sure) && sure.includes(place))) return false
  return compare(inPlace(got, place) ?? true, theirs, "", depth - 1).fits === "yes"
}

const acceptsBoth = (type: JsonSchema): boolean => {
  const values = accepted(type).map((one) => (one === true ? undefined : own(one, "const")))
  return values.includes(true) && values.includes(false)
}

/** Whether two objects have a field that is the same constant in both. */
function sameTag(a: JsonSchema, b: JsonSchema | undefined): boolean {
  if (a === true || b === undefined || b === true) return false
  const [mine, other] = [a["properties"], b["properties"]]
  if (!isJsonObject(mine) || !isJsonObject(other)) return false
  return Object.entries(mine).some(
    ([name, type]) => isJsonObject(type) && Object.hasOwn(type, "const") && same(type, own(other, name)),
  )
}

function single(got: JsonObject, expected: JsonSchema, whole: JsonSchema, at: string, depth: number): Fit {
  if (expected === true) return yes
  if (same(got, expected, depth)) return yes
  const onlyOne = exclusive(expected)
  if (onlyOne !== undefined) return exactlyOne(got, expected, onlyOne, at, depth)
  const parts = expected["allOf"]
  if (isJsonArray(parts)) {
    const { allOf: _, ...rest } = expected
    return worst([rest, ...parts.map(subschema)].map((part) => compare(got, part, at, depth - 1)))
  }
  if (isJsonArray(got["allOf"])) return someOf(got, got["allOf"], expected, at, depth)
  if (typeof got["$ref"] === "string" || typeof expected["$ref"] === "string") {
    return unknown(at, `${describeType(got)} and ${describeType(expected)} refer to themselves or to elsewhere`)
  }
  if (Object.hasOwn(got, "const")) return value(own(got, "const") ?? null, got, expected, whole, at, depth)
  if (Object.hasOwn(expected, "const")) return constantOnly(got, expected, whole, at)
  return byKind(got, expected, whole, at, depth)
}

/** What must fit one of several types and none of the others. */
function exactlyOne(
  got: JsonObject,
  expected: JsonObject,
  types: readonly JsonSchema[],
  at: string,
  depth: number,
): Fit {
  const fits = types.map((type) => compare(got, type, at, depth - 1).fits)
  if (fits.every((fit, i) => fit === "no" && disjoint(got, types[i] ?? true))) return clash(at, got, expected)
  const others = types.filter((_, i) => i !== fits.indexOf("yes"))
  if (fits.includes("yes") && others.every((type) => disjoint(got, type))) return yes
  return unknown(at, `${describeType(got)} may fit more than one, or none, of ${describeType(expected)}`)
}

/** What is several types at once fits where one of them does, whatever fields the others add. */
function someOf(got: JsonObject, parts: readonly Json[], expected: JsonSchema, at: string, depth: number): Fit {
  const { allOf: _, ...rest } = got
  const fits = [rest, ...parts].map((one) => compare(subschema(opened(one)), expected, at, depth - 1))
  return fits.find((fit) => fit.fits === "yes") ?? unknown(at, `several types at once, as ${describeType(got)}`)
}

function value(v: Json, got: JsonObject, expected: JsonObject, whole: JsonSchema, at: string, depth: number): Fit {
  if (Object.hasOwn(expected, "const")) {
    const { const: wanted, ...rest } = expected
    return same(v, wanted) ? compare(got, rest, at, depth - 1) : clash(at, got, whole)
  }
  if (isJsonArray(v)) {
    const items = v.map((one) => ({ const: one }))
    return byKind({ type: "array", prefixItems: items, items: false, minItems: v.length }, expected, whole, at, depth)
  }
  if (isJsonObject(v)) {
    const fields = Object.fromEntries(Object.entries(v).map(([key, one]) => [key, { const: one }]))
    const type = { type: "object", properties: fields, required: Object.keys(v), additionalProperties: false }
    return byKind(type, expected, whole, at, depth)
  }
  const kind = kindOfValue(v)
  if (kind === "number" && expected["type"] === "integer") return clash(at, got, whole)
  return byKind({ type: kind, const: v }, expected, whole, at, depth)
}

/** A type against one value: it fits only by being that value; a refinement of the same kind may be it. */
function constantOnly(got: JsonObject, expected: JsonObject, whole: JsonSchema, at: string): Fit {
  const kind = kindOf(got)
  const wanted = kindOfValue(own(expected, "const") ?? null)
  if (kind === "null" && wanted === "null") return yes
  const refined = Object.keys(got).some((key) => key !== "type" && !annotations.has(key))
  return kind === undefined || (refined && isKind(wanted, kind))
    ? unknown(at, `${describeType(got)} may be ${describeType(whole)}`)
    : clash(at, got, whole)
}

const objectWords = ["properties", "required", "additionalProperties"]
const listWords = ["items", "prefixItems", "minItems", "maxItems"]

/** The kind that a type names, or has words for. */
function kindOf(type: JsonObject): string | undefined {
  const kind = type["type"]
  if (typeof kind === "string") return kind
  if (objectWords.some((word) => type[word] !== undefined)) return "object"
  return listWords.some((word) => type[word] !== undefined) ? "array" : undefined
}

/** Keywords that leave out some values in ways that are not followed: what a clash shows may be among those. */
const restricting = [
  "anyOf",
  "oneOf",
  "not",
  "if",
  "minProperties",
  "maxProperties",
  "dependentRequired",
  "dependentSchemas",
  "contains",
  "unevaluatedProperties",
  "unevaluatedItems",
]

function byKind(got: JsonObject, expected: JsonObject, whole: JsonSchema, at: string, depth: number): Fit {
  const [mine, wanted] = [kindOf(got), kindOf(expected)]
  if (wanted !== undefined) {
    if (mine === undefined) return blind(at, whole)
    if (!isKind(mine, wanted)) {
      if (isKind(wanted, mine)) return unknown(at, "a number that may not be whole; expected a whole one")
      return expected["type"] === undefined
        ? unknown(at, `${describeType(got)} is no ${wanted}, which ${describeType(whole)} does not ask for by its type`)
        : clash(at, got, whole)
    }
  }
  const inner = (a: JsonSchema, b: JsonSchema, place: string): Fit => compare(a, b, place, depth - 1)
  const inside = wanted === "object" ? objects : wanted === "array" ? arrays : () => yes
  const fit = inside(got, expected, at, inner)
  if (fit.fits === "no" && restricting.some((word) => got[word] !== undefined)) {
    return unknown(
      fit.at,
      `expected ${fit.expected}, and ${describeType(got)} says in words that are not followed what it is`,
    )
  }
  return worst([fit, refinements(got, expected, at)])
}
