import { isRecord, type Json, type JsonObject } from "./json.js"

/** One schema that asks for what both ask for, as far as the common keywords go; what it misses, validation finds. */
export function mergeSchemas(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...a }
  for (const [key, right] of Object.entries(b)) {
    const left = a[key]
    merged[key] = left === undefined ? right : mergeKeyword(key, left, right)
  }
  return merged
}

const larger = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"])
const smaller = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"])

function mergeKeyword(key: string, left: Json, right: Json): Json {
  if (typeof left === "number" && typeof right === "number") {
    if (larger.has(key)) return Math.max(left, right)
    if (smaller.has(key)) return Math.min(left, right)
  }
  if (key === "required" && Array.isArray(left) && Array.isArray(right)) return [...new Set([...left, ...right])]
  if (key === "allOf" && Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (key === "enum" && Array.isArray(left) && Array.isArray(right)) {
    const allowed = new Set(right.map((member: Json) => JSON.stringify(member)))
    return left.filter((member: Json) => allowed.has(JSON.stringify(member)))
  }
  if (key === "type") return mergeTypes(left, right)
  if (key === "properties" && isRecord(left) && isRecord(right)) {
    const merged: Record<string, Json> = { ...left }
    for (const [name, member] of Object.entries(right)) merged[name] = both(left[name], member)
    return merged
  }
  if (key === "items" || key === "additionalProperties") return both(left, right)
  return right
}

function both(left: Json | undefined, right: Json): Json {
  if (left === undefined || left === true) return right
  if (right === true) return left
  return isRecord(left) && isRecord(right) ? { allOf: [left, right] } : false
}

function mergeTypes(left: Json, right: Json): Json {
  const rights = [right].flat()
  const common = [left].flat().flatMap((type: Json): readonly Json[] => {
    if (rights.includes(type)) return [type]
    if (type === "number" && rights.includes("integer")) return ["integer"]
    return type === "integer" && rights.includes("number") ? ["integer"] : []
  })
  return common.length === 1 ? (common[0] ?? []) : common
}

/**
 * The number a schema is filled with: its minimum, else 0, else (where 0 is too much) its maximum; rounded up to an
 * allowed multiple. `nth` asks for a later one. `undefined`: none within the bounds.
 */
export function numberFor(schema: JsonObject, nth: number): number | undefined {
  const bound = (key: string): number | undefined => (typeof schema[key] === "number" ? schema[key] : undefined)
  const integer = schema["type"] === "integer"
  const multiple = bound("multipleOf")
  const step = multiple ?? (integer ? 1 : undefined)
  const least = Math.max(bound("minimum") ?? -Infinity, bound("exclusiveMinimum") ?? -Infinity)
  const most = Math.min(bound("maximum") ?? Infinity, bound("exclusiveMaximum") ?? Infinity)
  const fits = (value: number): boolean =>
    Number.isFinite(value) &&
    value >= least &&
    value <= most &&
    value !== bound("exclusiveMinimum") &&
    value !== bound("exclusiveMaximum") &&
    (!integer || Number.isInteger(value))
  const start = least > -Infinity ? least : Math.min(0, most)
  if (step !== undefined) {
    const up = least > -Infinity ? Math.ceil(start / step) : Math.floor(start / step)
    const direction = least > -Infinity || most >= 0 ? 1 : -1
    const first = [0, 1, -1].map((offset) => up + offset).find((count) => fits(count * step))
    if (first === undefined) return undefined
    const value = (first + nth * direction) * step
    return fits(value) ? value + 0 : first * step + 0
  }
  const span = most - least
  const spread = Number.isFinite(span) ? span / (nth + 2) : 1
  const tried = [start + nth, start, start + spread, start - spread]
  return tried.find(fits)
}

/** Texts of a format, for an input that has none: the beginning of the calendar, names reserved for documentation. */
export function formatExamples(format: string, nth: number): readonly string[] {
  const n = String(nth)
  const day = String(1 + (nth % 28)).padStart(2, "0")
  const examples: Readonly<Record<string, string>> = {
    "date-time": `1970-01-${day}T00:00:00Z`,
    date: `1970-01-${day}`,
    time: `00:00:${day}Z`,
    duration: `P${nth + 1}D`,
    email: `nobody${n}@example.com`,
    "idn-email": `nobody${n}@example.com`,
    hostname: `host${n}.example.com`,
    uri: `https://example.com/${n}`,
    "uri-reference": `/${n}`,
    url: `https://example.com/${n}`,
    ipv4: `192.0.2.${nth % 256}`,
    ipv6: `2001:db8::${(nth % 65_536).toString(16)}`,
    uuid: `00000000-0000-4000-8000-${n.padStart(12, "0")}`,
    regex: n,
    "json-pointer": `/${n}`,
  }
  const example = Object.hasOwn(examples, format) ? examples[format] : undefined
  return example === undefined ? [n] : [example]
}

/** A text cut, or continued with other texts, until its length in characters is within a schema's bounds. */
export function toLength(text: string, more: readonly string[], schema: JsonObject): string {
  const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Number.POSITIVE_INFINITY
  let points = Array.from(text)
  for (const other of more) {
    if (points.length >= least) break
    if (other !== text) points = points.concat(" ", Array.from(other))
  }
  const unit = points.concat(" ")
  while (points.length < least) points = points.concat(unit)
  return points.length > most ? points.slice(0, most).join("") : points.join("")
}

/** Whether a text has another in it as a word or words. */
export function occursIn(text: string, part: string): boolean {
  if (part === "") return false
  let at = text.indexOf(part)
  while (at >= 0) {
    const before = text.slice(0, at).at(-1) ?? " "
    const after = text[at + part.length] ?? " "
    if (!/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after)) return true
    at = text.indexOf(part, at + 1)
  }
  return false
}
