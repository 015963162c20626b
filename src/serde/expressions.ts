import { type Either, isLeft, left, right } from "../data/either.js"
import { asText, isRecord, type Json } from "../data/json.js"
import { parseCel, parseTemplate, pieces } from "../expr/index.js"
import type { AddressPart } from "../flow/document.js"
import type { Expr, ExprProblem } from "../flow/expr.js"
import type { Code } from "../flow/node.js"
import { identifier } from "../flow/scope.js"
import { limits } from "./limits.js"

// How the grammar's expressions and templates are written and read: the only file that knows both texts and `Code`.

type Problems = readonly ExprProblem[]
const hole = "\u0024{"

/** CEL text; `${…}` around the whole of it is let through. `skipped`: how many characters stand before the CEL. */
export function readCel(text: string): { readonly expr: Either<Problems, Expr>; readonly skipped: number } {
  const inner = wholeHole(text)
  if (inner === undefined) return { expr: parseCel(text), skipped: 0 }
  return { expr: parseCel(inner), skipped: text.indexOf(hole) + hole.length }
}

/** An expression without the `${…}` around the whole of it; `undefined` where there is none. */
export const bare = (text: string): string | undefined => wholeHole(text)?.trim()

/** The CEL of a text that is one `${…}` and nothing else. */
function wholeHole(text: string): string | undefined {
  const trimmed = text.trim()
  if (!trimmed.startsWith(hole) || !trimmed.endsWith("}")) return undefined
  const inner = trimmed.slice(hole.length, -1)
  const parsed = parseTemplate(trimmed)
  return isLeft(parsed) || !isLeft(parseCel(inner)) ? inner : undefined
}

const lone = /^\s*\$\{\s*([A-Za-z_]\w*)\s*\}\s*$/

/** A template: a constant when it has no holes, a name when it is one bound name alone, else an expression. */
export function readTemplate(json: Json, isBound: (name: string) => boolean): Either<Problems, Code> {
  const source = unguarded(json)
  const name = typeof source === "string" ? lone.exec(source)?.[1] : undefined
  if (name !== undefined && source === `${hole}${name}}` && isBound(name)) return right({ _tag: "Name", name })
  if (hasHoles(source)) return readText(source)
  return right({ _tag: "Constant", value: unescaped(source) })
}

/** What a text without holes says that looks like a forgotten `${…}`. */
export function doubts(json: Json, names: readonly string[]): Problems {
  const parsed = parseTemplate(json)
  return isLeft(parsed) ? [] : parsed.right.infer({ names, get: () => true }).problems
}

/** A template as an expression whatever it holds: the prompts of agents. */
export function readText(json: Json): Either<Problems, Expr> {
  const much = tooManyHoles(json, [], { left: limits.holes })
  return much === undefined ? parseTemplate(json) : left([much])
}

function tooManyHoles(json: Json, at: ExprProblem["at"], budget: { left: number }): ExprProblem | undefined {
  if (typeof json === "string") {
    for (let start = json.indexOf(hole); start >= 0; start = json.indexOf(hole, start + 1)) {
      if (budget.left-- > 0) continue
      const message = `the template has more than ${limits.holes.toLocaleString("en")} holes`
      return { code: "limit", message, severity: "error", at, start, end: start + hole.length }
    }
  } else if (typeof json === "object" && json !== null) {
    for (const [key, part] of Object.entries(json)) {
      const found = tooManyHoles(part, [...at, Array.isArray(json) ? Number(key) : key], budget)
      if (found !== undefined) return found
    }
  }
  return undefined
}

const mapStrings = (json: Json, change: (text: string) => string): Json => {
  if (typeof json === "string") return change(json)
  if (Array.isArray(json)) return json.map((item: Json) => mapStrings(item, change))
  if (!isRecord(json)) return json
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, mapStrings(value, change)]))
}

function hasHoles(json: Json): boolean {
  if (typeof json === "string") return json.replaceAll(`$${hole}`, "").includes(hole)
  if (typeof json !== "object" || json === null) return false
  return Object.values(json).some((part: Json) => hasHoles(part))
}

const escaped = (json: Json): Json => mapStrings(json, (text) => text.replaceAll(hole, () => `$${hole}`))
const unescaped = (json: Json): Json => mapStrings(json, (text) => text.replaceAll(`$${hole}`, () => hole))

/** `{ fn: name }` means a function: a literal object that looks so gets a `$` more before its key. */
const functionLike = /^\$*fn$/

const renamed = (json: Json, rename: (key: string) => string): Json => {
  if (!isRecord(json)) return json
  const [only, ...rest] = Object.entries(json)
  if (only === undefined || rest.length > 0 || !functionLike.test(only[0])) return json
  return { [rename(only[0])]: only[1] }
}
const guarded = (json: Json): Json => renamed(json, (key) => `$${key}`)
const unguarded = (json: Json): Json => renamed(json, (key) => (key.startsWith("$") ? key.slice(1) : key))

/** The name in `{ fn: name }`; `undefined` for any other template. */
export function functionName(json: Json): string | undefined {
  if (!isRecord(json) || Object.keys(json).length !== 1) return undefined
  return typeof json["fn"] === "string" ? json["fn"] : undefined
}

/** A constant as a template that gives it back. */
export const writeConstant = (value: Json): Json => guarded(escaped(value))

export const writeName = (name: string): Json => `${hole}${name}}`

/** An expression where a template is expected. */
export function writeTemplate(expr: Expr): Json {
  return expr.kind === "template" ? guarded(expr.source) : writeText(expr)
}

/** A template where nothing but one may stand, as `readText` reads it: there a lone `fn` is a key like any other. */
export const writeText = ({ kind, source }: Expr): Json => (kind === "template" ? source : `${hole}${asText(source)}}`)

/** An expression where CEL is expected, or `undefined` when it is more than one `${…}`. */
export function writeCel({ kind, source }: Expr): string | undefined {
  if (typeof source !== "string") return undefined
  return kind === "cel" ? source : wholeHole(source)
}

const byDot = /^value\.([A-Za-z_]\w*)$/
const byIndex = /^value\[("(?:[^"\\]|\\.)*")\]$/

/** Words of CEL that a field after a dot may not be. */
const celWords: ReadonlySet<string> = new Set(
  "as break const continue else false for function if import in let loop namespace null package return true var void while".split(
    " ",
  ),
)

/** The field that `value.kind` (or `value["kind"]`) names; `undefined` for any other expression. */
export function keyOf(text: string): string | undefined {
  const dotted = byDot.exec(text)?.[1]
  if (dotted !== undefined) return dotted
  const quoted = byIndex.exec(text)?.[1]
  if (quoted === undefined) return undefined
  try {
    return String(JSON.parse(quoted))
  } catch {
    return undefined // CEL has escapes that JSON lacks: then it is an expression like any other
  }
}

export const writeKey = (key: string): string =>
  identifier.test(key) && !celWords.has(key) ? `value.${key}` : `value[${JSON.stringify(key)}]`

/** An address in its pieces, or why it is none: no value that arrives may choose the host. */
export function readAddress({ source }: Expr): Either<string, readonly AddressPart[]> {
  if (typeof source !== "string") return left("an address is a text")
  const parts = pieces(source).flatMap((piece): AddressPart[] => {
    if ("text" in piece) return [piece.text]
    const expr = "cel" in piece ? parseCel(piece.cel) : undefined
    if (expr === undefined || isLeft(expr)) return []
    return [{ expr: expr.right, encode: expr.right.names.some((name) => name !== "env") }]
  })
  const [first, second] = parts
  if (typeof first === "string") {
    const host = /^https?:\/\/([^/?#]+)([/?#]|$)/.exec(first)
    if (host === null || (host[2] === "" && parts.length > 1))
      return left("the host of this address is not written out")
    if (host[1]?.includes("@")) return left("a name or a password is written into this address")
    return right(parts)
  }
  if (first?.encode !== false) return left("the host of this address is computed from what arrives")
  const ends = second === undefined || (typeof second === "string" && /^[/?#]/.test(second))
  return ends ? right(parts) : left("what follows the host of this address does not begin with /")
}
