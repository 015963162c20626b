import type { Diagnostic } from "../data/diagnostic.js"
import { type NameProblem, nameProblems } from "../flow/closed.js"
import type { Document } from "../flow/document.js"
import type { Expr } from "../flow/expr.js"
import { type Place, walk } from "../flow/fold.js"
import type { Code, Node } from "../flow/node.js"
import { descend } from "./grammar/code.js"
import { type Origin, originOf } from "./origin.js"
import { Report, type Said } from "./report.js"
import { suggestion } from "./suggest.js"
import { entry, type Tree } from "./tree.js"

/** A problem that a check of a flow found: `check` of `troupe/flow` gives these. */
export interface FlowProblem {
  readonly severity: "error" | "warning"
  readonly code: string
  readonly message: string
  readonly path: string
  readonly expected?: string
  readonly got?: string
  readonly hint?: string
  readonly expr?: Expr
  readonly at?: readonly (string | number)[]
  readonly start?: number
  readonly end?: number
}

/** Problems of a document's flow with their places in its text; the path alone where there is no text. */
export function diagnose(document: Document, problems: readonly FlowProblem[]): readonly Diagnostic[] {
  const origin = originOf(document)
  const report = new Report(origin?.source)
  for (const problem of problems) place(problem, origin, report)
  return report.diagnostics
}

/** The same, into a report. */
export function place(problem: FlowProblem, origin: Origin | undefined, report: Report): void {
  const { code, message, severity, path, expected, hint, expr, at, start, end } = problem
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
  else report.at(head(tree), said, undefined, path)
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

/** Free and rebound names, each where it is read or bound. */
export function placeNames(flow: Node, origin: Origin, report: Report): void {
  const problems = nameProblems(flow)
  if (problems.length === 0) return
  const readers = codesByPath(flow)
  for (const problem of problems) {
    if (problem.code === "name_free") freeName(problem, readers.get(problem.path) ?? [], origin, report)
  }
  if (problems.some(({ code }) => code === "name_rebound")) reboundNames(flow, origin, report)
}

function codesByPath(flow: Node): Map<string, readonly Code[]> {
  const found = new Map<string, readonly Code[]>()
  walk(flow, (_, at, codes) => {
    if (codes.length > 0) found.set(at.path, [...(found.get(at.path) ?? []), ...codes])
  })
  return found
}

function freeName({ name, path, scope }: NameProblem, codes: readonly Code[], origin: Origin, report: Report): void {
  const known = [...scope, "value", "input", "params"]
  const said: Said = {
    code: "name_free",
    message: `the name \`${name}\` is not bound here`,
    expected: known.join(", "),
    hint: suggestion(name, known),
  }
  const exprs = codes.flatMap((code) => (code._tag === "Until" ? [code.when] : [code]))
  for (const code of exprs) {
    const tree = code._tag === "Expr" && code.names.includes(name) ? origin.expr(code) : undefined
    const found = tree === undefined ? undefined : mention(tree, name)
    if (found !== undefined) return report.at(found.tree, said, found.part, path)
  }
  const tree = origin.at(path)
  if (tree === undefined) report.nowhere(path, said)
  else report.at(head(tree), said, undefined, path)
}

/** Where a template first says a name. */
function mention(tree: Tree, name: string): { tree: Tree; part: { start: number; end: number } } | undefined {
  if (tree.kind === "scalar") {
    const start = String(tree.value).search(new RegExp(`(?<![\\w.])${name}(?!\\w)`))
    return start < 0 ? undefined : { tree, part: { start, end: start + name.length } }
  }
  const parts = tree.kind === "list" ? tree.items : tree.entries.map(({ value }) => value)
  for (const part of parts) {
    const found = mention(part, name)
    if (found !== undefined) return found
  }
  return undefined
}

/** A binding shares its path with the sequence it stands in, so each is looked for by what it was written as. */
function reboundNames(flow: Node, origin: Origin, report: Report): void {
  const first = new Map<string, Tree | undefined>()
  walk(flow, (node, at) => {
    if (node._tag !== "Let") return
    const step = origin.node(node)
    const as = step?.kind === "mapping" ? (entry(step, "as")?.value ?? step) : step
    if (!isBound(node.name, at.scope)) {
      first.set(node.name, as)
      return
    }
    const range = first.get(node.name)?.range
    const before = range === undefined ? undefined : origin.source?.position(range.start)
    const said: Said = {
      code: "name_rebound",
      message: `the name \`${node.name}\` is bound already${before === undefined ? "" : `, on line ${before.line}`}`,
      hint: "choose another name",
      related: before === undefined ? [] : [{ message: `\`${node.name}\` is bound here`, ...before }],
    }
    if (as === undefined) report.nowhere(at.path, said)
    else report.at(as, said, undefined, at.path)
  })
}

function isBound(name: string, scope: Place["scope"]): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return true
  return false
}
