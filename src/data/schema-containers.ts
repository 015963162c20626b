import { type Json, type JsonObject, own } from "./json.js"
import type { JsonSchema } from "./schema.js"
import { isJsonArray, isJsonObject, isNever, never, subschema } from "./schema-build.js"
import { type Fit, unknown, worst, yes } from "./schema-fit.js"
import { describeType } from "./schema-words.js"

/** Compares what is inside. */
type Inner = (got: JsonSchema, expected: JsonSchema, at: string) => Fit

const field = (at: string, name: string): string => {
  const step = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
  return at === "" ? step : `${at}.${step}`
}

/** Where in what is at a place: `facts[0]`, `facts.title`. */
export const placed = (at: string, place: string | number): string =>
  typeof place === "number" ? `${at}[${place}]` : field(at, place)

const list = (json: Json | undefined): readonly Json[] => (isJsonArray(json) ? json : [])
const fieldsOf = (type: JsonObject): JsonObject | undefined => {
  const fields = type["properties"]
  return isJsonObject(fields) ? fields : undefined
}

/** What fields beside the named ones may hold; `undefined` where nothing is said and nothing is named: any. */
function others(type: JsonObject): JsonSchema {
  const rest = type["additionalProperties"]
  if (type["patternProperties"] !== undefined) return true
  if (rest !== undefined) return subschema(rest)
  return fieldsOf(type) === undefined ? true : never
}

/** Two objects, field by field. */
export function objects(got: JsonObject, expected: JsonObject, at: string, inner: Inner): Fit {
  const mine = fieldsOf(got) ?? {}
  const wanted = fieldsOf(expected) ?? {}
  const rest = others(got)
  const sure = new Set(list(got["required"]))
  const must = new Set(list(expected["required"]))
  const fits: Fit[] = []
  for (const name of new Set([...Object.keys(wanted), ...[...must].map(String)])) {
    const there = own(mine, name)
    const type = subschema(own(wanted, name) ?? true)
    const place = field(at, name)
    const absent = `nothing: ${describeType(got)} has no such field`
    if (there !== undefined) {
      fits.push(inner(subschema(there), type, place))
      if (must.has(name) && !sure.has(name)) {
        fits.push({
          fits: "no",
          at: place,
          expected: describeType(type),
          got: `${describeType(subschema(there))} or nothing: the field is not required`,
        })
      }
    } else if (must.has(name) && !sure.has(name)) {
      fits.push(
        isNever(rest)
          ? { fits: "no", at: place, expected: describeType(type), got: absent }
          : unknown(place, `the field may be missing; expected ${describeType(type)}`),
      )
    } else if (!isNever(rest)) fits.push(inner(rest, type, place))
    else if (sure.has(name) && got["additionalProperties"] === undefined) fits.push(inner(true, type, place))
  }
  // A field that is required and not described is there all the same.
  const undescribed = got["additionalProperties"] === undefined ? [...sure].map(String) : []
  const extra = expected["additionalProperties"]
  if (extra !== undefined && expected["patternProperties"] === undefined) {
    const allowed = subschema(extra)
    for (const name of new Set([...Object.keys(mine), ...undescribed])) {
      if (Object.hasOwn(wanted, name)) continue
      fits.push(unexpected(subschema(own(mine, name) ?? true), allowed, field(at, name), inner))
    }
    if (!isNever(rest)) {
      fits.push(
        isNever(allowed)
          ? unknown(at, "there may be fields that are not accepted")
          : inner(rest, allowed, at === "" ? "*" : `${at}.*`),
      )
    }
  }
  return worst(fits)
}

const unexpected = (type: JsonSchema, allowed: JsonSchema, at: string, inner: Inner): Fit =>
  isNever(allowed) && !isNever(type)
    ? { fits: "no", at, expected: "no such field", got: describeType(type) }
    : inner(type, allowed, at)

/** Two arrays or tuples, place by place. */
export function arrays(got: JsonObject, expected: JsonObject, at: string, inner: Inner): Fit {
  const mine = list(got["prefixItems"])
  const wanted = list(expected["prefixItems"])
  const [myRest, theirRest] = [subschema(got["items"] ?? true), subschema(expected["items"] ?? true)]
  const most = longest(got)
  const named = Math.max(mine.length, wanted.length)
  const fits: Fit[] = []
  for (let i = 0; i < Math.min(named, most); i++) {
    const type = i < mine.length ? subschema(mine[i]) : myRest
    fits.push(inner(type, i < wanted.length ? subschema(wanted[i]) : theirRest, `${at}[${i}]`))
  }
  if (most > named) fits.push(inner(myRest, theirRest, `${at}[]`))
  return worst([...fits, lengths(got, expected, at)])
}

const size = (json: Json | undefined, otherwise: number): number => (typeof json === "number" ? json : otherwise)

/** A list ends before the first place that nothing may have. */
function longest(type: JsonObject): number {
  const first = list(type["prefixItems"])
  const empty = first.findIndex((place) => isNever(place))
  const closed = empty >= 0 ? empty : isNever(subschema(type["items"] ?? true)) ? first.length : Infinity
  return Math.min(size(type["maxItems"], Infinity), closed)
}

function lengths(got: JsonObject, expected: JsonObject, at: string): Fit {
  const [min, max] = [size(got["minItems"], 0), longest(got)]
  const [low, high] = [size(expected["minItems"], 0), longest(expected)]
  if (min >= low && max <= high) return yes
  const count = (from: number, to: number): string => {
    if (to === Infinity) return `${from} or more elements`
    return from === to ? `${from} elements` : `${from} to ${to} elements`
  }
  if (max < low || min > high) {
    return { fits: "no", at, expected: count(low, high), got: count(min, max) }
  }
  return unknown(at, `the length may not fit: ${count(min, max)}; expected ${count(low, high)}`)
}
