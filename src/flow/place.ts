import { segment, under } from "../data/path.js"
import type { Node } from "./node.js"
import { melts } from "./spine.js"

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

/** How a child's path follows from its parent's. */
type Way =
  /** Takes the next segment of the sequence. */
  | { readonly as: "step" }
  /** Goes on in the same sequence: the body of a `Let`. */
  | { readonly as: "rest"; readonly binds: string }
  /** Adds a segment of its own, or its id. */
  | { readonly as: "segment"; readonly name: string }
  /** Adds nothing, unless it has an id. */
  | { readonly as: "only" }
  /** Adds a suffix to its parent's segment; `closed`: no name from outside is in scope there. */
  | { readonly as: "suffix"; readonly name: string; readonly closed?: true }

/** A child of a node, and how its path follows. */
export type Child = Way & {
  readonly node: Node
  /** Run more than once (turns, copies, tries, elements): each run adds a counter to the path. */
  readonly repeats?: true
}

/** The numbering of one flattened sequence, shared by all that melts into it. */
export interface Numbering {
  next: number
  /** The segment of the step before the next one. */
  last?: string
  readonly base: Place
}

/** A node's place, and the numbering that its steps go on with. */
export interface Spot {
  readonly at: Place
  readonly numbering: Numbering
}

/** The segment of a member of a parallel node: its id, else its key or tag, else its index. */
export const memberSegment = (node: Node, i: number, names?: readonly string[]): string =>
  segment(node.id ?? names?.[i] ?? String(i))

const start = (at: Place): Spot => ({ at, numbering: { next: 0, base: at } })

/** Where a flow begins. */
const root: Place = { path: "", local: "", scope: undefined, depth: 0, segment: "" }

export const atRoot = (): Spot => start(root)

function deeper(at: Place, name: string): Place {
  return { ...at, path: under(at.path, name), local: under(at.local, name), depth: at.depth + 1, segment: name }
}

const bound = (name: string, { base, last = "" }: Numbering, outer: Bound | undefined): Bound => ({
  name,
  path: under(base.path, last),
  outer,
  depth: (outer?.depth ?? 0) + 1,
})

/** Where the next step of a sequence stands. */
export const nextPath = (step: Node, { base, next }: Numbering): string =>
  under(base.path, step.id === undefined ? String(next) : segment(step.id))

/** Whether a node continues the sequence that it stands in instead of being a step of it. */
const continues = (node: Node): boolean =>
  melts(node) || (node._tag === "Let" && node.id === undefined && node.note === undefined)

/** Where a child of the node at `parent` stands. */
export function placeOf({ at, numbering }: Spot, child: Child): Spot {
  const { node } = child
  const id = node.id === undefined ? undefined : segment(node.id)
  switch (child.as) {
    case "rest":
    case "step": {
      const scope = child.as === "rest" ? bound(child.binds, numbering, at.scope) : at.scope
      const base = { ...numbering.base, scope, depth: at.depth + 1, segment: "" }
      if (continues(node)) return { at: base, numbering }
      const index = String(numbering.next++)
      numbering.last = id ?? index
      return start(deeper(base, numbering.last))
    }
    case "segment":
    case "only": {
      const name = id ?? (child.as === "segment" ? child.name : "")
      const below = deeper(at, name)
      return start(child.repeats ? { ...below, local: child.as === "only" ? name : "" } : below)
    }
    case "suffix": {
      const below = deeper(deeper(at, child.name), id ?? "")
      const local = child.repeats ? (id ?? "") : below.local
      return start({ ...below, local, scope: child.closed ? undefined : at.scope })
    }
  }
}
