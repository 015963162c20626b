/** The kinds of JSON values as expressions know them: `integer` and `number` are one. */
export type Kind = "null" | "boolean" | "number" | "string" | "list" | "object"

const words: Readonly<Record<Kind, string>> = {
  null: "null",
  boolean: "a boolean",
  number: "a number",
  string: "a string",
  list: "a list",
  object: "an object",
}

/** How many kinds there are. */
export const kindCount: number = Object.keys(words).length

/** The kinds in words: `a string`, `a string or null`. */
export function inWords(kinds: Iterable<Kind>): string {
  return [...kinds].map((kind) => words[kind]).join(" or ")
}

/** The kind of a value at run time; `undefined` for what JSON does not know, such as a function. */
export function kindOf(value: unknown): Kind | undefined {
  if (value === null || value === undefined) return "null"
  if (typeof value === "object") return Array.isArray(value) ? "list" : "object"
  if (typeof value === "string") return "string"
  if (typeof value === "number") return "number"
  return typeof value === "boolean" ? "boolean" : undefined
}

/** A value's kind in words, for messages. */
export function describe(value: unknown): string {
  const kind = kindOf(value)
  return kind === undefined ? `a ${typeof value}` : words[kind]
}

/** Anything with own keys: neither a list nor a scalar. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** A list, of whatever. */
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
