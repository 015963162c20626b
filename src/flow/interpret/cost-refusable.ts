import { walk } from "../fold.js"
import type { Node } from "../node.js"

const known = new WeakMap<Node, ReadonlySet<Node>>()

const budgets = ["calls", "tokens", "usd"]

/** The nodes inside a limit of calls, tokens or money: an ask there may fail before it is made. */
export function refusable(root: Node): ReadonlySet<Node> {
  const before = known.get(root)
  if (before !== undefined) return before
  const found = new Set<Node>()
  let limit: number | undefined
  walk(root, (node, { depth }) => {
    if (limit !== undefined && depth <= limit) limit = undefined
    if (limit !== undefined) found.add(node)
    else if (budgets.some((budget) => budget in node)) limit = depth
  })
  known.set(root, found)
  return found
}
