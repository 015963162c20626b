import type { Graph } from "../node.js"
import { onward, type Way } from "./cost-critical.js"
import { type Most, together } from "./cost-most.js"
import { inOrder } from "../graph-order.js"

/**
 * The most that a graph can take: the latency of its longest path, and the asks at one time of as many chains as cover
 * it, since of a chain only one member runs at a time. Consumes its parts.
 */
export function graphMost(node: Graph, kids: readonly Most[]): Most {
  const order = inOrder(node)
  const ends: { readonly latency: number; readonly way: Way }[] = []
  const chains: number[] = []
  /** For each member that is the last of a chain: which. */
  const last = new Map<number, number>()
  let longest: { readonly latency: number; readonly way: Way } = { latency: 0, way: undefined }
  for (const i of order) {
    const part = kids[i]
    if (part === undefined) continue
    let before: { readonly latency: number; readonly way: Way } = { latency: 0, way: undefined }
    let chain = -1
    let from = -1
    for (const dep of node.dependsOn[i] ?? []) {
      const end = ends[dep]
      if (end !== undefined && end.latency > before.latency) before = end
      const ending = last.get(dep)
      if (ending !== undefined && (chain < 0 || (chains[ending] ?? 0) > (chains[chain] ?? 0)))
        [chain, from] = [ending, dep]
    }
    const end = { latency: before.latency + part.latency, way: onward(before.way, part.way) }
    ends[i] = end
    if (end.latency > longest.latency) longest = end
    if (chain < 0) chain = chains.push(0) - 1
    else last.delete(from)
    last.set(i, chain)
    chains[chain] = Math.max(chains[chain] ?? 0, part.concurrency)
  }
  const concurrency = chains.reduce((sum, peak) => sum + peak, 0)
  return { ...together(kids), ...longest, concurrency }
}
