import { segment } from "../data/path.js"
import type { FlowAlgebra } from "./algebra.js"
import type { Code, Node } from "./node.js"
import { atRoot, type Child, memberSegment, type Place, placeOf, type Spot } from "./place.js"
import { steps } from "./spine.js"

export type { FlowAlgebra, Kids } from "./algebra.js"

interface Shape {
  readonly children: readonly Child[]
  /** What the node itself evaluates. */
  readonly codes: readonly Code[]
  /** The name of the flow that a call should hold and does not. */
  readonly lacks?: string
  readonly give: <R>(algebra: FlowAlgebra<R>, kids: readonly R[], at: Place) => R
}

const segmented = (nodes: readonly Node[], names?: readonly string[]): Child[] =>
  nodes.map((node, i) => ({ as: "segment", name: memberSegment(node, i, nodes.length, names), node }))

/** What a side flow adds to the path. */
export const sideSegments = { tap: "tap", notify: "notify", divertTo: "divert_to" } as const

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
    case "FlatMap": {
      const { among, marks = [] } = node
      const choices: Child[] = (among ?? []).map((choice, i) => ({
        as: "suffix",
        name: `:${marks[i] ?? ""}`,
        node: choice,
        repeats: true,
      }))
      return {
        children: [{ as: "only", node: node.of }, ...choices],
        codes: [node.using],
        give: (algebra, kids, at) => algebra.FlatMap(node, { of: kid(kids, 0), among: among && kids.slice(1) }, at),
      }
    }
    case "All":
      return {
        children: segmented(node.of, node.keys),
        codes: [],
        give: (algebra, kids, at) => algebra.All(node, kids, at),
      }
    case "Traverse":
      return {
        children: [{ as: "only", node: node.body, repeats: true }],
        codes: [],
        give: (algebra, kids, at) => algebra.Traverse(node, kid(kids, 0), at),
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
    case "Retry":
      return {
        children: [{ as: "only", node: node.of, repeats: true }],
        codes: [],
        give: (algebra, kids, at) => algebra.Retry(node, kid(kids, 0), at),
      }
    case "Limit":
      return {
        children: [{ as: "only", node: node.of }],
        codes: [],
        give: (algebra, kids, at) => algebra.Limit(node, kid(kids, 0), at),
      }
    case "Divert":
      return {
        children: [
          { as: "only", node: node.of },
          { as: "segment", name: sideSegments[node.how], node: node.side },
        ],
        codes: node.when === undefined ? [] : [node.when],
        give: (algebra, kids, at) => algebra.Divert(node, { of: kid(kids, 0), side: kid(kids, 1) }, at),
      }
    case "Guard": {
      const by: Child[] = "by" in node.check ? [{ as: "segment", name: "guard", node: node.check.by }] : []
      return {
        children: [{ as: "only", node: node.of }, ...by],
        codes: "code" in node.check ? [node.check.code] : [],
        give: (algebra, kids, at) => algebra.Guard(node, { of: kid(kids, 0), by: kids[1] }, at),
      }
    }
    case "Graph":
      return {
        children: segmented(node.of, node.ids),
        codes: [],
        give: (algebra, kids, at) => algebra.Graph(node, kids, at),
      }
    case "Call":
      return {
        children:
          node.of === undefined ? [] : [{ as: "suffix", name: `@${segment(node.name)}`, node: node.of, closed: true }],
        codes: [],
        ...(node.of === undefined ? { lacks: node.name } : {}),
        give: (algebra, kids, at) => algebra.Call(node, kids[0], at),
      }
    case "Suspend":
      return {
        children: [],
        codes: typeof node.name === "string" ? [] : [node.name],
        give: (algebra, _, at) => algebra.Suspend(node, null, at),
      }
    case "Sleep":
      return { children: [], codes: [], give: (algebra, _, at) => algebra.Sleep(node, null, at) }
  }
}

function kid<R>(kids: readonly R[], i: number): R {
  if (i >= kids.length) throw new RangeError(`a node lost its child ${i}`)
  return kids[i] as R
}

/** A node whose children are under way. A flow 100,000 deep has as many of them at one time: they hold what is still needed. */
interface Open extends Spot {
  readonly children: readonly Child[]
  done: number
}

interface Visit extends Open {
  readonly node: Node
  readonly give: Shape["give"]
}

function visit(node: Node, { at, numbering }: Spot): Visit {
  const { children, give } = shape(node)
  return { at, numbering, children, done: 0, node, give }
}

/** Results of nodes seen before: a `WeakMap`, or one that keeps only what holds wherever the node stands. */
export interface Known<R> {
  get(node: Node): { readonly result: R } | undefined
  set(node: Node, entry: { readonly result: R }): unknown
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
 * const more = (_: unknown, of: number) => 1 + of
 * const nodes: FlowAlgebra<number> = {
 *   ...{ Pure: one, Agent: one, Fail: one, Suspend: one, Sleep: one },
 *   ...{ Seq: sum, All: sum, AtLeast: sum, Race: sum, Graph: sum },
 *   ...{ Loop: more, Traverse: more, Within: more, Retry: more, Limit: more },
 *   Let: (_, { of, body }) => 1 + of + body,
 *   FlatMap: (_, { of, among = [] }) => sum(_, [of, ...among]),
 *   Branch: (_, { by = 0, arms, otherwise = 0 }) => sum(_, [by, ...arms, otherwise]),
 *   Recover: (_, { of, handler }) => 1 + of + handler,
 *   Divert: (_, { of, side }) => 1 + of + side,
 *   Guard: (_, { of, by = 0 }) => 1 + of + by,
 *   Call: (_, of = 0) => 1 + of,
 * }
 * fold(zip(pure(1), pure(2)).node, nodes) // 3
 * ```
 */
export function fold<R>(node: Node, algebra: FlowAlgebra<R>, known?: Known<R>): R {
  const stack: Visit[] = []
  const results: R[] = []
  const begin = (next: Node, made: () => Visit): void => {
    const before = known?.get(next)
    if (before === undefined) stack.push(made())
    else results.push(before.result)
  }
  begin(node, () => visit(node, atRoot()))
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.children[top.done]
    if (child !== undefined) {
      const parent = top
      top.done++
      begin(child.node, () => visit(child.node, placeOf(parent, child)))
      continue
    }
    stack.pop()
    const kids = results.splice(results.length - top.done)
    const result = top.give(algebra, kids, top.at)
    results.push(result)
    known?.set(top.node, { result })
  }
  return kid(results, 0)
}

type See = (node: Node, at: Place, codes: readonly Code[], lacks: string | undefined, spot: Spot) => void

/**
 * Visits every node before its children, with its place, what it evaluates itself, and the name of the flow that it calls
 * and does not hold. Never recurses.
 */
export function walk(node: Node, see: See): void {
  const stack: Open[] = []
  const push = (next: Node, spot: Spot): void => {
    const { children, codes, lacks } = shape(next)
    const open = { at: spot.at, numbering: spot.numbering, children, done: 0 }
    see(next, open.at, codes, lacks, open)
    stack.push(open)
  }
  push(node, atRoot())
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.children[top.done]
    if (child === undefined) stack.pop()
    else {
      top.done++
      push(child.node, placeOf(top, child))
    }
  }
}
