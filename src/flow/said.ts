import { isRecord } from "../data/json.js"
import type { Expr } from "./expr.js"
import type { FlowAlgebra } from "./fold.js"
import type { Branch, Code, Count, Fn, Node } from "./node.js"
import type { Place } from "./place.js"

// What of a node counts: equality, hash and comparison read flows through this file, and through no other.

/** What a node says itself, without its spelling; what its children say comes beside it. */
export interface Said {
  readonly tag: string
  readonly id: string | undefined
  readonly note: string | undefined
  /** Plain data and functions without a name, in an order that depends on the tag alone. */
  readonly own: readonly unknown[]
}

/** How a reader takes what can be spelt in more ways than one. */
export interface Reader<R> {
  /** Whether a remark is part of what a node says. */
  readonly notes: boolean
  node(said: Said, kids: readonly R[], at: Place): R
  expression(expr: Expr, at: Place): unknown
  /** The expression that reads this field of the value. */
  field(key: string): unknown
  /** A name where it is read. */
  name(name: string, at: Place): unknown
  /** A name where it is bound. */
  binder(name: string): unknown
}

/**
 * Reads a flow: sequences flattened, a sequence of one unnamed step as that step, functions and agents by name, the arms
 * of a branch in the order of their tags.
 */
export function reading<R>(reader: Reader<R>): FlowAlgebra<R> {
  type Step = Pick<Node, "id" | "note">
  const say = (tag: string, { id, note }: Step, own: readonly unknown[], at: Place, kids: readonly R[] = []): R =>
    reader.node({ tag, id, note, own }, kids, at)
  const named = ({ id, note }: Step): boolean => id !== undefined || (reader.notes && note !== undefined)
  const computed = (code: Fn | Expr, at: Place): unknown =>
    code._tag === "Fn" ? ["fn", code.name ?? code.run] : ["expr", reader.expression(code, at)]
  const codeOf = (code: Code, at: Place): unknown => {
    if (code._tag === "Constant") return ["constant", code.value]
    if (code._tag === "Name") return ["name", reader.name(code.name, at)]
    if (code._tag === "Arity") return ["arity", code.size]
    if (code._tag === "Element") return ["element", code.index]
    return code._tag === "Until" ? ["until", computed(code.when, at)] : computed(code, at)
  }
  /** A branch on a field is one on the expression that reads the field. */
  const selectorOf = (on: Branch["on"], at: Place): unknown => {
    if ("key" in on) return ["expr", reader.field(on.key)]
    return "code" in on ? computed(on.code, at) : "by"
  }
  return {
    Pure: (node, _, at) => say("Pure", node, [codeOf(node.code, at)], at),
    Agent: (node, _, at) => {
      const { prompt, systemPrompt, ...rest } = node.override ?? {}
      return say(
        "Agent",
        node,
        [node.ref.name, prompt && codeOf(prompt, at), systemPrompt && codeOf(systemPrompt, at), rest],
        at,
      )
    },
    Fail: (node, _, at) => say("Fail", node, [node.code, node.message, node.data, node.retry], at),
    Seq: (node, kids, at) => {
      const [only, second] = kids
      if (node.unit) return say("Unit", node, [], at, kids)
      return only !== undefined && second === undefined && !named(node) ? only : say("Seq", node, [], at, kids)
    },
    Let: (node, { of, body }, at) => {
      const bound = say("Let", {}, [reader.binder(node.name)], at, [of, body])
      return named(node) ? say("Seq", node, [], at, [bound]) : bound
    },
    FlatMap: (node, { of, among = [] }, at) =>
      say("FlatMap", node, [computed(node.using, at), node.among !== undefined], at, [of, ...among]),
    All: (node, kids, at) => say("All", node, [node.keys], at, kids),
    Traverse: (node, body, at) =>
      say("Traverse", node, [node.concurrency, node.atLeast === undefined ? undefined : countOf(node.atLeast)], at, [
        body,
      ]),
    AtLeast: (node, kids, at) =>
      say("AtLeast", node, [node.keys, countOf(node.n), node.settle, node.grace, node.required, node.hedge], at, kids),
    Race: (node, kids, at) => say("Race", node, [node.wins], at, kids),
    Branch: (node, { by, arms, otherwise }, at) => {
      const order = node.tags.map((tag, i) => ({ tag, arm: arms[i] })).sort((a, b) => (a.tag < b.tag ? -1 : 1))
      const kids = [by, ...order.map(({ arm }) => arm), otherwise].filter((kid) => kid !== undefined)
      return say(
        "Branch",
        node,
        [selectorOf(node.on, at), order.map(({ tag }) => tag), otherwise !== undefined],
        at,
        kids,
      )
    },
    Recover: (node, { of, handler }, at) => say("Recover", node, [node.gets, node.on], at, [of, handler]),
    Loop: (node, body, at) => say("Loop", node, [countOf(node.max), node.exhausted], at, [body]),
    Within: (node, of, at) => say("Within", node, [node.ms], at, [of]),
    Retry: (node, of, at) => {
      const { times, backoff, base, max, jitter, on } = node
      return say("Retry", node, [countOf(times), backoff, base, max, jitter, on], at, [of])
    },
    Limit: (node, of, at) => say("Limit", node, [node.concurrency, node.calls, node.tokens, node.usd], at, [of]),
    Divert: (node, { of, side }, at) =>
      say("Divert", node, [node.how, node.when && computed(node.when, at)], at, [of, side]),
    Guard: (node, { of, by }, at) =>
      say(
        "Guard",
        node,
        ["code" in node.check ? computed(node.check.code, at) : "by"],
        at,
        by === undefined ? [of] : [of, by],
      ),
    Graph: (node, kids, at) => say("Graph", node, [node.ids, node.dependsOn], at, kids),
    Call: (node, of, at) => say("Call", node, [node.name], at, of === undefined ? [] : [of]),
    Suspend: (node, _, at) => {
      const { name, schema } = node
      return say("Suspend", node, [typeof name === "string" ? name : computed(name, at), schema.json ?? [schema]], at)
    },
    Sleep: (node, _, at) => say("Sleep", node, [node.ms], at),
  }
}

const countOf = (count: Count): unknown => (typeof count === "number" ? count : ["param", count.name])

/** Whether two parts of what nodes say are the same data; what is no plain data is the same as itself alone. */
export function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((part, i) => sameData(part, b[i]))
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b)
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameData(a[key], b[key]))
}
