import { segment, under } from "../data/path.js"
import type { Code, Node, NodeOf, Tag } from "./node.js"
import { melts, steps } from "./spine.js"

/** Where a node stands in its flow. */
export interface Place {
  /** The path from the root, without the counters of a run. */
  readonly path: string
  /** The same from the nearest enclosing place that may be run more than once, whose own path grows a counter. */
  readonly local: string
  /** The names that enclosing `Let`s have bound, innermost first. */
  readonly scope: Bound | undefined
  readonly depth: number
  /** The segment that this node adds to the path: its id, or what it has in place of one; `""` where it adds none. */
  readonly segment: string
}

/** A name in scope, and where it was bound. */
export interface Bound {
  readonly name: string
  readonly path: string
  readonly outer: Bound | undefined
  /** How many names are bound here, this one included. */
  readonly depth: number
}

/** The results for a node's children, by their role. */
export interface Kids<R> {
  Pure: null
  Agent: null
  Fail: null
  Seq: readonly R[]
  Let: { readonly of: R; readonly body: R }
  All: readonly R[]
  AtLeast: readonly R[]
  Race: readonly R[]
  Branch: { readonly by: R | undefined; readonly arms: readonly R[]; readonly otherwise: R | undefined }
  Recover: { readonly of: R; readonly handler: R }
  Loop: R
  Within: R
}

/** An interpreter: one entry per node, from the results for its children to the result for it. */
export type FlowAlgebra<R> = { readonly [T in Tag]: (node: NodeOf<T>, kids: Kids<R>[T], at: Place) => R }

/** How a child's path follows from its parent's. */
type Step =
  /** Takes the next segment of the sequence. */
  | { readonly as: "step" }
  /** Goes on in the same sequence: the body of a `Let`. */
  | { readonly as: "rest"; readonly binds: string }
  /** Adds a segment of its own, or its id. */
  | { readonly as: "segment"; readonly name: string }
  /** Adds nothing, unless it has an id. */
  | { readonly as: "only" }

interface Role {
  readonly node: Node
  /** Run more than once (turns, copies): each run adds a counter to the path. */
  readonly repeats?: true
}

type Child = Step & Role

interface Shape {
  readonly children: readonly Child[]
  /** What the node itself evaluates. */
  readonly codes: readonly Code[]
  give<R>(algebra: FlowAlgebra<R>, kids: readonly R[], at: Place): R
}

/** The segment of a member of a parallel node: its id, else its key or tag, else its index. */
export const memberSegment = (node: Node, i: number, names?: readonly string[]): string =>
  segment(node.id ?? names?.[i] ?? String(i))

const segmented = (nodes: readonly Node[], names?: readonly string[]): Child[] =>
  nodes.map((node, i) => ({ as: "segment", name: memberSegment(node, i, names), node }))

/** The only `switch` on the node tag: what a node's children are, and which entry of an interpreter answers for it. */
function shape(node: Node): Shape {
  switch (node._tag) {
    case "Pure":
      return { children: [], codes: [node.code], give: (algebra, _, at) => algebra.Pure(node, null, at) }
    case "Agent": {
      const { prompt, systemPrompt } = node.override ?? {}
      const codes = [prompt, systemPrompt].filter((code) => code !== undefined)
      return { children: [], codes, give: (algebra, _, at) => algebra.Agent(node, null, at) }
    }
    case "Fail":
      return { children: [], codes: [], give: (algebra, _, at) => algebra.Fail(node, null, at) }
    case "Seq":
      return {
        children: node.unit
          ? node.parts.map((part) => ({ as: "only", node: part }))
          : steps(node).map((step) => ({ as: "step", node: step })),
        codes: [],
        give: (algebra, kids, at) => algebra.Seq(node, kids, at),
      }
    case "Let":
      return {
        children: [
          { as: "step", node: node.of },
          { as: "rest", binds: node.name, node: node.body },
        ],
        codes: [],
        give: (algebra, kids, at) => algebra.Let(node, { of: kid(kids, 0), body: kid(kids, 1) }, at),
      }
    case "All":
      return {
        children: segmented(node.of, node.keys),
        codes: [],
        give: (algebra, kids, at) => algebra.All(node, kids, at),
      }
    case "AtLeast":
      return {
        children: segmented(node.of, node.keys).map((child) => ({ ...child, repeats: true })),
        codes: [],
        give: (algebra, kids, at) => algebra.AtLeast(node, kids, at),
      }
    case "Race":
      return { children: segmented(node.of), codes: [], give: (algebra, kids, at) => algebra.Race(node, kids, at) }
    case "Branch": {
      const arms = segmented(node.arms, node.tags)
      const by: Child[] = "by" in node.on ? [{ as: "segment", name: "by", node: node.on.by }] : []
      const rest: Child[] = node.otherwise ? [{ as: "segment", name: "otherwise", node: node.otherwise }] : []
      return {
        children: [...by, ...arms, ...rest],
        codes: "code" in node.on ? [node.on.code] : [],
        give: (algebra, kids, at) => {
          const end = by.length + arms.length
          return algebra.Branch(
            node,
            { by: by.length ? kids[0] : undefined, arms: kids.slice(by.length, end), otherwise: kids[end] },
            at,
          )
        },
      }
    }
    case "Recover":
      return {
        children: [
          { as: "only", node: node.of },
          { as: "segment", name: "recover", node: node.handler },
        ],
        codes: [],
        give: (algebra, kids, at) => algebra.Recover(node, { of: kid(kids, 0), handler: kid(kids, 1) }, at),
      }
    case "Loop":
      return {
        children: [{ as: "only", node: node.body, repeats: true }],
        codes: [],
        give: (algebra, kids, at) => algebra.Loop(node, kid(kids, 0), at),
      }
    case "Within":
      return {
        children: [{ as: "only", node: node.of }],
        codes: [],
        give: (algebra, kids, at) => algebra.Within(node, kid(kids, 0), at),
      }
  }
}

function kid<R>(kids: readonly R[], i: number): R {
  if (i >= kids.length) throw new RangeError(`a node lost its child ${i}`)
  return kids[i] as R
}

/** The numbering of one flattened sequence, shared by all that melts into it. */
interface Numbering {
  next: number
  readonly base: Place
}

interface Visit {
  readonly node: Node
  readonly shape: Shape
  readonly at: Place
  readonly numbering: Numbering
  done: number
}

/** Whether a node continues the sequence that it stands in instead of being a step of it. */
const continues = (node: Node): boolean =>
  melts(node) || (node._tag === "Let" && node.id === undefined && node.note === undefined)

const root: Place = { path: "", local: "", scope: undefined, depth: 0, segment: "" }

function deeper(at: Place, name: string): Place {
  return { ...at, path: under(at.path, name), local: under(at.local, name), depth: at.depth + 1, segment: name }
}

function visit(node: Node, at: Place, shared?: Numbering): Visit {
  return { node, shape: shape(node), at, numbering: shared ?? { next: 0, base: at }, done: 0 }
}

const bound = (name: string, { path, scope }: Place): Bound => ({
  name,
  path,
  outer: scope,
  depth: (scope?.depth ?? 0) + 1,
})

function enter(parent: Visit, child: Child): Visit {
  const { at, numbering } = parent
  const { node } = child
  const id = node.id === undefined ? undefined : segment(node.id)
  switch (child.as) {
    case "rest":
    case "step": {
      const scope = child.as === "rest" ? bound(child.binds, at) : at.scope
      const base = { ...numbering.base, scope, depth: at.depth + 1, segment: "" }
      if (continues(node)) return visit(node, base, numbering)
      const index = String(numbering.next++)
      return visit(node, deeper(base, id ?? index))
    }
    case "segment":
    case "only": {
      const name = id ?? (child.as === "segment" ? child.name : "")
      const below = deeper(at, name)
      return visit(node, child.repeats ? { ...below, local: child.as === "only" ? name : "" } : below)
    }
  }
}

/**
 * Interprets a flow: children first, then the node, without recursion, so that a flow may nest 100,000 deep.
 *
 * @param known results of nodes seen before, for an interpreter to which the place does not matter: a part that is asked
 *   about again and again is interpreted once.
 *
 * @example
 * ```ts
 * import { type FlowAlgebra, fold, pure, zip } from "troupe/flow"
 * const one = () => 1
 * const sum = (_: unknown, kids: readonly number[]) => kids.reduce((a, b) => a + b, 1)
 * const nodes: FlowAlgebra<number> = {
 *   ...{ Pure: one, Agent: one, Fail: one, Seq: sum, All: sum, AtLeast: sum, Race: sum },
 *   Let: (_, { of, body }) => 1 + of + body,
 *   Branch: (_, { by = 0, arms, otherwise = 0 }) => sum(_, [by, ...arms, otherwise]),
 *   Recover: (_, { of, handler }) => 1 + of + handler,
 *   Loop: (_, body) => 1 + body,
 *   Within: (_, of) => 1 + of,
 * }
 * fold(zip(pure(1), pure(2)).node, nodes) // 3
 * ```
 */
export function fold<R>(node: Node, algebra: FlowAlgebra<R>, known?: WeakMap<Node, { readonly result: R }>): R {
  const stack: Visit[] = []
  const results: R[] = []
  const begin = (next: Node, made: () => Visit): void => {
    const before = known?.get(next)
    if (before === undefined) stack.push(made())
    else results.push(before.result)
  }
  begin(node, () => visit(node, root))
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.shape.children[top.done]
    if (child !== undefined) {
      const parent = top
      top.done++
      begin(child.node, () => enter(parent, child))
      continue
    }
    stack.pop()
    const kids = results.splice(results.length - top.done)
    const result = top.shape.give(algebra, kids, top.at)
    results.push(result)
    known?.set(top.node, { result })
  }
  return kid(results, 0)
}

/** Visits every node before its children, with its place and what it evaluates itself. Never recurses. */
export function walk(node: Node, see: (node: Node, at: Place, codes: readonly Code[]) => void): void {
  const stack: Visit[] = []
  const push = (next: Node, made: Visit): void => {
    see(next, made.at, made.shape.codes)
    stack.push(made)
  }
  push(node, visit(node, root))
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.shape.children[top.done]
    if (child === undefined) stack.pop()
    else {
      top.done++
      push(child.node, enter(top, child))
    }
  }
}
