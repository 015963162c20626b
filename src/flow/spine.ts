import type { Node, Seq } from "./node.js"

const flat = new WeakMap<Seq, readonly Node[]>()

/** Whether a sequence melts into the one around it: it has no name, no remark, and no segment of its own. */
export const melts = (node: Node): node is Seq =>
  node._tag === "Seq" && node.id === undefined && node.note === undefined && node.unit === undefined

/** The steps of a sequence, sequences within it flattened: once, and linear in the steps however the rope hangs. */
export function steps(seq: Seq): readonly Node[] {
  const known = flat.get(seq)
  if (known !== undefined) return known
  const out: Node[] = []
  const stack: Node[] = seq.parts.toReversed()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!melts(next)) out.push(next)
    else for (const part of next.parts.toReversed()) stack.push(part)
  }
  flat.set(seq, out)
  return out
}
