import { inOrder } from "./graph-order.js"
import { InvalidFlow } from "./invalid.js"
import { memberNames } from "./members.js"
import type { All, AtLeast, Count, Graph, Node, Race, Traverse } from "./node.js"
import { count, duration, list, oneOf, record, shown, unique } from "./refuse.js"
import { ringOf } from "./ring.js"

// The makers of nodes whose members run at the same time.

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
  record(options, "the options of a quorum")
  const { settle = "all", grace, hedge, required: those } = options
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
    record(hedge, "hedge", "{ after, max }")
    duration(hedge.after, "hedge.after")
    count(hedge.max, 1, "hedge.max")
  }
  if (those !== undefined) list(those, "required", "members, by index or name")
  const required = those?.map((member) => memberIndex(member, of, keys))
  if (required !== undefined && new Set(required).size < required.length) {
    throw new InvalidFlow("duplicate", "required names one member twice", "", "required")
  }
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
  const message = `required names ${typeof member === "string" ? member : shown(member)}, which is no member of the quorum`
  throw new InvalidFlow("quorum_required", message, "", "required")
}

export function race(of: readonly Node[], wins: "success" | "settled" = "success"): Race {
  if (of.length === 0) throw new InvalidFlow("race_empty", "a race needs at least one branch")
  oneOf(wins, ["success", "settled"], "wins")
  return { _tag: "Race", of, wins }
}

/** How a list is gone through. */
export interface TraverseOptions {
  /** The most elements under way at one time. Default: all of them. */
  readonly concurrency?: number
  /** How many must succeed: the result is then that of a quorum, and every element is awaited. */
  readonly atLeast?: Count
}

export function traverse(body: Node, options: TraverseOptions): Traverse {
  record(options, "the options of traverse")
  const { concurrency, atLeast: n } = options
  if (concurrency !== undefined) count(concurrency, 1, "concurrency")
  if (n !== undefined) count(n, 1, "at_least")
  return {
    _tag: "Traverse",
    body,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(n === undefined ? {} : { atLeast: n }),
  }
}

/** A member of a graph under construction. */
export interface GraphMember {
  readonly id: string
  readonly of: Node
  readonly dependsOn: readonly string[]
}

export function graph(members: readonly GraphMember[]): Graph {
  if (members.length === 0) throw new InvalidFlow("graph_empty", "a graph needs at least one member")
  const ids = members.map(({ id }) => id)
  unique(ids, "graph")
  const index = new Map(ids.map((id, i) => [id, i]))
  const dependsOn = members.map(({ id, dependsOn }) => {
    list(dependsOn, `depends_on of ${id}`, "members")
    unique(dependsOn, `depends_on of ${id}`)
    return dependsOn.map((other) => {
      const i = index.get(other)
      if (i !== undefined) return i
      throw new InvalidFlow("graph_unknown", `${id} depends on ${shown(other)}, which is no member of the graph`)
    })
  })
  acyclic(ids, dependsOn)
  return { _tag: "Graph", ids, of: members.map(({ of }) => of), dependsOn }
}

function acyclic(ids: readonly string[], dependsOn: ReadonlyArray<readonly number[]>): void {
  const sound = new Set(inOrder({ dependsOn }))
  if (sound.size === ids.length) return
  // Every one that is left depends on another that is left: following them comes round.
  const way: number[] = []
  let at = [...ids.keys()].find((i) => !sound.has(i)) ?? 0
  while (!way.includes(at)) {
    way.push(at)
    at = dependsOn[at]?.find((dep) => !sound.has(dep)) ?? at
  }
  const round = way.slice(way.indexOf(at))
  const ring = ringOf(round.length, (i) => ids[round[i] ?? at] ?? "")
  throw new InvalidFlow("graph_cycle", `the graph has a cycle: ${ring} (each depends on the next)`)
}
