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

/** A node's place, and the numbering that its steps go on with: made when the first of them comes. */
export interface Spot {
  readonly at: Place
  numbering: Numbering | undefined
}

const numberingOf = (spot: Spot): Numbering => (spot.numbering ??= { next: 0, base: spot.at })

/** The segment of a member of a parallel node: its id, else its key or tag, else its index; an only one without any has none. */
export const memberSegment = (node: Node, i: number, members: number, names?: readonly string[]): string =>
  members === 1 && node.id === undefined && names === undefined ? "" : segment(node.id ?? names?.[i] ?? String(i))

const start = (at: Place): Spot => ({ at, numbering: undefined })

/** Where a flow begins. */
const root: Place = { path: "", local: "", scope: undefined, depth: 0, segment: "" }

export const atRoot = (): Spot => start(root)

function deeper(at: Place, name: string): Place {
  return stepped(at, name, at.scope, at.depth + 1)
}

// Written out: a flow 100,000 deep has as many places at one time, and a spread costs several times as much.
function below(at: Place, name: string, local: string, scope: Bound | undefined): Place {
  return { path: under(at.path, name), local, scope, depth: at.depth + 1, segment: name }
}

function stepped(at: Place, name: string, scope: Bound | undefined, depth: number): Place {
  const path = under(at.path, name)
  // One text where nothing is repeated: it is the larger part of a place.
  return { path, local: at.local === at.path ? path : under(at.local, name), scope, depth, segment: name }
}

const bound = (name: string, { base, last = "" }: Numbering, outer: Bound | undefined): Bound => ({
  name,
  path: under(base.path, last),
  outer,
  depth: (outer?.depth ?? 0) + 1,
})

/** Where the next step of a sequence stands. */
export function nextPath(step: Node, { at, numbering }: Spot): string {
  const { base, next } = numbering ?? { base: at, next: 0 }
  return under(base.path, step.id === undefined ? String(next) : segment(step.id))
}

/** Whether a node continues the sequence that it stands in instead of being a step of it. */
const continues = (node: Node): boolean =>
  melts(node) || (node._tag === "Let" && node.id === undefined && node.note === undefined)

/** Where a child of the node at `parent` stands. */
export function placeOf(parent: Spot, child: Child): Spot {
  const { at } = parent
  const { node } = child
  const id = node.id === undefined ? undefined : segment(node.id)
  switch (child.as) {
    case "rest":
    case "step": {
      const numbering = numberingOf(parent)
      const scope = child.as === "rest" ? bound(child.binds, numbering, at.scope) : at.scope
      const { base } = numbering
      if (continues(node)) {
        const { path, local } = base
        return { at: { path, local, scope, depth: at.depth + 1, segment: "" }, numbering }
      }
      const index = String(numbering.next++)
      numbering.last = id ?? index
      return start(stepped(base, numbering.last, scope, at.depth + 2))
    }
    case "segment":
    case "only": {
      const name = id ?? (child.as === "segment" ? child.name : "")
      if (!child.repeats) return start(deeper(at, name))
      return start(below(at, name, child.as === "only" ? name : "", at.scope))
    }
    case "suffix": {
      const suffixed = deeper(at, child.name)
      const local = child.repeats ? (id ?? "") : under(suffixed.local, id ?? "")
      return start(below(suffixed, id ?? "", local, child.closed ? undefined : at.scope))
    }
  }
}
