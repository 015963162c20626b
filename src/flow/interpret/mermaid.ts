import { fold, type Known } from "../fold.js"
import type { Node } from "../node.js"
import type { AnyFlow } from "../types.js"
import { drawing } from "./mermaid-algebra.js"
import { boxed, chained, type Piece } from "./mermaid-chart.js"
import { drawn, fits } from "./mermaid-draw.js"
import { type Parts, partsOf } from "./mermaid-repeats.js"
import { type Chain, type Detail, hasSteps, sketch, whole } from "./mermaid-sketch.js"

/** How much `toMermaid` draws. */
export interface MermaidOptions {
  /** Draws everything, however many arrows that takes; by default a drawing of more than 400 is collapsed. */
  readonly all?: boolean
}

/** Mermaid refuses the 501st arrow. */
const mostArrows = 400

/** A flow with more parts than this, each counted wherever it stands, is drawn with repeated ones as one box only. */
const mostParts = 2_000_000

const everything: Detail = { wide: Infinity, deep: Infinity, calls: "once" }
const coarser: readonly Detail[] = [
  { wide: Infinity, deep: Infinity, calls: "closed" },
  { wide: 40, deep: 12, calls: "closed" },
  { wide: 16, deep: 8, calls: "closed" },
  { wide: 8, deep: 5, calls: "closed" },
  { wide: 5, deep: 3, calls: "closed" },
  { wide: 4, deep: 2, calls: "closed" },
  { wide: 3, deep: 1, calls: "closed" },
]

/** Parts of at least so many steps are drawn once where repeated parts are collapsed. */
const worthOne = 3

/** Hands a part that was drawn before to the drawing as one box. */
function repeats(parts: Parts, again: (chain: Chain) => Chain): Known<Chain> {
  const before = new Map<number, { readonly result: Chain } | undefined>()
  return {
    get(node) {
      const kind = parts.kindOf(node)
      const first = kind === undefined ? undefined : before.get(kind)
      return first && { result: again(first.result) }
    },
    set(node, made) {
      const kind = parts.kindOf(node)
      if (kind !== undefined) before.set(kind, hasSteps(made.result, worthOne) ? made : undefined)
    },
  }
}

const ends = (look: { readonly id: string; readonly words: string[] }): Piece => boxed({ ...look, look: "end" }, 0)

/** A flow from its input to its output. */
function picture(node: Node, detail: Detail, parts?: Parts): Piece {
  const made = sketch(detail)
  const chain = fold(node, drawing(made), parts && repeats(parts, made.again))
  const stop = ends({ id: "stop", words: ["output"] })
  return chained(ends({ id: "start", words: ["input"] }), [...made.shortened(chain), stop])
}

/** A flow as one box, which always fits. */
function closed({ steps }: Piece): Piece {
  const all = boxed({ id: "n_", look: "more", words: [`${whole(steps)} steps`] }, steps)
  return chained(ends({ id: "start", words: ["input"] }), [all, ends({ id: "stop", words: ["output"] })])
}

/**
 * A flow as a Mermaid flowchart: agents, quorums with their counts, branches with their cases, loops with their way
 * back, recoveries dotted, what is chosen while it runs dashed, named flows in frames with their names. The same flow
 * gives the same text. A drawing of more than 400 arrows (or 50,000 characters) is collapsed, named and repeated parts
 * first, and says so.
 *
 * @example
 * ```ts
 * import { pure, toMermaid } from "troupe/flow"
 * toMermaid(pure(3)).split("\n")[0] // "flowchart TD"
 * ```
 */
export function toMermaid(flow: AnyFlow, options: MermaidOptions = {}): string {
  const all = options.all ?? false
  const parts = partsOf(flow.node)
  const endless = parts.size > mostParts
  const full = picture(flow.node, all ? { ...everything, calls: "each" } : everything, endless ? parts : undefined)
  if (all) return drawn(full, [], true)
  if (full.arrows <= mostArrows && !endless) {
    const text = drawn(full, [], false)
    if (fits(text)) return text
  }
  const note = `collapsed: the whole flow takes ${endless ? "more than " : ""}${whole(full.arrows)} arrows, and more than ${mostArrows} cannot be read; --all draws them`
  for (const detail of coarser) {
    const piece = picture(flow.node, detail, parts)
    if (piece.arrows > mostArrows) continue
    const text = drawn(piece, [note], false)
    if (fits(text)) return text
  }
  return drawn(closed(full), [note], false)
}
