import { type Json, type JsonObject, own } from "./json.js"
import { annotations, same } from "./schema-build.js"
import { type Fit, unknown, yes } from "./schema-fit.js"
import { describeType } from "./schema-words.js"

/** Keywords that are compared elsewhere. */
const structural: ReadonlySet<string> = new Set([
  ...annotations,
  "type",
  "const",
  "enum",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "prefixItems",
  "minItems",
  "maxItems",
  "allOf",
])
/** How zod writes a record: every name is a text. */
const anyName = { type: "string" }

/**
 * What narrows a type beyond its structure. Decided for a constant, and where both sides bound the same; a pattern or a
 * format only where it is the same one.
 */
export function refinements(got: JsonObject, expected: JsonObject, at: string): Fit {
  const open: string[] = []
  for (const key of Object.keys(expected)) {
    if (structural.has(key) || (key === "propertyNames" && same(own(expected, key), anyName))) continue
    const [mine, wanted] = [own(got, key), own(expected, key)]
    if (typeof wanted === "number" && Math.abs(wanted) >= Number.MAX_SAFE_INTEGER) continue // how zod writes "whole"
    const meets = same(mine, wanted) || (typeof wanted === "number" ? bounded(key, wanted, got) : undefined)
    if (meets === true) continue
    const said = `${key} ${JSON.stringify(wanted)}`
    if (meets === false)
      return { fits: "no", at, expected: `${describeType(expected)}, ${said}`, got: describeType(got) }
    open.push(said)
  }
  return open.length === 0 ? yes : unknown(at, `the values may not meet ${open.join(", ")}`)
}

/** Whether all values of a type meet a bound; `undefined` where some may not. Not: none of them does. */
function bounded(key: string, wanted: number, got: JsonObject): boolean | undefined {
  const range = rangeOf(key, got)
  const { least, most } = range
  if (least === undefined || most === undefined) return undefined
  if (key === "multipleOf") return multiple(range, wanted)
  const above = key.startsWith("min") || key === "exclusiveMinimum"
  const [near, far] = above ? [least, most] : [most, least]
  const strict = key.startsWith("exclusive")
  const meets = ({ at, open }: End): boolean =>
    strict && !open && at === wanted ? false : above ? at >= wanted : at <= wanted
  const misses = ({ at, open }: End): boolean =>
    (strict || open) && at === wanted ? true : above ? at < wanted : at > wanted
  if (meets(near)) return true
  return misses(far) ? false : undefined
}

/** Where a range ends; `open`: just before. */
interface End {
  readonly at: number
  readonly open: boolean
}

interface Range {
  readonly least?: End
  readonly most?: End
  /** What all values are a multiple of. */
  readonly step?: number
}

function multiple({ least, most, step }: Range, wanted: number): boolean | undefined {
  if (!Number.isSafeInteger(wanted) || wanted <= 0) return undefined
  if (least !== undefined && least.at === most?.at && Number.isSafeInteger(least.at)) return least.at % wanted === 0
  return step !== undefined && Number.isSafeInteger(step) && step % wanted === 0 ? true : undefined
}

/** What is known of the amount that a keyword bounds: the number itself, the length of a text, how many fields. */
function rangeOf(key: string, got: JsonObject): Range {
  const constant = own(got, "const")
  const exactly = (at: number): Range => ({ least: { at, open: false }, most: { at, open: false } })
  if (key.endsWith("Length")) {
    if (typeof constant === "string") return exactly(Array.from(constant).length)
    return got["type"] === "string" ? { least: end(got["minLength"], 0), most: end(got["maxLength"], Infinity) } : {}
  }
  if (key.endsWith("Properties")) {
    const [least, most] = [end(got["minProperties"], 0), end(got["maxProperties"], Infinity)]
    return got["type"] === "object" ? { least, most } : {}
  }
  if (key.endsWith("Contains")) {
    const [least, most] = [end(got["minContains"], 0), end(got["maxContains"], Infinity)]
    return got["type"] === "array" ? { least, most } : {}
  }
  if (!numeric.has(key)) return {}
  if (typeof constant === "number") return exactly(constant)
  if (got["type"] !== "number" && got["type"] !== "integer") return {}
  const whole = got["type"] === "integer" ? 1 : undefined
  const step = typeof got["multipleOf"] === "number" ? got["multipleOf"] : whole
  const [least, most] = [end(got["minimum"], -Infinity), end(got["maximum"], Infinity)]
  const [above, below] = [end(got["exclusiveMinimum"], -Infinity, true), end(got["exclusiveMaximum"], Infinity, true)]
  return {
    least: above.at >= least.at ? above : least,
    most: below.at <= most.at ? below : most,
    ...(step === undefined ? {} : { step }),
  }
}

const numeric: ReadonlySet<string> = new Set([
  "minimum",
  "exclusiveMinimum",
  "maximum",
  "exclusiveMaximum",
  "multipleOf",
])

const end = (bound: Json | undefined, otherwise: number, open = false): End => ({
  at: typeof bound === "number" ? bound : otherwise,
  open,
})
