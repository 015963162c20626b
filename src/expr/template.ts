import { type Either, isLeft, left, right } from "../data/either.js"
import { asText, isRecord, type Json } from "../data/json.js"
import type { Expr, ExprProblem, Inference, Scope, Types } from "../flow/expr.js"
import type { Spell } from "./canonical.js"
import { parseCel } from "./cel.js"
import { pieces } from "./holes.js"
import { ExprError, malformed } from "./problem.js"
import { type Shape, shape } from "./shape.js"
import { bracesDoubted, suspicion } from "./suspicion.js"
import { objectOf, writtenOut } from "./union.js"

const maxDepth = 256
const maxValues = 200_000

type At = readonly (string | number)[]

interface Hole {
  readonly op: "hole"
  readonly at: At
  readonly start: number
  readonly expr: Expr
}

/** A template, taken apart. */
type Part =
  | { readonly op: "constant"; readonly value: null | boolean | number }
  | { readonly op: "text"; readonly at: At; readonly text: string; readonly source: string }
  | Hole
  | { readonly op: "mixed"; readonly at: At; readonly source: string; readonly parts: ReadonlyArray<string | Hole> }
  | { readonly op: "list"; readonly items: readonly Part[] }
  | { readonly op: "object"; readonly fields: ReadonlyArray<readonly [string, Part]> }

/**
 * A template: JSON whose strings may hold `${…}` with CEL inside; or everything that is wrong with it. `at` of a
 * problem leads to the string, `start` and `end` are offsets in it.
 */
export function parseTemplate(source: Json): Either<readonly ExprProblem[], Expr> {
  const parsing = new Parsing()
  const part = parsing.part(source, [])
  if (parsing.problems.length > 0) return left(parsing.problems)
  return right(new TemplateExpr(source, part, [...parsing.names]))
}

/**
 * JSON with holes: `${value.draft}` alone keeps its type; in mixed text a string is itself, null is empty and anything
 * else compact JSON. `$${` is a literal `${`. Keys are taken as they are.
 *
 * Throws an `ExprError` that shows where the template is wrong.
 *
 * @example
 * ```ts
 * import { AgentSystem, pure } from "troupe"
 * import { template } from "troupe/serde"
 * await using system = new AgentSystem()
 * const mend = template({ draft: "${value.draft}", note: "Mend this: ${value.notes}" })
 * const mended = pure({ draft: 1, notes: ["no verb"] }).map(mend)
 * await system.run(mended, undefined) // { draft: 1, note: 'Mend this: ["no verb"]' }
 * ```
 */
export function template(source: Json): Expr {
  const parsed = parseTemplate(source)
  if (isLeft(parsed)) throw malformed(parsed.left, (problem) => stringAt(source, problem.at))
  return parsed.right
}

function stringAt(source: Json, at: At): string {
  let found: unknown = source
  for (const step of at) found = typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined
  return typeof found === "string" ? found : ""
}

class Parsing {
  readonly problems: ExprProblem[] = []
  readonly names = new Set<string>()
  #values = 0

  part(json: unknown, at: At): Part {
    if (typeof json === "string") return this.#string(json, at)
    if (json === null || typeof json === "boolean") return { op: "constant", value: json }
    if (typeof json === "number" && Number.isFinite(json)) return { op: "constant", value: json }
    if (at.length > maxDepth || ++this.#values > maxValues) return this.#tooLarge(at)
    if (Array.isArray(json)) {
      return { op: "list", items: json.map((item: unknown, i) => this.part(item, [...at, i])) }
    }
    if (isRecord(json)) {
      const fields = Object.keys(json).map((key) => [key, this.part(json[key], [...at, key])] as const)
      return { op: "object", fields }
    }
    const what = json === undefined ? "undefined" : typeof json === "object" ? "a class's instance" : `a ${typeof json}`
    return this.#refuse(at, "template", `a template is JSON: this is ${what}`, 0, 0)
  }

  #string(source: string, at: At): Part {
    const found = pieces(source)
    const parts = found.flatMap((piece): ReadonlyArray<string | Hole> => {
      if ("text" in piece) return [piece.text]
      if ("unclosed" in piece) {
        const hint = "close it with `}`, or write `$${` for the two characters themselves"
        this.#refuse(at, "template", "this `${` is never closed", piece.unclosed, source.length, hint)
        return []
      }
      const parsed = parseCel(piece.cel)
      if (isLeft(parsed)) {
        this.problems.push(...parsed.left.map((problem) => moved(problem, at, piece.start)))
        return []
      }
      for (const name of parsed.right.names) this.names.add(name)
      return [{ op: "hole", at, start: piece.start, expr: parsed.right }]
    })
    const [first] = parts
    if (parts.length !== 1 || first === undefined) return { op: "mixed", at, source, parts }
    return typeof first === "string" ? { op: "text", at, text: first, source } : first
  }

  #tooLarge(at: At): Part {
    if (this.problems.some((problem) => problem.code === "limit")) return { op: "constant", value: null }
    const message =
      at.length > maxDepth
        ? `the template is nested more than ${maxDepth} deep`
        : `the template has more than ${maxValues.toLocaleString("en")} values`
    return this.#refuse(at, "limit", message, 0, 0)
  }

  #refuse(at: At, code: string, message: string, start: number, end: number, hint?: string): Part {
    const problem = { code, message, severity: "error", at, start, end } as const
    this.problems.push(hint === undefined ? problem : { ...problem, hint })
    return { op: "constant", value: null }
  }
}

const moved = (problem: ExprProblem, at: At, by: number): ExprProblem => ({
  ...problem,
  at,
  start: problem.start + by,
  end: problem.end + by,
})

class TemplateExpr implements Expr {
  readonly _tag = "Expr"
  readonly kind = "template"
  readonly source: Json
  readonly names: readonly string[]
  readonly #part: Part

  constructor(source: Json, part: Part, names: readonly string[]) {
    this.source = source
    this.names = names
    this.#part = part
  }

  canonical(spell: Spell): Json {
    return canonicalPart(this.#part, spell)
  }

  evaluate(scope: Scope): unknown {
    return render(this.#part, scope)
  }

  infer(types: Types, as?: "selector"): Inference {
    const found: Found = { problems: [], unknown: [] }
    const { schema } = typeOf(this.#part, types, found, as)
    return { type: schema, ...found }
  }

  /** A template is a value, not a test. */
  narrow(): undefined {
    return undefined
  }
}

function canonicalPart(part: Part, spell: Spell): Json {
  switch (part.op) {
    case "constant":
      return ["literal", part.value]
    case "text":
      return ["literal", part.text]
    case "hole":
      return part.expr.canonical(spell)
    case "mixed":
      return ["mixed", ...part.parts.map((piece) => (typeof piece === "string" ? piece : canonicalPart(piece, spell)))]
    case "list":
      return ["list", ...part.items.map((item) => canonicalPart(item, spell))]
    case "object":
      return ["object", Object.fromEntries(part.fields.map(([key, field]) => [key, canonicalPart(field, spell)]))]
  }
}

/** Fresh lists and objects each time: what a step does to one run's value is no other run's business. */
function render(part: Part, scope: Scope): unknown {
  switch (part.op) {
    case "constant":
      return part.value
    case "text":
      return part.text
    case "hole":
      return fill(part, scope)
    case "mixed":
      return part.parts.map((piece) => (typeof piece === "string" ? piece : asText(fill(piece, scope)))).join("")
    case "list":
      return part.items.map((item) => render(item, scope))
    case "object":
      return Object.fromEntries(part.fields.map(([key, field]) => [key, render(field, scope)]))
  }
}

function fill(hole: Hole, scope: Scope): unknown {
  try {
    return hole.expr.evaluate(scope)
  } catch (error) {
    if (!(error instanceof ExprError)) throw error
    throw new ExprError(
      error.message,
      error.problems.map((problem) => moved(problem, hole.at, hole.start)),
    )
  }
}

/** What is found out on the way besides the type. */
interface Found {
  readonly problems: ExprProblem[]
  readonly unknown: string[]
}

function typeOf(part: Part, types: Types, found: Found, as?: "selector"): Shape {
  switch (part.op) {
    case "constant": {
      if (part.value === null) return shape({ type: "null" })
      if (typeof part.value === "boolean") return shape({ type: "boolean" })
      return shape({ type: Number.isInteger(part.value) ? "integer" : "number" })
    }
    case "text": {
      const doubt = suspicion(part.source, types)
      const doubts = [...(doubt === undefined ? [] : [doubt]), ...bracesDoubted(part.source, types)]
      found.problems.push(...doubts.map((one) => ({ ...one, at: part.at })))
      return shape(as === "selector" ? { const: part.text } : { type: "string" })
    }
    case "hole": {
      const inferred = part.expr.infer(types, as)
      found.unknown.push(...inferred.unknown)
      found.problems.push(...inferred.problems.map((problem) => moved(problem, part.at, part.start)))
      return shape(inferred.type)
    }
    case "mixed":
      found.problems.push(...bracesDoubted(part.source, types).map((one) => ({ ...one, at: part.at })))
      for (const piece of part.parts) if (typeof piece !== "string") typeOf(piece, types, found)
      return shape({ type: "string" })
    case "list":
      return writtenOut(part.items.map((item) => typeOf(item, types, found)))
    case "object":
      return objectOf(part.fields.map(([key, field]) => [key, typeOf(field, types, found)] as const))
  }
}
