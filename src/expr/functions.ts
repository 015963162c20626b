import type { JsonSchema } from "../data/schema.js"
import { type Frame, spend } from "./frame.js"
import { describe, inWords, type Kind, kindOf } from "./kind.js"
import { failure } from "./problem.js"
import { linearPattern } from "../data/regex.js"

/** What a parameter takes, and the type of what the function then gets. */
interface Parameters {
  text: string
  number: number
  list: readonly unknown[]
  sized: string | readonly unknown[] | Readonly<Record<string, unknown>>
  scalar: string | number | boolean
  numeric: string | number
  truth: string | boolean
  any: unknown
}
type Parameter = keyof Parameters

const kinds: Readonly<Record<Parameter, readonly Kind[]>> = {
  text: ["string"],
  number: ["number"],
  list: ["list"],
  sized: ["string", "list", "object"],
  scalar: ["string", "number", "boolean"],
  numeric: ["string", "number"],
  truth: ["string", "boolean"],
  any: ["null", "boolean", "number", "string", "list", "object"],
}

/** A function of expressions. */
export interface CelFunction {
  readonly name: string
  /** Called as `text.name(…)`: the receiver is the first parameter. */
  readonly method: boolean
  /** The kinds that each parameter takes. */
  readonly params: ReadonlyArray<readonly Kind[]>
  readonly result: JsonSchema
  /** Throws an `ExprError` for arguments of the wrong kind. */
  call(frame: Frame, args: readonly unknown[]): unknown
}

function define<const P extends readonly Parameter[]>(
  form: "function" | "method",
  name: string,
  params: P,
  result: JsonSchema,
  body: (frame: Frame, ...args: { -readonly [k in keyof P]: Parameters[P[k]] }) => unknown,
): CelFunction {
  const accepted = params.map((param) => kinds[param])
  return {
    name,
    method: form === "method",
    params: accepted,
    result,
    call(frame, args) {
      for (let i = 0; i < accepted.length; i++) {
        const kind = kindOf(args[i])
        if (kind === undefined || accepted[i]?.includes(kind) !== true) {
          const which = form === "method" ? (i === 0 ? "what stands before it" : `argument ${i}`) : `argument ${i + 1}`
          reject(frame, `\`${name}\` takes ${inWords(accepted[i] ?? [])} as ${which}, got ${describe(args[i])}`)
        }
      }
      return body(frame, ...(args as { -readonly [k in keyof P]: Parameters[P[k]] }))
    },
  }
}

function reject(frame: Frame, message: string): never {
  throw failure(frame.place, "argument", `${message} in \`${frame.place.text}\``)
}

const string = { type: "string" } as const
const boolean = { type: "boolean" } as const
const integer = { type: "integer" } as const
const strings = { type: "array", items: string } as const

/** A text's characters: whole code points, as CEL counts them. */
const letters = (text: string): readonly string[] => Array.from(text)

function sizeOf(frame: Frame, value: Parameters["sized"]): number {
  if (typeof value === "string") {
    spend(frame, value.length >> 3)
    let size = value.length
    for (let i = 0; i < value.length; i++) {
      if ((value.codePointAt(i) ?? 0) <= 0xffff) continue
      size--
      i++
    }
    return size
  }
  return kindOf(value) === "list" ? (value as readonly unknown[]).length : Object.keys(value).length
}

/** Where a part begins, in whole characters; -1 when it does not occur. */
function find(frame: Frame, text: string, part: string, from: number): number {
  return position(text, text.indexOf(part, unitsBefore(frame, text, from)))
}

/** The last place where a part begins, no later than at character `from`. */
function findLast(frame: Frame, text: string, part: string, from: number): number {
  return position(text, text.lastIndexOf(part, unitsBefore(frame, text, from)))
}

/** How many UTF-16 units stand before a character. */
function unitsBefore(frame: Frame, text: string, at: number): number {
  spend(frame, text.length)
  const all = letters(text)
  if (!Number.isInteger(at) || at < 0 || at > all.length) reject(frame, `no character ${at} in a text of ${all.length}`)
  return all.slice(0, at).join("").length
}

const position = (text: string, at: number): number => (at < 0 ? at : letters(text.slice(0, at)).length)

function slice(frame: Frame, text: string, from: number, to: number | undefined): string {
  spend(frame, text.length)
  const all = letters(text)
  const end = to ?? all.length
  if (!Number.isInteger(from) || !Number.isInteger(end) || from < 0 || end > all.length || from > end) {
    reject(frame, `no characters ${from} to ${end} in a text of ${all.length}`)
  }
  return all.slice(from, end).join("")
}

function split(frame: Frame, text: string, separator: string, limit: number): readonly string[] {
  spend(frame, text.length)
  const parts = separator === "" ? letters(text) : text.split(separator)
  if (limit < 0 || parts.length <= limit) return parts
  return limit < 1 ? [] : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]
}

function join(frame: Frame, items: readonly unknown[], separator: string): string {
  let length = 0
  for (const item of items) {
    if (typeof item === "string") length += item.length
    else if (typeof item !== "number") reject(frame, `\`join\` takes a list of strings, got ${describe(item)} in it`)
  }
  spend(frame, items.length * (1 + separator.length) + length)
  return items.join(separator)
}

/** At most `limit` parts, from the left; all where it is negative. */
function replace(frame: Frame, text: string, part: string, by: string, limit: number): string {
  const pieces = part === "" ? ["", ...letters(text), ""] : text.split(part)
  const times = limit < 0 ? pieces.length : limit
  spend(frame, text.length + pieces.length * (1 + (times > 0 ? by.length : 0)))
  return (
    pieces.slice(0, times + 1).join(by) +
    pieces
      .slice(times + 1)
      .map((piece) => part + piece)
      .join("")
  )
}

/** Spaces as Unicode has them: `String.prototype.trim` takes U+FEFF for one, and U+0085 for none. */
const spaces = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu

function matches(frame: Frame, text: string, source: string): boolean {
  const pattern = linearPattern(source)
  if (typeof pattern === "string") reject(frame, `${JSON.stringify(source)} is no regular expression: ${pattern}`)
  spend(frame, 4 * text.length + source.length)
  return pattern.test(text)
}

function toNumber(frame: Frame, value: string | number, form: RegExp, what: string): number {
  const number = typeof value === "number" ? value : form.test(value) ? Number(value) : Number.NaN
  if (!Number.isFinite(number)) reject(frame, `${JSON.stringify(value)} is no ${what}`)
  return number
}

const whole = /^[+-]?\d+$/
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

const truths = ["true", "True", "TRUE", "t", "1"]
const falsehoods = ["false", "False", "FALSE", "f", "0"]

function toBoolean(frame: Frame, value: string | boolean): boolean {
  if (typeof value === "boolean") return value
  if (truths.includes(value)) return true
  if (!falsehoods.includes(value)) reject(frame, `${JSON.stringify(value)} is neither "true" nor "false"`)
  return false
}

const table: readonly CelFunction[] = [
  define("function", "size", ["sized"], integer, sizeOf),
  define("function", "string", ["scalar"], string, (_, value) => String(value)),
  define("function", "int", ["numeric"], integer, (frame, v) => Math.trunc(toNumber(frame, v, whole, "integer"))),
  define("function", "double", ["numeric"], { type: "number" }, (frame, v) => toNumber(frame, v, decimal, "number")),
  define("function", "bool", ["truth"], boolean, toBoolean),
  define("function", "dyn", ["any"], true, (_, value) => value),
  define("function", "matches", ["text", "text"], boolean, matches),
  define("method", "size", ["sized"], integer, sizeOf),
  define("method", "startsWith", ["text", "text"], boolean, (_, text, part) => text.startsWith(part)),
  define("method", "endsWith", ["text", "text"], boolean, (_, text, part) => text.endsWith(part)),
  define("method", "contains", ["text", "text"], boolean, (frame, text, part) => {
    spend(frame, (text.length + part.length) >> 3)
    return text.includes(part)
  }),
  define("method", "matches", ["text", "text"], boolean, matches),
  define("method", "split", ["text", "text"], strings, (frame, text, by) => split(frame, text, by, -1)),
  define("method", "split", ["text", "text", "number"], strings, split),
  define("method", "join", ["list"], string, (frame, items) => join(frame, items, "")),
  define("method", "join", ["list", "text"], string, join),
  define("method", "trim", ["text"], string, (frame, text) => {
    spend(frame, text.length >> 3)
    return text.replace(spaces, "")
  }),
  define("method", "lowerAscii", ["text"], string, (frame, text) => {
    spend(frame, text.length)
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  }),
  define("method", "upperAscii", ["text"], string, (frame, text) => {
    spend(frame, text.length)
    return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
  }),
  define("method", "replace", ["text", "text", "text"], string, (frame, text, part, by) =>
    replace(frame, text, part, by, -1),
  ),
  define("method", "replace", ["text", "text", "text", "number"], string, replace),
  define("method", "charAt", ["text", "number"], string, (frame, text, at) => {
    const from = unitsBefore(frame, text, at)
    return text.slice(from, from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1))
  }),
  define("method", "substring", ["text", "number"], string, (frame, text, from) => slice(frame, text, from, undefined)),
  define("method", "substring", ["text", "number", "number"], string, slice),
  define("method", "indexOf", ["text", "text"], integer, (frame, text, part) => find(frame, text, part, 0)),
  define("method", "indexOf", ["text", "text", "number"], integer, find),
  define("method", "lastIndexOf", ["text", "text"], integer, (frame, text, part) => {
    spend(frame, text.length)
    return position(text, text.lastIndexOf(part))
  }),
  define("method", "lastIndexOf", ["text", "text", "number"], integer, findLast),
]

/** The functions, or the methods, of a name: one per number of arguments. */
export function functionsNamed(name: string, method: boolean): readonly CelFunction[] {
  return table.filter((fn) => fn.method === method && fn.name === name)
}

/** The names of all functions, or of all methods. */
export function functionNames(method: boolean): readonly string[] {
  return [...new Set(table.filter((fn) => fn.method === method).map((fn) => fn.name))]
}
