import { attempted, withState } from "./builtin.js"
import type { Fn, Node } from "./node.js"

// What derived constructors join into one unit, as documents say it: two steps, the last of which tells.

const ends: ReadonlySet<string | undefined> = new Set([attempted.name, withState.name])

const applied = (node: Node | undefined): Fn | undefined =>
  node?._tag === "Pure" && node.code._tag === "Fn" && node.id === undefined && node.note === undefined
    ? node.code
    : undefined

/**
 * Whether a step shares the segment of the one before it: the end of `attempt`, that of a turn of `loopWithState`, and a
 * loop of such turns.
 */
export function joinsBefore(last: Node): boolean {
  const fn = applied(last)
  if (fn !== undefined) return ends.has(fn.name)
  if (last._tag !== "Loop" || last.id !== undefined || last.note !== undefined) return false
  const { body } = last
  return body._tag === "Seq" && body.unit === true && applied(body.parts[1])?.name === withState.name
}
