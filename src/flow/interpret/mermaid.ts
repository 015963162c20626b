import { items } from "../../data/rope.js"
import { nodeOf } from "../build.js"
import { fold } from "../fold.js"
import type { Node } from "../node.js"
import type { AnyFlow } from "../types.js"
import { drawing } from "./mermaid-algebra.js"
import { type Box, boxed, chained, type Piece } from "./mermaid-chart.js"
import { type Colours, drawn, longest } from "./mermaid-draw.js"
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

/** A drawing: its boxes and arrows, and the same as Mermaid text. */
export interface Chart {
  readonly piece: Piece
  readonly text: string
}

/** How much is drawn, and how it is written. */
export interface ChartOptions extends MermaidOptions {
  /** The most characters of the text, comments left out; by default what Mermaid takes, comments included. */
  readonly upTo?: number
  /** Colours of boxes and frames, where others are wanted than those of their kind. */
  readonly colours?: (boxes: readonly Box[]) => Colours
}

const boxesOf = (piece: Piece): Box[] => items(piece.boxes).flatMap((box) => (box === "close" ? [] : [box]))

/** A flow as a chart; one of more than 400 arrows is collapsed, unless all is wanted. */
export function chartOf(flow: AnyFlow, { all = false, upTo, colours }: ChartOptions = {}): Chart {
  const chart = (piece: Piece, ...notes: readonly string[]): Chart => {
    const writing = { upTo: all ? Infinity : upTo === undefined ? longest : 0, colours: colours?.(boxesOf(piece)) }
    return { piece, text: drawn(piece, notes, writing) }
  }
  const fits = ({ text }: Chart): boolean => text.length <= (upTo ?? longest)
  const parts = partsOf(nodeOf(flow))
  const endless = parts.size > mostParts
  const full = picture(nodeOf(flow), all ? { ...everything, calls: "each" } : everything, endless ? parts : undefined)
  if (all)
    return chart(full, ...(endless ? ["repeated parts are drawn once: each where it stands would be millions"] : []))
  if (full.arrows <= mostArrows && !endless) {
    const one = chart(full)
    if (fits(one)) return one
  }
  const total = `${endless ? "more than " : ""}${whole(full.arrows)} arrows`
  const note = `collapsed: the whole flow takes ${total}, and more than ${mostArrows} cannot be read; --all draws them`
  let best: Chart | undefined
  // The first that fits, by halves: each is coarser than the one before. Most often it is the second.
  for (
    let low = full.arrows > hopeless ? 1 : 0, high = coarser.length, middle = 1;
    low < high;
    middle = (low + high) >> 1
  ) {
    const detail = coarser[middle]
    const piece = detail && picture(nodeOf(flow), detail, parts)
    const one = piece && piece.arrows <= mostArrows ? chart(beside(piece, total), note) : undefined
    if (one !== undefined && fits(one)) {
      best = one
      high = middle
    } else low = middle + 1
  }
  return best ?? chart(beside(closed(full), total), note)
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
  return chartOf(flow, options.all === true ? { all: true } : {}).text
}
