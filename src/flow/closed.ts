import { walk } from "./fold.js"
import { InvalidFlow } from "./invalid.js"
import { reservedNames } from "./make.js"
import type { Code, Node } from "./node.js"
import type { Bound } from "./place.js"

/**
 * A name that a flow reads without a binding, or binds although it is bound already; an id that two steps share; a call
 * that holds no flow.
 */
export interface NameProblem {
  readonly code: "name_free" | "name_rebound" | "id_twice" | "call_unknown"
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

/** The names in scope at a place that moves through the tree: a step there and back costs what changes, not what is. */
class Names {
  readonly #known = new Map<string, Bound>()
  #at: Bound | undefined

  move(to: Bound | undefined): void {
    const enter: Bound[] = []
    let next = to
    while (this.#at !== next) {
      if (next !== undefined && next.depth > (this.#at?.depth ?? 0)) {
        enter.push(next)
        next = next.outer
      } else if (this.#at !== undefined) {
        if (this.#known.get(this.#at.name) === this.#at) this.#known.delete(this.#at.name)
        this.#at = this.#at.outer
      }
    }
    for (const bound of enter.toReversed()) if (!this.#known.has(bound.name)) this.#known.set(bound.name, bound)
    this.#at = to
  }
  find(name: string): Bound | undefined {
    return this.#known.get(name)
  }
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
    if (seen._tag === "Call" && seen.of === undefined) {
      problems.push({ code: "call_unknown", name: seen.name, path: at.path, scope: [] })
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

/**
 * Refuses a flow with a free or a rebound name, an id that two steps of a sequence share, or a call that is not linked:
 * `InvalidFlow`, at the first of them.
 */
export function close(node: Node): void {
  if (closed.has(node)) return
  const [problem] = nameProblems(node)
  if (problem === undefined) {
    closed.add(node)
    return
  }
  const { name, path, scope } = problem
  if (problem.code === "call_unknown") {
    const message = `the call of ${name} holds no flow: give it one, call("${name}", flow), or name it in a document's flows`
    throw new InvalidFlow(problem.code, message, path)
  }
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
