import { nearest } from "../data/nearest.js"
import { type FlowAlgebra, fold, walk } from "./fold.js"
import { markOf } from "./hash.js"
import { InvalidFlow } from "./invalid.js"
import type { Node } from "./node.js"
import { rebuild } from "./rebuild.js"
import { ringOf } from "./ring.js"

/** A call that no flow can be put into. */
export interface LinkProblem {
  readonly code: "call_unknown" | "call_recursion" | "call_size"
  readonly message: string
  readonly hint: string | undefined
  readonly call: Node
  /** Where the call stands, from the root of the flow that it is written in. */
  readonly path: string
}

/** Flows whose calls hold what they call. */
export interface Linked {
  readonly node: Node
  readonly flows: ReadonlyMap<string, Node>
  /** With any of these, some calls hold nothing still. */
  readonly problems: readonly LinkProblem[]
  /** What a node of before has become. */
  readonly became: (node: Node) => Node
}

/** How much calls may make of a flow: nodes when every call is written out, and calls inside of one another. */
export interface LinkLimits {
  readonly nodes: number
  readonly depth: number
}

interface Written {
  readonly call: Node
  /** What it calls. */
  readonly name: string
  readonly path: string
}

/** A flow and the flows that it may call by name; `known` are linked already. Never recurses. */
export function link(
  node: Node,
  flows: ReadonlyMap<string, Node>,
  known: ReadonlyMap<string, Node> = new Map(),
  limits?: LinkLimits,
): Linked {
  const calls = new Map([...flows].map(([name, of]) => [name, callsOf(of)]))
  const own = callsOf(node)
  const { order, problems } = ordered(own, calls, known)
  const after = new Map<string, Node>()
  const became = new WeakMap<Node, { readonly result: Node }>()
  const linking: FlowAlgebra<Node> = {
    ...rebuild,
    Call(call, of) {
      const called = of ?? after.get(call.name) ?? known.get(call.name)
      return called === undefined ? call : { ...call, of: called }
    },
    // What a flow is told by changes with what it calls.
    FlatMap: (choice, { of, among }) => ({ ...choice, of, ...(among && { among, marks: among.map(markOf) }) }),
  }
  for (const name of order) {
    const of = flows.get(name)
    if (of !== undefined) after.set(name, calls.get(name)?.length === 0 ? of : fold(of, linking, became))
  }
  const whole = own.length === 0 ? node : fold(node, linking, became)
  if (limits !== undefined && problems.length === 0) {
    const parts = [...order.map((name) => ({ name, of: flows.get(name) })), { name: undefined, of: node }]
    problems.push(...overgrown(parts, (name) => (name === undefined ? own : (calls.get(name) ?? [])), known, limits))
  }
  return {
    node: whole,
    flows: new Map([...flows].map(([name, of]) => [name, after.get(name) ?? of])),
    problems,
    became: (before) => became.get(before)?.result ?? before,
  }
}

/** The same for flows of TypeScript: throws `InvalidFlow` for the first call that cannot be linked. */
export function linked(node: Node, flows: ReadonlyMap<string, Node>): Pick<Linked, "node" | "flows"> {
  const made = link(node, flows)
  const [problem] = made.problems
  if (problem === undefined) return made
  const { code, message, hint, path } = problem
  throw new InvalidFlow(code, hint === undefined ? message : `${message}; ${hint}`, path)
}

/** The calls of a flow that hold nothing yet. */
function callsOf(node: Node): readonly Written[] {
  const found: Written[] = []
  walk(node, (call, { path }, _, name) => {
    if (name !== undefined) found.push({ call, name, path })
  })
  return found
}

interface Visit {
  readonly name: string | undefined
  readonly calls: readonly Written[]
  next: number
}

/** Names in an order in which those that are called come first; calls of nothing and of themselves are problems. */
function ordered(
  own: readonly Written[],
  calls: ReadonlyMap<string, readonly Written[]>,
  known: ReadonlyMap<string, Node>,
): { readonly order: readonly string[]; readonly problems: LinkProblem[] } {
  const order: string[] = []
  const problems: LinkProblem[] = []
  const seen = new Set<string>()
  const open: Visit[] = []
  const places = new Map<string, number>()
  const enter = (name: string | undefined, inner: readonly Written[]): void => {
    if (name !== undefined) {
      seen.add(name)
      places.set(name, open.length)
    }
    open.push({ name, calls: inner, next: 0 })
  }
  const finish = (): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const written = top.calls[top.next++]
      if (written === undefined) {
        open.pop()
        if (top.name !== undefined) {
          order.push(top.name)
          places.delete(top.name)
        }
        continue
      }
      const { name } = written
      const inner = calls.get(name)
      if (inner === undefined) {
        if (!known.has(name)) problems.push({ ...unknown(name, [...calls.keys(), ...known.keys()]), ...written })
      } else if (!seen.has(name)) enter(name, inner)
      else {
        const from = places.get(name)
        if (from === undefined) continue
        const ring = ringOf(open.length - from, (i) => open[from + i]?.name ?? "")
        problems.push({ ...recursion(name, ring), ...written })
      }
    }
  }
  for (const [name, inner] of [[undefined, own] as const, ...calls]) {
    if (name !== undefined && seen.has(name)) continue
    enter(name, inner)
    finish()
  }
  return { order, problems }
}

type Said = Pick<LinkProblem, "code" | "message" | "hint">

function unknown(name: string, known: readonly string[]): Said {
  const meant = nearest(name, known)
  const told = known.length === 0 ? "there are no named flows here" : `known: ${known.slice(0, 12).join(", ")}`
  return {
    code: "call_unknown",
    message: `no flow is called \`${name}\``,
    hint: meant === undefined ? told : `did you mean \`${meant}\`?`,
  }
}

const recursion = (name: string, ring: string): Said => ({
  code: "call_recursion",
  message: `the flow \`${name}\` calls itself: ${ring}`,
  hint: "flows may not be recursive: repeat with `loop`",
})

interface Size {
  readonly nodes: number
  readonly depth: number
}

/** The calls with which a flow, every call in it written out, becomes larger or deeper than it may be. */
function overgrown(
  parts: readonly { readonly name: string | undefined; readonly of: Node | undefined }[],
  callsIn: (name: string | undefined) => readonly Written[],
  known: ReadonlyMap<string, Node>,
  limits: LinkLimits,
): readonly LinkProblem[] {
  const sizes = new Map<string, Size>()
  const sizeOf = (name: string): Size => {
    const found = sizes.get(name) ?? { nodes: nodesIn(known.get(name)), depth: 1 }
    sizes.set(name, found)
    return found
  }
  for (const { name, of } of parts) {
    const calls = callsIn(name)
    let nodes = nodesIn(of)
    let depth = 0
    let largest: { readonly written: Written; readonly size: Size } | undefined
    for (const written of calls) {
      const size = sizeOf(written.name)
      nodes += size.nodes
      depth = Math.max(depth, size.depth)
      if (largest === undefined || size.nodes > largest.size.nodes) largest = { written, size }
    }
    const deepest = depth > limits.depth ? calls.find((written) => sizeOf(written.name).depth === depth) : undefined
    const blamed = deepest ?? (nodes > limits.nodes ? largest?.written : undefined)
    if (blamed !== undefined) return [{ ...tooMuch(deepest !== undefined, limits), ...blamed }]
    if (name !== undefined) sizes.set(name, { nodes, depth: depth + 1 })
  }
  return []
}

function tooMuch(deep: boolean, { nodes, depth }: LinkLimits): Said {
  return {
    code: "call_size",
    message: deep
      ? `flows call one another more than ${depth} deep here`
      : `with this call the flow has more than ${nodes.toLocaleString("en")} nodes, every call written out`,
    hint: "call fewer flows, or smaller ones",
  }
}

const counted = new WeakMap<Node, number>()

function nodesIn(node: Node | undefined): number {
  if (node === undefined) return 0
  let count = counted.get(node) ?? 0
  if (count > 0) return count
  walk(node, () => count++)
  counted.set(node, count)
  return count
}
