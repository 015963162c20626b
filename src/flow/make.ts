import type { AnyAgentRef } from "../data/agent-ref.js"
import { maxDuration } from "../data/duration.js"
import type { FaultTag } from "../data/fault.js"
import type { Expr } from "./expr.js"
import { InvalidFlow } from "./invalid.js"
import { memberNames } from "./members.js"
import type {
  Agent,
  All,
  AtLeast,
  Branch,
  Code,
  Count,
  Fail,
  Fn,
  Let,
  Loop,
  Node,
  Override,
  Pure,
  Race,
  Recover,
  Seq,
  Within,
} from "./node.js"

// Nodes are made here and nowhere else, by the typed constructors and by the decoder of documents alike: what is
// ill-formed is refused once, with one wording.

/** Names that an expression already knows, so that no step may be called so. */
export const reservedNames: ReadonlySet<string> = new Set(["value", "input", "params", "fault", "env"])

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/

/** `hedge` of `hedge.after`. */
const optionOf = (what: string): string => what.replace(/\..*/, "")

function duration(ms: number, what: string): void {
  if (!Number.isFinite(ms) || ms < 0 || ms > maxDuration) {
    const message = `${what} is ${ms} ms: expected 0 to ${maxDuration} ms (about 24 days)`
    throw new InvalidFlow("duration", message, "", optionOf(what))
  }
}

function count(value: Count, minimum: number, what: string): void {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < minimum) {
      const message = `${what} is ${value}: expected a whole number, ${minimum} or more`
      throw new InvalidFlow("count", message, "", optionOf(what))
    }
  } else if (value.minimum !== undefined && value.minimum < minimum) {
    throw new InvalidFlow(
      "count",
      `${what} is the parameter ${value.name}, whose minimum is ${value.minimum}: expected ${minimum} or more`,
      "",
      optionOf(what),
    )
  }
}

/**
 * A decorator is part of its step: the step's id and note move to the outermost node, so that order does not matter.
 */
function decorate<N extends Node>(of: Node, wrap: (inner: Node) => N): N {
  if (of.id === undefined && of.note === undefined) return wrap(of)
  const { id, note, ...bare } = of
  return { ...wrap(bare), ...(id === undefined ? {} : { id }), ...(note === undefined ? {} : { note }) }
}

export const pure = (code: Code): Pure => ({ _tag: "Pure", code })

export function agent(ref: AnyAgentRef, override?: Override): Agent {
  return override === undefined ? { _tag: "Agent", ref } : { _tag: "Agent", ref, override }
}

export function fail(spec: { code: string; message: string; data?: unknown; retry?: boolean }): Fail {
  return { _tag: "Fail", ...spec }
}

export const seq = (parts: readonly Node[]): Seq => ({ _tag: "Seq", parts })

/** A step's input computed first, in the same segment of the path as the step. */
export const prepare = (input: Code, step: Node): Seq =>
  decorate(step, (inner) => ({ _tag: "Seq", parts: [pure(input), inner], unit: true }))

export function letIn(name: string, of: Node, body: Node): Let {
  if (!identifier.test(name)) {
    throw new InvalidFlow("name", `${JSON.stringify(name)} is no name: expected letters, digits and _`)
  }
  if (reservedNames.has(name)) {
    throw new InvalidFlow("name", `the name ${name} is taken: expected any but ${[...reservedNames].join(", ")}`)
  }
  return { _tag: "Let", name, of, body }
}

export function all(of: readonly Node[], keys?: readonly string[]): All {
  unique(keys, "all")
  return keys === undefined ? { _tag: "All", of } : { _tag: "All", of, keys }
}

/** How a quorum settles: when it proceeds, whom it must include, whom it asks once more. */
export interface QuorumOptions {
  /** `all` waits for every member; `quorum` aborts the rest once enough have succeeded. Default `all`. */
  readonly settle?: "all" | "quorum"
  /** Milliseconds to wait for more after the n-th success, with `settle: "quorum"`. Default 0. */
  readonly grace?: number
  /** Members that must be among the successes, by index or name. */
  readonly required?: ReadonlyArray<number | string>
  /** A second copy of a member that has not ended `after` milliseconds from its start, `max` copies at most in all. */
  readonly hedge?: { readonly after: number; readonly max: number }
}

export function atLeast(
  n: Count,
  of: readonly Node[],
  keys: readonly string[] | undefined,
  options: QuorumOptions,
): AtLeast {
  const { settle = "all", grace, hedge } = options
  oneOf(settle, ["all", "quorum"], "settle")
  if (of.length === 0) throw new InvalidFlow("quorum_empty", "a quorum needs at least one member", "", "of")
  unique(keys, "at_least")
  count(n, 1, "n")
  const top = typeof n === "number" ? n : n.maximum
  if (top !== undefined && top > of.length) {
    const message = `n is ${top} of ${of.length} members: expected 1 to ${of.length}`
    throw new InvalidFlow("quorum_range", message, "", "n")
  }
  if (grace !== undefined) {
    duration(grace, "grace")
    if (settle !== "quorum") {
      throw new InvalidFlow(
        "quorum_grace",
        'grace has no meaning while every member is awaited: set settle to "quorum"',
        "",
        "grace",
      )
    }
  }
  if (hedge !== undefined) {
    duration(hedge.after, "hedge.after")
    count(hedge.max, 1, "hedge.max")
  }
  const required = options.required?.map((member) => memberIndex(member, of, keys))
  if (required !== undefined && required.length > (typeof n === "number" ? n : (n.minimum ?? 1))) {
    throw new InvalidFlow("quorum_required", `${required.length} members are required, more than n`, "", "required")
  }
  return {
    _tag: "AtLeast",
    n,
    of,
    settle,
    ...(keys === undefined ? {} : { keys }),
    ...(grace === undefined ? {} : { grace }),
    ...(required === undefined ? {} : { required }),
    ...(hedge === undefined ? {} : { hedge }),
  }
}

function memberIndex(member: number | string, of: readonly Node[], keys: readonly string[] | undefined): number {
  const index =
    typeof member === "number" ? member : memberNames(keys === undefined ? { of } : { of, keys }).indexOf(member)
  if (Number.isSafeInteger(index) && index >= 0 && index < of.length) return index
  const message = `required names ${member}, which is no member of the quorum`
  throw new InvalidFlow("quorum_required", message, "", "required")
}

export function race(of: readonly Node[], wins: "success" | "settled" = "success"): Race {
  if (of.length === 0) throw new InvalidFlow("race_empty", "a race needs at least one branch")
  oneOf(wins, ["success", "settled"], "wins")
  return { _tag: "Race", of, wins }
}

export function branch(
  on: Branch["on"],
  tags: readonly string[],
  arms: readonly Node[],
  otherwise: Node | undefined,
): Branch {
  if (arms.length === 0) throw new InvalidFlow("branch_empty", "a branch needs at least one case")
  unique(tags, "branch")
  return { _tag: "Branch", on, tags, arms, ...(otherwise === undefined ? {} : { otherwise }) }
}

export function recover(
  of: Node,
  handler: Node,
  gets: "fault" | "input",
  on: readonly FaultTag[] | undefined,
): Recover {
  return decorate(of, (inner) => ({
    _tag: "Recover",
    of: inner,
    handler,
    gets,
    ...(on === undefined ? {} : { on }),
  }))
}

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

export function withId(node: Node, id: string): Node {
  if (id === "") throw new InvalidFlow("id", "an id is empty: expected a text")
  return { ...node, id }
}

export const withNote = (node: Node, note: string): Node => ({ ...node, note })

/** A choice that the compiler has checked, for callers that it has not seen. */
function oneOf(given: string, choices: readonly string[], what: string): void {
  if (choices.includes(given)) return
  throw new InvalidFlow("option", `${what} is ${JSON.stringify(given)}: expected ${choices.join(" or ")}`)
}

function unique(names: readonly string[] | undefined, where: string): void {
  if (names === undefined || new Set(names).size === names.length) return
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  throw new InvalidFlow("duplicate", `${where} names ${JSON.stringify(twice)} twice`)
}
