import type { AnyAgentRef } from "../data/agent-ref.js"
import type { FaultTag } from "../data/fault.js"
import type { Schema } from "../data/schema.js"
import type { Expr } from "./expr.js"
import { markOf } from "./hash.js"
import { InvalidFlow } from "./invalid.js"
import type {
  Agent,
  Branch,
  Call,
  Code,
  Count,
  Divert,
  Fail,
  FlatMap,
  Fn,
  Guard,
  Let,
  Limit,
  Limits,
  Loop,
  Node,
  Override,
  Pure,
  Recover,
  Retry,
  RetryPolicy,
  Seq,
  Sleep,
  Suspend,
  Within,
} from "./node.js"
import { all as makeAll } from "./make-parallel.js"
import { count, duration, faults, flag, oneOf, record, shown, text, unique } from "./refuse.js"
import { identifier, reservedNames } from "./scope.js"

export * from "./make-parallel.js"

// Nodes are made here and nowhere else, by the typed constructors and by the decoder of documents alike: what is
// ill-formed is refused once, with one wording.

/**
 * A decorator is part of its step: the step's id and note move to the outermost node, so that order does not matter.
 */
function decorate<N extends Node>(of: Node, wrap: (inner: Node) => N): N {
  if (of.id === undefined && of.note === undefined) return wrap(of)
  const { id, note, ...bare } = of
  return { ...wrap(bare), ...(id === undefined ? {} : { id }), ...(note === undefined ? {} : { note }) }
}

/** A text that says something: an empty one is no name. */
export function named(name: unknown, what: string): void {
  text(name, what, "name")
  if (name === "") throw new InvalidFlow("name", `${what} is empty: expected a text`, "", "name")
}

export const pure = (code: Code): Pure => ({ _tag: "Pure", code })

export function agent(ref: AnyAgentRef, override?: Override): Agent {
  text(ref.name, "the name of an agent", "name")
  return override === undefined ? { _tag: "Agent", ref } : { _tag: "Agent", ref, override }
}

export function fail(spec: { code: string; message: string; data?: unknown; retry?: boolean }): Fail {
  record(spec, "what fail(…) takes", "{ code, message }")
  text(spec.code, "code")
  text(spec.message, "message")
  flag(spec.retry, "retry")
  return { _tag: "Fail", ...spec }
}

export const seq = (parts: readonly Node[]): Seq => ({ _tag: "Seq", parts })

/** Parts in a row that share one segment of the path. */
export const unit = (parts: readonly Node[]): Seq => ({ _tag: "Seq", parts, unit: true })

/** A step's input computed first, in the same segment of the path as the step. */
export const prepare = (input: Code, step: Node): Seq => decorate(step, (inner) => unit([pure(input), inner]))

export function letIn(name: string, of: Node, body: Node): Let {
  if (typeof name !== "string" || !identifier.test(name)) {
    throw new InvalidFlow("name", `${shown(name)} is no name: expected letters, digits and _`)
  }
  if (reservedNames.has(name)) {
    throw new InvalidFlow("name", `the name ${name} is taken: expected any but ${[...reservedNames].join(", ")}`)
  }
  return { _tag: "Let", name, of, body }
}

export function branch(
  on: Branch["on"],
  tags: readonly string[],
  arms: readonly Node[],
  otherwise: Node | undefined,
): Branch {
  if (arms.length === 0) throw new InvalidFlow("branch_empty", "a branch needs at least one case")
  if ("key" in on) text(on.key, "the field that a branch reads")
  unique(tags, "branch")
  return { _tag: "Branch", on, tags, arms, ...(otherwise === undefined ? {} : { otherwise }) }
}

export function recover(
  of: Node,
  handler: Node,
  gets: "fault" | "input",
  on: readonly FaultTag[] | undefined,
): Recover {
  faults(on)
  return decorate(of, (inner) => ({
    _tag: "Recover",
    of: inner,
    handler,
    gets,
    ...(on === undefined ? {} : { on }),
  }))
}

/** Never fails: `ok` makes the outcome of a value, `failed` that of a fault. */
export const attempt = (of: Node, ok: Fn, failed: Fn): Recover =>
  recover(
    decorate(of, (inner) => unit([inner, pure(ok)])),
    pure(failed),
    "fault",
    undefined,
  )

export function loop(body: Node, max: Count = 10, exhausted: "fail" | "last" = "fail"): Loop {
  count(max, 1, "max")
  oneOf(exhausted, ["fail", "last"], "exhausted")
  return { _tag: "Loop", body, max, exhausted }
}

/** The body of a loop that ends by a condition on its output. */
export const until = (body: Node, when: Fn | Expr): Seq => seq([body, pure({ _tag: "Until", when })])

export function within(of: Node, ms: number): Within {
  duration(ms, "timeout")
  return decorate(of, (inner) => ({ _tag: "Within", of: inner, ms }))
}

/** A policy as it may be written: what is left out has a default. */
export type RetryOptions = Partial<RetryPolicy>

export function retry(of: Node, policy: RetryOptions): Retry {
  record(policy, "the policy of retry")
  const { times = 3, backoff = "exponential", max = 60_000, jitter = true, on } = policy
  count(times, 0, "times")
  oneOf(backoff, ["constant", "exponential"], "backoff")
  duration(max, "max")
  const { base = Math.min(500, max) } = policy
  duration(base, "base")
  if (base > max) {
    const most = `the longest wait, which is ${max} ms${policy.max === undefined ? " by default" : ""}`
    throw new InvalidFlow("retry_base", `base is ${base} ms, more than max, ${most}: expected at most that`, "", "base")
  }
  flag(jitter, "jitter")
  faults(on)
  return decorate(of, (inner) => ({
    _tag: "Retry",
    of: inner,
    times,
    backoff,
    base,
    max,
    jitter,
    ...(on === undefined ? {} : { on }),
  }))
}

export function limit(of: Node, limits: Limits): Limit {
  record(limits, "what a limit limits")
  const { concurrency, calls, tokens, usd } = limits
  if (concurrency !== undefined) count(concurrency, 1, "concurrency")
  if (calls !== undefined) count(calls, 0, "calls")
  if (tokens !== undefined) count(tokens, 0, "tokens")
  if (usd !== undefined && !(Number.isFinite(usd) && usd >= 0)) {
    throw new InvalidFlow("money", `usd is ${shown(usd)}: expected 0 or more`, "", "usd")
  }
  const set = Object.fromEntries(
    Object.entries({ concurrency, calls, tokens, usd }).filter(([, at]) => at !== undefined),
  )
  if (Object.keys(set).length === 0) {
    throw new InvalidFlow("limit_empty", "a limit limits nothing: expected one of concurrency, calls, tokens, usd")
  }
  return decorate(of, (inner) => ({ _tag: "Limit", of: inner, ...set }))
}

export function divert(of: Node, side: Node, how: Divert["how"], when?: Fn | Expr): Divert {
  return decorate(of, (inner) => ({
    _tag: "Divert",
    of: inner,
    side,
    how,
    ...(when === undefined ? {} : { when }),
  }))
}

export function guard(of: Node, check: Guard["check"]): Guard {
  return decorate(of, (inner) => ({ _tag: "Guard", of: inner, check }))
}

export function flatMap(of: Node, using: Fn, among: readonly Node[] | undefined): FlatMap {
  if (among === undefined) return decorate(of, (inner) => ({ _tag: "FlatMap", of: inner, using }))
  if (among.length === 0) throw new InvalidFlow("among_empty", "among lists no flow", "", "among")
  const marks = among.map(markOf)
  unique(marks, "among")
  return decorate(of, (inner) => ({ _tag: "FlatMap", of: inner, using, among, marks }))
}

export function call(name: string, of?: Node): Call {
  named(name, "the name that a call calls")
  return { _tag: "Call", name, ...(of === undefined ? {} : { of }) }
}

export function suspend(name: string | Expr, schema: Schema<unknown>): Suspend {
  if (typeof name !== "object" || name?._tag !== "Expr") named(name, "the name of a suspend")
  return { _tag: "Suspend", name, schema }
}

export function sleep(ms: number): Sleep {
  duration(ms, "sleep")
  return { _tag: "Sleep", ms }
}

/** A list of so many elements, one for each branch. */
export const split = (branches: readonly Node[]): Seq =>
  unit([
    pure({ _tag: "Arity", size: branches.length }),
    makeAll(
      branches.map((branch, index) => decorate(branch, (inner) => unit([pure({ _tag: "Element", index }), inner]))),
    ),
  ])

export function withId(node: Node, id: string): Node {
  text(id, "an id", "id")
  if (id === "") throw new InvalidFlow("id", "an id is empty: expected a text")
  return { ...node, id }
}

export function withNote(node: Node, note: string): Node {
  text(note, "a note")
  return { ...node, note }
}
