import { type Either, isLeft, right } from "../data/either.js"
import type { Expr, ExprProblem, Inference, Scope, Types } from "../flow/expr.js"
import type { Json } from "../data/json.js"
import type { JsonSchema } from "../data/schema.js"
import { canonical, type Spell } from "./canonical.js"
import { compile } from "./compile.js"
import { type Run, stepBudget } from "./frame.js"
import { infer } from "./infer.js"
import { narrow } from "./narrow-value.js"
import { type Parsed, parse } from "./parse.js"
import { malformed } from "./problem.js"

/** A CEL text as an expression, or everything that is wrong with it. */
export function parseCel(source: string): Either<readonly ExprProblem[], Expr> {
  const parsed = parse(source)
  return isLeft(parsed) ? parsed : right(new CelExpr(source, parsed.right))
}

/**
 * An expression in CEL, the Common Expression Language: side-effect free, always ending, with numbers as JSON has them.
 *
 * Throws an `ExprError` that shows where the text is wrong. Types are checked by `check`, not here.
 *
 * @example
 * ```ts
 * import { AgentSystem, pure } from "troupe"
 * import { cel } from "troupe/serde"
 * await using system = new AgentSystem()
 * const clean = pure({ ok: true, notes: ["no verb"] }).map(cel("value.ok && size(value.notes) == 0"))
 * await system.run(clean, undefined) // false
 * ```
 */
export function cel(source: string): Expr {
  const parsed = parseCel(source)
  if (isLeft(parsed)) throw malformed(parsed.left, () => source)
  return parsed.right
}

class CelExpr implements Expr {
  readonly _tag = "Expr"
  readonly kind = "cel"
  readonly source: string
  readonly names: readonly string[]
  readonly #parsed: Parsed
  #run: Run | undefined

  constructor(source: string, parsed: Parsed) {
    this.source = source
    this.names = parsed.names
    this.#parsed = parsed
  }

  canonical(spell: Spell): Json {
    return canonical(this.#parsed.term, spell)
  }

  evaluate(scope: Scope): unknown {
    const { term } = this.#parsed
    this.#run ??= compile(term)
    return this.#run({ scope, locals: [], left: stepBudget, place: term })
  }

  infer(types: Types, as?: "selector"): Inference {
    return infer(this.#parsed.term, types, as)
  }

  narrow(types: Types, holds: boolean): JsonSchema | undefined {
    return narrow(this.#parsed.term, types, holds)
  }
}
