import type { JsonSchema } from "../../../src/data/schema.js"
import { type CheckOptions, check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import type { Expr, Types } from "../../../src/flow/expr.js"
import type { Code } from "../../../src/flow/node.js"
import { type Any, ask, of } from "./parts.js"

// The words in which the tests of `check` speak: types, steps that give and take them, what is said of a flow.

export const string = { type: "string" }
export const number = { type: "number" }
export const boolean = { type: "boolean" }

export const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
})

/** An agent that gives a type. */
export const gives = (output: JsonSchema, name = "source"): Any => ask(name, { output })

/** An agent that takes a type, and gives it on unless another is said. */
export const takes = (input: JsonSchema, output: JsonSchema = input, name = "sink"): Any => ask(name, { input, output })

export const does = (code: Code): Any => of(make.pure(code))

export const messages = (flow: Any, options?: CheckOptions): string[] =>
  check(flow, options).errors.map(({ path, message }) => `${path}: ${message}`)

export const reasons = (flow: Any, options?: CheckOptions): string[] =>
  check(flow, options).unchecked.map(({ path, reason }) => `${path}: ${reason}`)

export const clean = { errors: [], unchecked: [] }

/** An expression of another language than CEL. Without more, it says nothing of its type, and finds nothing wrong. */
export const expression = (source: string, more: Partial<Expr> = {}): Expr => ({
  _tag: "Expr",
  kind: "cel",
  source,
  names: [],
  canonical: () => source,
  evaluate: () => undefined,
  infer: () => ({ type: true, problems: [], unknown: [] }),
  narrow: () => undefined,
  ...more,
})

/** A step that writes down the types that it may read; it is not asked for where nothing can arrive. */
export function reader(name = "value"): { readonly step: Any; readonly seen: unknown[]; readonly names: string[][] } {
  const [seen, names]: [unknown[], string[][]] = [[], []]
  const infer = (types: Types): ReturnType<Expr["infer"]> => {
    seen.push(types.get(name))
    names.push([...types.names])
    return { type: true, problems: [], unknown: [] }
  }
  return { step: does(expression("reads", { infer })), seen, names }
}

/** The type of what a flow gives, whole; `nothing` where it cannot succeed. */
export function typeOf(flow: Any, options?: CheckOptions): unknown {
  const { step, seen } = reader()
  check(flow.andThen(step), options)
  return seen.length === 0 ? "nothing" : seen[0]
}
