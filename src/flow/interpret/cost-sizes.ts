import type { JsonSchema } from "../../data/schema.js"
import { literalList, widened } from "../../data/schema-build.js"
import { inlined } from "../../data/schema-inline.js"
import { type FlowAlgebra, fold } from "../fold.js"
import type { Node, Traverse } from "../node.js"
import { typing } from "./check-algebra.js"
import { Findings } from "./check-findings.js"
import { sizesOf } from "./check-lists.js"
import { type Typing, typed } from "./check-typing.js"

/** How many elements a list can have. */
export interface Size {
  readonly min: number
  readonly max: number
}

/** A list of which nothing is known. */
const anyLength: Size = { min: 0, max: Infinity }

/** A list that is empty, or long, says in its type that it is one, not how long. */
const exactly = (list: readonly unknown[]): JsonSchema => ({
  ...literalList(Array.from(list, (element) => widened(element))),
  minItems: list.length,
  maxItems: list.length,
})

// A path that nests without end is never read, which would write it out: its length stands for it, and the sizes of places
// that this makes one are taken together.
const key = (path: string): string | number => (path.length > 1_000 ? path.length : path)

/**
 * How long the lists are that arrive at each `Traverse`, from the types through the flow: those that its agents declare,
 * and that a run enforces. Of a flow with a clash of types nothing is told.
 */
export function sizes(root: Node, input: JsonSchema = true): (node: Traverse, path: string) => Size {
  const seen = new Map<Traverse, Map<string | number, Size>>()
  const see = (node: Traverse, path: string, size: Size): void => {
    const paths = seen.get(node) ?? new Map<string | number, Size>()
    const before = paths.get(key(path)) ?? size
    paths.set(key(path), { min: Math.min(before.min, size.min), max: Math.max(before.max, size.max) })
    seen.set(node, paths)
  }

  const found = new Findings(true)
  const base = typing(found)
  const algebra: FlowAlgebra<Typing> = {
    ...base,
    Pure: (node, kids, at) => {
      const { code } = node
      if (code._tag !== "Constant" || !Array.isArray(code.value)) return base.Pure(node, kids, at)
      const type = exactly(code.value)
      return () => ({ type })
    },
    // Whether a later turn gets what the first one got is not known here.
    Loop: (node, body, at) => base.Loop(node, (given) => body({ ...given, value: { type: true } }), at),
    Traverse: (node, body, at) => {
      const of = base.Traverse(node, body, at)
      return (given) => {
        see(node, at.path, sizesOf(given.value.type) ?? anyLength)
        return of(given)
      }
    },
  }
  const value = { type: inlined(input) }
  typed(fold(root, algebra), { value, input: value, fault: undefined })
  // A quorum of more than there are fails, and the sizes are known all the same.
  if (found.problems.some(({ severity, code }) => severity === "error" && code !== "quorum_range")) {
    return () => anyLength
  }
  return (node, path) => seen.get(node)?.get(key(path)) ?? anyLength
}
