import { walk } from "./fold.js"
import { InvalidFlow } from "./invalid.js"
import type { Code, Node } from "./node.js"
import type { Bound } from "./place.js"
import { Names, reservedNames } from "./scope.js"

/** A name that a flow reads without a binding, or binds although it is bound already; an id that two steps share. */
export interface NameProblem {
  readonly code: "name_free" | "name_rebound" | "id_twice"
  readonly name: string
  readonly path: string
  /** Where the name was bound first, for a rebound one. */
  readonly bound?: string
  /** The names in scope there. */
  readonly scope: readonly string[]
}

const reads = (code: Code): readonly string[] => {
  if (code._tag === "Name") return [code.name]
  if (code._tag === "Expr") return code.names
  return code._tag === "Until" && code.when._tag === "Expr" ? code.when.names : []
}

function visible(scope: Bound | undefined): string[] {
  const names: string[] = []
  for (let at = scope; at !== undefined && names.length < 20; at = at.outer) names.push(at.name)
  return names
}

/** Every free and every rebound name of a flow, and every path that two steps would share. A flow without any is closed: it can be run, priced and written. */
export function nameProblems(node: Node): NameProblem[] {
  const problems: NameProblem[] = []
  const names = new Names()
  const ids = new Set<string>()
  walk(node, (seen, at, codes) => {
    names.move(at.scope)
    if (seen.id !== undefined) {
      if (ids.has(at.path)) problems.push({ code: "id_twice", name: seen.id, path: at.path, scope: [] })
      ids.add(at.path)
    }
    if (seen._tag === "Let") {
      const first = names.find(seen.name)
      if (first !== undefined) {
        problems.push({
          code: "name_rebound",
          name: seen.name,
          path: at.path,
          bound: first.path,
          scope: visible(at.scope),
        })
      }
    }
    for (const code of codes) {
      for (const name of reads(code)) {
        if (!reservedNames.has(name) && names.find(name) === undefined) {
          problems.push({ code: "name_free", name, path: at.path, scope: visible(at.scope) })
        }
      }
    }
  })
  return problems
}

const closed = new WeakSet<Node>()

/** Refuses a flow with a free or a rebound name, or an id that two steps of a sequence share: `InvalidFlow`, at the first of them. */
export function close(node: Node): void {
  if (closed.has(node)) return
  const [problem] = nameProblems(node)
  if (problem === undefined) {
    closed.add(node)
    return
  }
  const { name, path, scope } = problem
  if (problem.code === "id_twice") throw new InvalidFlow(problem.code, `two steps here have the id ${name}`, path)
  const known = scope.length === 0 ? "no name is bound there" : `in scope: ${scope.join(", ")}`
  throw problem.code === "name_free"
    ? new InvalidFlow(problem.code, `the name ${name} is not bound here; ${known}`, path)
    : new InvalidFlow(
        problem.code,
        `the name ${name} is bound already, at ${problem.bound === "" ? "the root" : problem.bound}`,
        path,
      )
}
