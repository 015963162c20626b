import type { ExprProblem } from "../flow/expr.js"

/** A piece of a CEL text: its offsets (`end` exclusive) and the piece itself. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * What `cel` and `template` throw for a text that is no expression, and what an expression throws when it cannot be
 * computed.
 *
 * `problems` says what and where; `message` says the same to people.
 */
export class ExprError extends Error {
  override readonly name = "ExprError"
  readonly problems: readonly ExprProblem[]
  constructor(message: string, problems: readonly ExprProblem[]) {
    super(message)
    this.problems = problems
  }
}

/** The error of an evaluation that went wrong at a place of the expression. */
export function failure(place: Place, code: string, message: string): ExprError {
  return new ExprError(message, [{ code, message, severity: "error", at: [], start: place.start, end: place.end }])
}

/** The error for a text that could not be parsed: every problem, each under its line with a caret. */
export function malformed(problems: readonly ExprProblem[], textAt: (problem: ExprProblem) => string): ExprError {
  return new ExprError(problems.map((problem) => explain(problem, textAt(problem))).join("\n"), problems)
}

const widest = 100

function explain(problem: ExprProblem, text: string): string {
  const lineStart = text.lastIndexOf("\n", problem.start - 1) + 1
  const nextLine = text.indexOf("\n", problem.start)
  const lineEnd = nextLine < 0 ? text.length : nextLine
  const from = Math.max(lineStart, problem.start - widest / 2)
  const to = Math.min(lineEnd, from + widest)
  const carets = "^".repeat(Math.max(1, Math.min(problem.end, to) - problem.start))
  const advice = [problem.expected === undefined ? [] : [`expected ${problem.expected}`], problem.hint ?? []].flat()
  const where = problem.at.length === 0 ? "" : ` (at ${problem.at.join(".")})`
  return [
    problem.message + where,
    `  ${text.slice(from, to)}`,
    `  ${" ".repeat(problem.start - from)}${carets}`,
    ...advice.map((line) => `  ${line}`),
  ].join("\n")
}
