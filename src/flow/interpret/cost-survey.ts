import { walk } from "../fold.js"
import type { Node } from "../node.js"

/** What is told of a flow before its nodes are priced. */
export interface Survey {
  /** Whether anything goes through a list. */
  readonly lists: boolean
  /** The nodes inside a limit of calls, tokens or money: an ask there may fail before it is made. */
  readonly refusable: ReadonlySet<Node>
}

const surveys = new WeakMap<Node, Survey>()

const hasBudget = (node: Node): boolean =>
  ("calls" in node && node.calls !== undefined) ||
  ("tokens" in node && node.tokens !== undefined) ||
  ("usd" in node && node.usd !== undefined)

/** Looks once through a flow. */
export function survey(root: Node): Survey {
  const known = surveys.get(root)
  if (known !== undefined) return known
  const refusable = new Set<Node>()
  let lists = false
  let limit: number | undefined
  walk(root, (node, { depth }) => {
    lists ||= node._tag === "Traverse"
    if (limit !== undefined && depth <= limit) limit = undefined
    if (limit !== undefined) refusable.add(node)
    else if (hasBudget(node)) limit = depth
  })
  const found = { lists, refusable }
  surveys.set(root, found)
  return found
}
