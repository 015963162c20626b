import type { Diagnostic } from "../data/diagnostic.js"
import type { Document } from "../flow/document.js"
import type { Expr } from "../flow/expr.js"
import type { CheckProblem } from "../flow/interpret/check-findings.js"
import { descend } from "./grammar/code.js"
import { type Origin, originOf } from "./origin.js"
import { Report, type Said } from "./report.js"
import { entry, type Tree } from "./tree.js"

/** Problems of a document's flow with their places in its text; the path alone where there is no text. */
export function diagnose(document: Document, problems: readonly CheckProblem[]): readonly Diagnostic[] {
  const origin = originOf(document)
  const report = new Report(origin?.source)
  for (const problem of problems) place(problem, origin, report)
  return report.diagnostics
}

/** The same, into a report. */
export function place(problem: CheckProblem, origin: Origin | undefined, report: Report): void {
  const { code, message, severity, path, expected, hint, expr, at, start, end, part: inside } = problem
  const said: Said = { code, message, severity, expected, hint }
  const written = expr === undefined ? undefined : origin?.expr(expr)
  if (expr !== undefined && written !== undefined) {
    const part = at === undefined ? written : descend(written, at)
    const skipped = expr.kind === "cel" ? before(expr, part) : 0
    const offsets = start === undefined ? undefined : { start: start + skipped, end: (end ?? start + 1) + skipped }
    report.at(part, said, offsets, path)
    return
  }
  const tree = origin?.at(path)
  if (tree === undefined) report.nowhere(path, said)
  else report.at(inside === undefined ? head(tree) : partOf(tree, inside), said, undefined, path)
}

/** A part of a step: its value where that is a text alone, else its key. */
function partOf(step: Tree, keys: readonly string[]): Tree {
  let found = step
  let range = head(step).range
  for (const key of keys) {
    const next = found.kind === "mapping" ? entry(found, key) : undefined
    if (next === undefined) break
    found = next.value
    range = found.kind === "scalar" ? found.range : (next.at ?? found.range)
  }
  return { ...found, range }
}

/** `${…}` may stand around a CEL expression: what is written before the expression itself. */
function before({ source }: Expr, tree: Tree): number {
  if (tree.kind !== "scalar" || typeof tree.value !== "string" || typeof source !== "string") return 0
  return Math.max(0, tree.value.indexOf(source))
}

/** A step is underlined at its first line, not through to its end. */
function head(tree: Tree): Tree {
  const first = tree.kind === "mapping" ? tree.entries[0] : undefined
  if (tree.range === undefined || first?.at === undefined) return tree
  return { ...tree, range: first.at }
}
