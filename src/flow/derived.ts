import { attempted, withState } from "./builtin.js"
import type { Fn, Node } from "./node.js"

// What derived constructors join into one unit, as documents say it: two steps, the last of which tells.

const ends: ReadonlySet<string | undefined> = new Set([attempted.name, withState.name])

const isPlain = ({ id, note }: Node): boolean => id === undefined && note === undefined

/** The function that a step without a name applies. */
const applied = (node: Node): Fn | undefined =>
  "code" in node && typeof node.code !== "string" && node.code._tag === "Fn" && isPlain(node) ? node.code : undefined

/** Whether a sequence is one turn of `loopWithState`. */
function isTurn(body: Node): boolean {
  const last = "parts" in body && body.unit === true ? body.parts[1] : undefined
  return last !== undefined && applied(last)?.name === withState.name
}

/**
 * Whether a step shares the segment of the one before it: the end of `attempt`, that of a turn of `loopWithState`, and a
 * loop of such turns.
 */
export function joinsBefore(last: Node): boolean {
  const fn = applied(last)
  return fn === undefined ? "exhausted" in last && isPlain(last) && isTurn(last.body) : ends.has(fn.name)
}
