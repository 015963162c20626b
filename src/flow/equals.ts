import { asText, isRecord } from "../data/json.js"
import { nodeOf } from "./build.js"
import { type FlowAlgebra, fold } from "./fold.js"
import type { Branch, Code, Count, Fn, Node } from "./node.js"
import type { Expr } from "./expr.js"
import type { AnyFlow } from "./types.js"

/** A node without its spelling: sequences flattened, functions and agents by name, expressions by their text. */
interface Shape {
  readonly tag: string
  readonly own: readonly unknown[]
  readonly kids: readonly Shape[]
}

/**
 * Whether two flows say the same: the same nodes in the same places, however their sequences were joined. Functions and
 * agents are compared by name, expressions by text; a function without a name equals itself alone.
 *
 * @example
 * ```ts
 * import { equals, lift } from "troupe/flow"
 * const [a, b, c] = [lift(Math.abs), lift(Math.sqrt), lift(Math.round)]
 * equals(a.andThen(b).andThen(c), a.andThen(b.andThen(c))) // true
 * ```
 */
export function equals(a: AnyFlow, b: AnyFlow): boolean {
  const stack: [Shape, Shape][] = [[fold(nodeOf(a), shapes), fold(nodeOf(b), shapes)]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [x, y] = pair
    if (x === y) continue
    if (x.tag !== y.tag || x.kids.length !== y.kids.length || !same(x.own, y.own)) return false
    for (const [i, kid] of x.kids.entries()) {
      const other = y.kids[i]
      if (other !== undefined) stack.push([kid, other])
    }
  }
  return true
}

const shape = (
  tag: string,
  { id, note }: Pick<Node, "id" | "note">,
  own: readonly unknown[],
  ...kids: Shape[]
): Shape => ({
  tag,
  own: [id, note, ...own],
  kids,
})

/** A sequence of one unnamed step is that step. */
function sequence(step: Pick<Node, "id" | "note">, kids: readonly Shape[]): Shape {
  const [only, second] = kids
  const named = step.id !== undefined || step.note !== undefined
  return only !== undefined && second === undefined && !named ? only : shape("Seq", step, [], ...kids)
}

const shapes: FlowAlgebra<Shape> = {
  Pure: (node) => shape("Pure", node, [codeOf(node.code)]),
  Agent: (node) => {
    const { prompt, systemPrompt, ...rest } = node.override ?? {}
    return shape("Agent", node, [node.ref.name, prompt && codeOf(prompt), systemPrompt && codeOf(systemPrompt), rest])
  },
  Fail: (node) => shape("Fail", node, [node.code, node.message, node.data, node.retry]),
  Seq: (node, kids) => (node.unit ? shape("Unit", node, [], ...kids) : sequence(node, kids)),
  Let: (node, { of, body }) => {
    const bound = shape("Let", {}, [node.name], of, body)
    return node.id === undefined && node.note === undefined ? bound : shape("Seq", node, [], bound)
  },
  All: (node, kids) => shape("All", node, [node.keys], ...kids),
  AtLeast: (node, kids) =>
    shape("AtLeast", node, [node.keys, countOf(node.n), node.settle, node.grace, node.required, node.hedge], ...kids),
  Race: (node, kids) => shape("Race", node, [node.wins], ...kids),
  Branch: (node, { by, arms, otherwise }) => {
    const order = node.tags.map((tag, i) => ({ tag, arm: arms[i] })).sort((a, b) => (a.tag < b.tag ? -1 : 1))
    const kids = [by, ...order.map(({ arm }) => arm), otherwise].filter((kid) => kid !== undefined)
    return shape("Branch", node, [selectorOf(node.on), order.map(({ tag }) => tag), otherwise !== undefined], ...kids)
  },
  Recover: (node, { of, handler }) => shape("Recover", node, [node.gets, node.on], of, handler),
  Loop: (node, body) => shape("Loop", node, [countOf(node.max), node.exhausted], body),
  Within: (node, of) => shape("Within", node, [node.ms], of),
  FlatMap: (node, { of, among = [] }) =>
    shape("FlatMap", node, [computed(node.using), node.among !== undefined], of, ...among),
  Traverse: (node, body) =>
    shape("Traverse", node, [node.concurrency, node.atLeast === undefined ? undefined : countOf(node.atLeast)], body),
  Retry: (node, of) => {
    const { times, backoff, base, max, jitter, on } = node
    return shape("Retry", node, [countOf(times), backoff, base, max, jitter, on], of)
  },
  Limit: (node, of) => shape("Limit", node, [node.concurrency, node.calls, node.tokens, node.usd], of),
  Divert: (node, { of, side }) => shape("Divert", node, [node.how, node.when && computed(node.when)], of, side),
  Guard: (node, { of, by }) =>
    shape("Guard", node, ["code" in node.check ? computed(node.check.code) : "by"], ...(by ? [of, by] : [of])),
  Graph: (node, kids) => shape("Graph", node, [node.ids, node.dependsOn], ...kids),
  Call: (node, of) => shape("Call", node, [node.name], ...(of === undefined ? [] : [of])),
  Suspend: (node) =>
    shape("Suspend", node, [typeof node.name === "string" ? node.name : computed(node.name), node.schema.json]),
  Sleep: (node) => shape("Sleep", node, [node.ms]),
}

const countOf = (count: Count): unknown => (typeof count === "number" ? count : ["param", count.name])

function codeOf(code: Code): unknown {
  if (code._tag === "Constant") return ["constant", code.value]
  if (code._tag === "Name") return ["name", code.name]
  if (code._tag === "Arity") return ["arity", code.size]
  if (code._tag === "Element") return ["element", code.index]
  return code._tag === "Until" ? ["until", computed(code.when)] : computed(code)
}

/** CEL is a template that is one hole. */
function computed(code: Fn | Expr): unknown {
  if (code._tag === "Fn") return ["fn", code.name ?? code.run]
  return ["expr", code.kind === "cel" ? hole(asText(code.source)) : code.source]
}

const hole = (cel: string): string => `\${${cel}}`

/** A branch on a field is one on the expression that reads the field. */
function selectorOf(on: Branch["on"]): unknown {
  if ("key" in on) return ["expr", hole(`value.${on.key}`)]
  return "code" in on ? computed(on.code) : "by"
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((part, i) => same(part, b[i]))
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b)
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
