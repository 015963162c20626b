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
  /** By name: plain data, and functions without a name. */
  readonly own: Readonly<Record<string, unknown>>
  /** What each child is to the node. Children of one role stand in their order. */
  readonly roles: readonly string[]
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
  /** A function without a name. */
  lambda(fn: Fn, at: Place): unknown
  /** A name where it is bound. */
  binder(name: string): unknown
}

/** What is listed for membership alone, in one order. */
const setOf = <M extends string | number>(of: readonly M[] | undefined): readonly M[] | undefined =>
  of?.toSorted((a, b) => (a < b ? -1 : 1))

/**
 * Reads a flow: sequences flattened, a sequence of one unnamed step as that step, functions and agents by name, the arms
 * of a branch in the order of their tags.
 */
export function reading<R>(reader: Reader<R>): FlowAlgebra<R> {
  type Step = Pick<Node, "id" | "note">
  type Own = Readonly<Record<string, unknown>>
  /** `kids` by role; those that are not there are left out. */
  const say = (
    tag: string,
    step: Step,
    own: Own,
    at: Place,
    kids: ReadonlyArray<readonly [string, R | undefined]> = [],
  ): R => {
    const there = kids.flatMap(([role, kid]) => (kid === undefined ? [] : [{ role, kid }]))
    const roles = there.map(({ role }) => role)
    return reader.node(
      { tag, id: step.id, note: step.note, own, roles },
      there.map(({ kid }) => kid),
      at,
    )
  }
  const each = (role: string, kids: readonly R[], names?: readonly string[]): [string, R][] =>
    kids.map((kid, i) => [names === undefined ? role : `${role} ${names[i] ?? i}`, kid])
  const named = ({ id, note }: Step): boolean => id !== undefined || (reader.notes && note !== undefined)
  const computed = (code: Fn | Expr, at: Place): unknown =>
    code._tag === "Fn" ? ["fn", code.name ?? reader.lambda(code, at)] : ["expr", reader.expression(code, at)]
  const codeOf = (code: Code, at: Place): unknown => {
    if (code._tag === "Constant") return ["constant", code.value]
    if (code._tag === "Name") return ["name", reader.name(code.name, at)]
    if (code._tag === "Arity") return ["arity", code.size]
    if (code._tag === "Element") return ["element", code.index]
    return code._tag === "Until" ? ["until", computed(code.when, at)] : computed(code, at)
  }
  const ifAny = <C>(code: C | undefined, of: (code: C, at: Place) => unknown, at: Place): unknown =>
    code === undefined ? undefined : of(code, at)
  /** A branch on a field is one on the expression that reads the field. */
  const selectorOf = (on: Branch["on"], at: Place): unknown => {
    if ("key" in on) return ["expr", reader.field(on.key)]
    return "code" in on ? computed(on.code, at) : undefined
  }
  return {
    Pure: (node, _, at) => say("Pure", node, { gives: codeOf(node.code, at) }, at),
    Agent: (node, _, at) => {
      const { prompt, systemPrompt, model, temperature, maxTokens } = node.override ?? {}
      const texts = { prompt: ifAny(prompt, codeOf, at), systemPrompt: ifAny(systemPrompt, codeOf, at) }
      return say("Agent", node, { agent: node.ref.name, ...texts, model, temperature, maxTokens }, at)
    },
    Fail: (node, _, at) => {
      const { code, message, data, retry } = node
      return say("Fail", node, { code, message, data, retry }, at)
    },
    Seq: (node, kids, at) => {
      const [only, second] = kids
      if (node.unit) return say("Unit", node, {}, at, each("part", kids))
      return only !== undefined && second === undefined && !named(node)
        ? only
        : say("Seq", node, {}, at, each("step", kids))
    },
    Let: (node, { of, body }, at) => {
      const kids = [
        ["step", of],
        ["rest", body],
      ] as const
      const bound = say("Let", {}, { as: reader.binder(node.name) }, at, kids)
      return named(node) ? say("Seq", node, {}, at, [["step", bound]]) : bound
    },
    FlatMap: (node, { of, among }, at) => {
      const own = { using: computed(node.using, at), listed: among !== undefined }
      return say("FlatMap", node, own, at, [["of", of], ...each("choice", among ?? [])])
    },
    All: (node, kids, at) => say("All", node, { keys: node.keys }, at, each("branch", kids, node.keys)),
    Traverse: (node, body, at) => {
      const own = { concurrency: node.concurrency, atLeast: ifAny(node.atLeast, countOf, at) }
      return say("Traverse", node, own, at, [["body", body]])
    },
    AtLeast: (node, kids, at) => {
      const { keys, n, settle, grace, required, hedge } = node
      return say(
        "AtLeast",
        node,
        { keys, n: countOf(n), settle, grace, required: setOf(required), hedge },
        at,
        each("member", kids, keys),
      )
    },
    Race: (node, kids, at) => say("Race", node, { wins: node.wins }, at, each("branch", kids)),
    Branch: (node, { by, arms, otherwise }, at) => {
      const order = node.tags.map((tag, i) => ({ tag, arm: arms[i] })).sort((a, b) => (a.tag < b.tag ? -1 : 1))
      const cases = order.map(({ tag, arm }): [string, R | undefined] => [`case ${tag}`, arm])
      return say("Branch", node, { on: selectorOf(node.on, at) }, at, [["by", by], ...cases, ["otherwise", otherwise]])
    },
    Recover: (node, { of, handler }, at) => {
      const { gets, on } = node
      return say("Recover", node, { gets, on: setOf(on) }, at, [
        ["of", of],
        ["handler", handler],
      ])
    },
    Loop: (node, body, at) => {
      const { max, exhausted } = node
      return say("Loop", node, { turns: countOf(max), exhausted }, at, [["body", body]])
    },
    Within: (node, of, at) => say("Within", node, { timeout: node.ms }, at, [["of", of]]),
    Retry: (node, of, at) => {
      const { times, backoff, base, max, jitter, on } = node
      return say("Retry", node, { times: countOf(times), backoff, base, max, jitter, on: setOf(on) }, at, [["of", of]])
    },
    Limit: (node, of, at) => {
      const { concurrency, calls, tokens, usd } = node
      return say("Limit", node, { concurrency, calls, tokens, usd }, at, [["of", of]])
    },
    Divert: (node, { of, side }, at) => {
      const own = { how: node.how, when: ifAny(node.when, computed, at) }
      return say("Divert", node, own, at, [
        ["of", of],
        ["side", side],
      ])
    },
    Guard: (node, { of, by }, at) => {
      const own = { check: "code" in node.check ? computed(node.check.code, at) : undefined }
      return say("Guard", node, own, at, [
        ["of", of],
        ["check", by],
      ])
    },
    Graph: (node, kids, at) => {
      const { ids, dependsOn } = node
      return say("Graph", node, { ids, dependsOn }, at, each("member", kids, ids))
    },
    Call: (node, of, at) => say("Call", node, { flow: node.name }, at, [["called", of]]),
    Suspend: (node, _, at) => {
      const name = typeof node.name === "string" ? node.name : computed(node.name, at)
      return say("Suspend", node, { name, schema: node.schema.json ?? [node.schema] }, at)
    },
    Sleep: (node, _, at) => say("Sleep", node, { sleep: node.ms }, at),
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
