import { segment } from "../data/path.js"
import { walk } from "./fold.js"
import { InvalidFlow } from "./invalid.js"
import type { Code, Node } from "./node.js"
import { type Bound, nextPath } from "./place.js"
import { Names, reservedNames } from "./scope.js"

/**
 * A name that a flow reads without a binding, or binds although it is bound already; an id that two steps share; a call
 * that holds no flow, or stands in the flow that it calls.
 */
export interface NameProblem {
  readonly code: "name_free" | "name_rebound" | "id_twice" | "id_taken" | "call_unknown" | "call_recursion"
  readonly name: string
  readonly path: string
  /** The step that reads or binds the name, or that has the id of an earlier one. */
  readonly node: Node
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

/** Whether a place is in a called flow of this name: its path has the suffix `@name`. */
function isWithin(path: string, name: string): boolean {
  const called = `@${segment(name)}`
  return path.split(/(?=[/#!~@:[])/).includes(called)
}

/** Every free and every rebound name of a flow, and every path that two steps would share. A flow without any is closed: it can be run, priced and written. */
export function nameProblems(node: Node): NameProblem[] {
  const problems: NameProblem[] = []
  const names = new Names()
  const ids = new Map<string, Node>()
  walk(node, (seen, at, codes, lacks, spot) => {
    names.move(at.scope)
    if (seen.id !== undefined) {
      if (ids.has(at.path)) problems.push({ code: "id_twice", name: seen.id, path: at.path, node: seen, scope: [] })
      ids.set(at.path, seen)
    }
    if (lacks !== undefined) {
      const code = isWithin(at.path, lacks) ? "call_recursion" : "call_unknown"
      problems.push({ code, name: lacks, path: at.path, node: seen, scope: [] })
    }
    if (seen._tag === "Let") {
      const first = names.find(seen.name)
      if (first !== undefined) {
        problems.push({
          code: "name_rebound",
          name: seen.name,
          path: nextPath(seen.of, spot),
          node: seen,
          bound: first.path,
          scope: visible(at.scope),
        })
      }
    }
    for (const code of codes) {
      for (const name of reads(code)) {
        if (!reservedNames.has(name) && names.find(name) === undefined) {
          problems.push({ code: "name_free", name, path: at.path, node: seen, scope: visible(at.scope) })
        }
      }
    }
  })
  return ids.size === 0 ? problems : [...problems, ...taken(node, ids)]
}

/** Steps without an id whose index, key or role is the id of another: ids are few, and their paths are short. */
function taken(node: Node, ids: ReadonlyMap<string, Node>): NameProblem[] {
  const problems: NameProblem[] = []
  const names = new Set([...ids.values()].map(({ id }) => (id === undefined ? "" : segment(id))))
  walk(node, (seen, at) => {
    if (seen.id !== undefined || !names.has(at.segment)) return
    const first = ids.get(at.path)
    if (first?.id === undefined) return
    problems.push({ code: "id_taken", name: first.id, path: at.path, node: first, scope: [] })
  })
  return problems
}

const closed = new WeakSet<Node>()

/**
 * Refuses a flow with a free or a rebound name, an id that two steps share, or a call that is not linked: `InvalidFlow`, at
 * the first of them.
 */
export function close(node: Node): void {
  if (closed.has(node)) return
  const [problem] = nameProblems(node)
  if (problem !== undefined) throw new InvalidFlow(problem.code, inWords(problem), problem.path)
  closed.add(node)
}

/** What is wrong with a name or an id, without the path. */
export function inWords({ code, name, scope, bound }: NameProblem): string {
  if (code === "id_twice") return `two steps here have the id ${name}`
  if (code === "id_taken") return `the id ${name} is taken: another part here is called so by its place, key or role`
  if (code === "call_recursion") return `the flow ${name} calls itself; flows may not be recursive: repeat with loop`
  if (code === "call_unknown") {
    return `the call of ${name} holds no flow: give it one, call("${name}", flow), or name it in the flows of a document`
  }
  if (code === "name_rebound") return `the name ${name} is bound already, at ${bound === "" ? "the root" : bound}`
  return `the name ${name} is not bound here; ${scope.length === 0 ? "no name is bound there" : `in scope: ${scope.join(", ")}`}`
}
