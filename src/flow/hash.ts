import type { Node } from "./node.js"
import { unfinished } from "./unfinished.js"

/** The first eight digits of a node's hash, which the path of a flow that was chosen ends in. */
export function markOf(_node: Node): string {
  return unfinished("hash")
}
