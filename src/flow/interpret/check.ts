import { nodeOf } from "../build.js"
import type { JsonSchema } from "../../data/schema.js"
import { record } from "../../data/schema-build.js"
import { inlined } from "../../data/schema-inline.js"
import { inWords, nameProblems } from "../closed.js"
import { fold } from "../fold.js"
import type { AnyFlow } from "../types.js"
import { typing } from "./check-algebra.js"
import { type CheckProblem, Findings, inputBecause, type Unchecked } from "./check-findings.js"
import { typed } from "./check-typing.js"

/** What `check` cannot read from the flow itself: the schemas of what it gets. */
export interface CheckOptions {
  /** The schema of the flow's input. */
  readonly input?: JsonSchema
  /** The schema that the flow's output must fit. */
  readonly output?: JsonSchema
  /** The schema of each parameter. */
  readonly params?: Readonly<Record<string, JsonSchema>>
}

/** What is wrong with the types of a flow, and what could not be told. */
export interface CheckResult {
  /** Errors and warnings, in the order of the flow. */
  readonly errors: readonly CheckProblem[]
  /** Every place that needed a type where none is known. What is not listed here was checked. */
  readonly unchecked: readonly Unchecked[]
}

/**
 * Checks the types through a flow, from the schemas that its agents declare: every step against what arrives at it,
 * every expression against what it may read, every case of a branch, every turn of a loop.
 *
 * @example
 * ```ts
 * import { check, pure } from "troupe/flow"
 * import { cel } from "troupe/serde"
 * check(pure("a").andThen(pure(1))) // { errors: [], unchecked: [] }
 * check(pure("a").map(cel("value.size"))).errors.length // 1
 * ```
 */
export function check(flow: AnyFlow, options: CheckOptions = {}): CheckResult {
  const node = nodeOf(flow)
  const input = options.input === undefined ? true : inlined(options.input)
  const { params } = options
  const found = new Findings(
    params === undefined
      ? true
      : record(Object.fromEntries(Object.entries(params).map(([name, schema]) => [name, inlined(schema)]))),
  )
  const value = { type: input, because: inputBecause(input) }
  const wire = typed(fold(node, typing(found)), { value, input: value, fault: undefined })
  if (options.output !== undefined) found.fits("", "the output of the flow", wire, inlined(options.output))
  for (const problem of nameProblems(node)) {
    if (problem.code === "id_twice" || problem.code === "id_taken")
      found.error(problem.path, problem.code, inWords(problem), { part: ["id"] })
    if (problem.code === "name_rebound") found.error(problem.path, problem.code, inWords(problem))
  }
  return { errors: found.problems, unchecked: found.unchecked }
}
