import type { Json } from "../data/json.js"
import type { JsonSchema } from "../data/schema.js"

/** The values an expression may read: `value`, `input`, `params`, `fault` in a recovery, `env` in an agent, every visible `as`. */
export interface Scope {
  has(name: string): boolean
  get(name: string): unknown
}

/** The types of what an expression may read. `true` is a type of which nothing is known. */
export interface Types {
  readonly names: readonly string[]
  get(name: string): JsonSchema | undefined
}

/** Something wrong inside an expression, with its place in the text that was written. */
export interface ExprProblem {
  readonly code: string
  readonly message: string
  readonly severity: "error" | "warning"
  /** Which part of a template: keys and indexes from its root. Empty for a CEL expression. */
  readonly at: readonly (string | number)[]
  /** Offsets in that text; `end` is exclusive. */
  readonly start: number
  readonly end: number
  readonly expected?: string
  readonly hint?: string
}

/** What an expression gives, as far as the types in scope tell. */
export interface Inference {
  readonly type: JsonSchema
  readonly problems: readonly ExprProblem[]
  /** The parts whose type decides whether it can be computed, and of which nothing is known: their texts. */
  readonly unknown: readonly string[]
}

/**
 * The port behind which CEL and templates stand. A node holds an expression as it holds a named function: equality,
 * hash and encoding see its `kind` and `source` alone.
 */
export interface Expr {
  readonly _tag: "Expr"
  readonly kind: "cel" | "template"
  /** CEL text, or a template: any JSON whose strings may hold `${…}`. */
  readonly source: Json
  /** The names it reads from its scope, each once. */
  readonly names: readonly string[]
  /**
   * What it says, without its layout: the same for two texts that parse to the same, as JSON that tells no spaces,
   * comments or names of macros' variables. Each name that it reads stands there as `spell` has it: `["name", spelt]`. A
   * template that is one hole is the expression in it; a field of the value is `["field", ["name", "value"], key]`.
   */
  canonical(spell: (name: string) => string | number): Json
  /** Computes its value. Total but for run-time type errors, which throw an `Error` that says what was wrong. */
  evaluate(scope: Scope): unknown
  /**
   * Checks it against the types in scope. Never throws. A literal has its widened type; in a `selector`, whose value is
   * compared and not kept, one that the expression may give keeps its own: `c ? "many" : "few"` is one of two texts.
   */
  infer(types: Types, as?: "selector"): Inference
  /** The type of `value` where the expression is true, or false, as far as a test in it shows more than is declared. */
  narrow(types: Types, holds: boolean): JsonSchema | undefined
}
