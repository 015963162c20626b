import type { Graph } from "../node.js"
import { onward, type Way } from "./cost-critical.js"
import { type Most, nothing, together } from "./cost-most.js"
import { inOrder } from "../graph-order.js"

/**
 * The most that a graph can take: the latency of its longest path, and the asks at one time of as many chains as cover
 * it, since of a chain only one member runs at a time. Consumes its parts.
 */
export function graphMost(node: Graph, kids: readonly Most[]): Most {
  const ends: End[] = []
  /** Of each chain, by the member that is its last: the most asks of one of its members. */
  const peaks = new Map<number, number>()
  for (const i of inOrder(node)) {
    const part = kids[i] ?? nothing()
    const deps = node.dependsOn[i] ?? []
    const before = latest(deps.flatMap((dep) => ends[dep] ?? []))
    ends[i] = { latency: before.latency + part.latency, way: onward(before.way, part.way) }
    // The chain with the highest peak goes on: below it, a member costs nothing more.
    const peakAt = (member: number): number => peaks.get(member) ?? 0
    const [last = i] = [...deps].sort((a, b) => peakAt(b) - peakAt(a))
    const peak = Math.max(peakAt(last), part.concurrency)
    peaks.delete(last)
    peaks.set(i, peak)
  }
  const concurrency = [...peaks.values()].reduce((sum, peak) => sum + peak, 0)
  return { ...together(kids), ...latest(ends), concurrency }
}

interface End {
  readonly latency: number
  readonly way: Way
}

const start: End = { latency: 0, way: undefined }

/** Of several the one that comes last; of those that do, the first. */
const latest = (ends: readonly End[]): End => ends.reduce((a, b) => (b.latency > a.latency ? b : a), start)
