import { nodeOf } from "../build.js"
import { fold } from "../fold.js"
import type { AnyFlow } from "../types.js"
import { type Detail, drawing } from "./mermaid-algebra.js"
import { drawn } from "./mermaid-chart.js"

/** How much `toMermaid` draws. */
export interface MermaidOptions {
  /** Draws everything, however many arrows that takes; by default a drawing of more than 400 is collapsed. */
  readonly all?: boolean
}

/** Mermaid refuses the 501st arrow. */
const mostArrows = 400

const everything: Detail = { wide: Infinity, deep: Infinity }
const coarser: readonly Detail[] = [
  { wide: 40, deep: 12 },
  { wide: 16, deep: 8 },
  { wide: 8, deep: 5 },
  { wide: 5, deep: 3 },
  { wide: 4, deep: 2 },
  { wide: 3, deep: 1 },
]

/**
 * A flow as a Mermaid flowchart: agents, quorums with their counts, branches with their cases, loops with their way
 * back, recoveries dotted. The same flow gives the same text. A drawing of more than 400 arrows is collapsed, and says
 * so.
 *
 * @example
 * ```ts
 * import { pure, toMermaid } from "troupe/flow"
 * toMermaid(pure(3)).split("\n")[0] // "flowchart TD"
 * ```
 */
export function toMermaid(flow: AnyFlow, options: MermaidOptions = {}): string {
  const all = options.all ?? false
  const draw = (detail: Detail) => {
    const how = drawing(detail)
    return how.finished(fold(nodeOf(flow), how.algebra))
  }
  const full = draw(everything)
  if (all || full.arrows <= mostArrows) return drawn(full, [], all)
  let piece = full
  for (const detail of coarser) {
    piece = draw(detail)
    if (piece.arrows <= mostArrows) break
  }
  const note = `collapsed: the whole flow takes ${full.arrows} arrows, and more than ${mostArrows} cannot be read; --all draws them`
  return drawn(piece, [note], false)
}
