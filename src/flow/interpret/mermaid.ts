import { nodeOf } from "../build.js"
import { fold } from "../fold.js"
import type { Node } from "../node.js"
import type { AnyFlow } from "../types.js"
import { drawing } from "./mermaid-algebra.js"
import { type Box, boxed, chained, type Piece } from "./mermaid-chart.js"
import { drawn, fits } from "./mermaid-draw.js"
import { type Chain, type Detail, hasSteps, sketch, stepsWords, whole } from "./mermaid-sketch.js"
import { mostParts, type Parts, partsOf, repeats } from "./repeats.js"

/** How much `toMermaid` draws. */
export interface MermaidOptions {
  /** Draws everything, however many arrows that takes; by default a drawing of more than 400 is collapsed. */
  readonly all?: boolean
}

/** Mermaid refuses the 501st arrow. */
const mostArrows = 400

/** So many arrows do not become few by leaving out what is drawn elsewhere. */
const hopeless = 20_000

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

const ends = (look: { readonly id: string; readonly words: string[] }): Piece => boxed({ ...look, look: "end" }, 0)

/** A flow from its input to its output. */
function picture(node: Node, detail: Detail, parts?: Parts): Piece {
  const made = sketch(detail)
  const worth = (chain: Chain): boolean => hasSteps(chain, worthOne)
  const chain = fold(node, drawing(made), parts && repeats(parts, worth, made.again))
  const stop = ends({ id: "stop", words: ["output"] })
  return chained(ends({ id: "start", words: ["input"] }), [...made.shortened(chain), stop])
}

/** The drawing, and a box that tells the reader of the picture what its first comment tells that of the text. */
const beside = (piece: Piece, total: string): Piece => {
  const box: Box = { id: "collapsed", look: "more", words: ["collapsed", `${total} in all`] }
  return { ...piece, boxes: { left: { of: box }, right: piece.boxes } }
}

/** A flow as one box, which always fits. */
function closed({ steps }: Piece): Piece {
  const all = boxed({ id: "n_", look: "more", words: [stepsWords(steps)] }, steps)
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
  const parts = partsOf(nodeOf(flow))
  const endless = parts.size > mostParts
  const full = picture(nodeOf(flow), all ? { ...everything, calls: "each" } : everything, endless ? parts : undefined)
  if (all)
    return drawn(full, endless ? ["repeated parts are drawn once: each where it stands would be millions"] : [], true)
  if (full.arrows <= mostArrows && !endless) {
    const text = drawn(full, [], false)
    if (fits(text)) return text
  }
  const total = `${endless ? "more than " : ""}${whole(full.arrows)} arrows`
  const note = `collapsed: the whole flow takes ${total}, and more than ${mostArrows} cannot be read; --all draws them`
  let best: string | undefined
  // The first that fits, by halves: each is coarser than the one before. Most often it is the second.
  for (
    let low = full.arrows > hopeless ? 1 : 0, high = coarser.length, middle = 1;
    low < high;
    middle = (low + high) >> 1
  ) {
    const detail = coarser[middle]
    const piece = detail && picture(nodeOf(flow), detail, parts)
    const text = piece && piece.arrows <= mostArrows ? drawn(beside(piece, total), [note], false) : undefined
    if (text !== undefined && fits(text)) {
      best = text
      high = middle
    } else low = middle + 1
  }
  return best ?? drawn(beside(closed(full), total), [note], false)
}
