/** A value that survives `JSON.stringify` unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. Keys are own keys: nothing is looked up on a prototype. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** Whether a value is a plain object: neither an array nor an instance of a class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** An own property of a record, or `undefined`; inherited names such as `constructor` are never found. */
export function own<V>(record: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/**
 * Where a value stops being JSON, as a JSON pointer (`""` is the root), or `undefined` when it is JSON throughout.
 *
 * `notJsonAt({ a: [1, () => 2] })` gives `"/a/1"`.
 */
export function notJsonAt(value: unknown): string | undefined {
  const stack: Array<{ readonly value: unknown; readonly at: string }> = [{ value, at: "" }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value: v, at } = top
    if (v === null || typeof v === "boolean" || typeof v === "string") continue
    if (typeof v === "number" && Number.isFinite(v)) continue
    if (Array.isArray(v)) for (let i = v.length; i-- > 0; ) stack.push({ value: v[i] as unknown, at: `${at}/${i}` })
    else if (isRecord(v)) {
      for (const key of Object.keys(v).toReversed()) {
        stack.push({ value: v[key], at: `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}` })
      }
    } else return at
  }
  return undefined
}

/** How a value reads in running text: a string as itself, null and undefined empty, anything else as compact JSON. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value
  if (value === null || value === undefined) return ""
  return JSON.stringify(value) ?? ""
}
