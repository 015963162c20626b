import { items, joinAll, type Rope } from "../../data/rope.js"
import type { FlowAlgebra } from "../fold.js"
import type { Node } from "../node.js"
import type { Place } from "../place.js"
import { codeWords, deadlineWords, faultWords, guardWords, limitWords, retryWords, sideWords } from "./explain-words.js"
import {
  both,
  boxed,
  chained,
  type Exit,
  inked,
  leading,
  type Link,
  linked,
  type Piece,
  type Whole,
} from "./mermaid-chart.js"
import { type Chain, type Sketch, stepsOf, stepsWords } from "./mermaid-sketch.js"

type Wrappers = Pick<
  FlowAlgebra<Chain>,
  "Recover" | "Within" | "Retry" | "Limit" | "Divert" | "Guard" | "FlatMap" | "Call"
>

/** How nodes are drawn that put something around, beside or behind another flow. */
export function wrappers({ detail, box, solid, frame, wholly, told, fitting, finish, beside }: Sketch): Wrappers {
  const called = new Set<Node | undefined>()

  /** What a wrapper goes around, with one end. */
  const wrapped = (of: Chain, { path }: Place): Piece => {
    const piece = solid(of, path)
    return items(piece.exits).length > 1 ? wholly(piece, path) : piece
  }

  /** Words in the box or on the frame of a part. */
  function worded(node: Node, of: Chain, words: string, at: Place): Whole {
    const piece = wholly(solid(of, at.path), at.path)
    if (!piece.whole.words.includes(words)) piece.whole.words.push(words)
    const named = told(node, piece, at.path)
    return { ...named, whole: piece.whole, tail: undefined }
  }

  return {
    Recover(node, { of, handler }, at) {
      const tried = wholly(told(node, solid(of, at.path), at.path), at.path, "try")
      const cure = solid(handler, at.path)
      const fault: Rope<Exit> = { of: { from: tried.whole.id, words: faultWords(node), dotted: true } }
      const ink = inked([tried, cure], linked(fault, cure))
      return fitting({ ...ink, into: tried.into, exits: { left: tried.exits, right: cure.exits } }, at)
    },

    Within: (node, of, at) => fitting(worded(node, of, deadlineWords(node), at), at),

    Limit: (node, of, at) => fitting(worded(node, of, limitWords(node), at), at),

    Retry(node, of, at) {
      const tried = worded(node, of, retryWords(node), at)
      const { id } = tried.whole
      const back: Link = { from: id, to: id, dotted: true }
      return fitting({ ...tried, ...inked([tried], [back]) }, at)
    },

    Divert(node, { of, side }, at) {
      const from = told(node, wrapped(of, at), at.path)
      const aside = solid(side, at.path)
      const dotted = node.how === "tap" ? undefined : true
      const exits: Exit[] = items(from.exits).map((exit) => ({
        from: exit.from,
        words: both(exit.words, sideWords(node)),
        dotted,
      }))
      const links = exits.flatMap((of) => linked({ of }, aside))
      return fitting({ ...inked([from, aside], links), into: from.into, exits: from.exits }, at)
    },

    Guard(node, { of, by }, at) {
      const ask = boxed(box(at.path, "choice", guardWords(node)), 0)
      const no = boxed(box(at.path, "fail", "Rejected"), 0)
      const from = ask.whole.id
      const rejected: Link = { from, to: no.whole.id, words: "no", dotted: true }
      const fork: Piece = {
        ...inked([of === undefined ? told(node, ask, at.path) : ask, no], [rejected]),
        into: ask.into,
        exits: { of: { from, words: "yes" } },
      }
      const guarded = of === undefined ? [] : [told(node, solid(of, at.path), at.path)]
      const checked = by === undefined ? [] : [solid(by, at.path)]
      return fitting(leading([...guarded, ...checked], fork), at)
    },

    FlatMap(node, { of, among }, at) {
      const name = codeWords(node.using)
      const open = among === undefined
      const words = open ? [`a flow that ${name} makes`, "on the same input"] : [`${name} chooses`]
      const asks = box(at.path, open ? "unknown" : "dynamic", ...words)
      const made = told(node, boxed(asks, open ? 1 : 0), at.path)
      const choices = beside(among ?? [], at.path)
      const links = choices.flatMap((choice) => linked({ of: { from: asks.id, dotted: true } }, choice))
      const exits = open ? made.exits : joinAll(choices.map((choice) => choice.exits))
      const fork: Piece = { ...inked([made, ...choices], links), into: made.into, exits }
      return fitting(of === undefined ? fork : chained(solid(of, at.path), [fork]), at)
    },

    Call(node, of, at) {
      const { name, of: flow } = node
      const before = called.has(flow)
      if (flow !== undefined) called.add(flow)
      if (of !== undefined && (detail.calls === "each" || (detail.calls === "once" && !before))) {
        return finish(node, frame(box(at.path, "called", name), solid(of, at.path), at.path), at)
      }
      const steps = of === undefined ? 1 : stepsOf(of)
      const aside = of === undefined ? [] : [stepsWords(steps)]
      return finish(node, boxed(box(at.path, "call", name, ...(before ? ["as above"] : aside)), steps), at)
    },
  }
}
