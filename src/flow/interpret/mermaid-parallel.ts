import { items } from "../../data/rope.js"
import type { FlowAlgebra } from "../fold.js"
import { memberNames } from "../members.js"
import type { All, Node } from "../node.js"
import type { Place } from "../place.js"
import { allWords, elementsWords, quorumTerms, quorumWords, raceWords, recordWords } from "./explain-words.js"
import { boxed, type Entry, framed, inked, type Link, linked, type Piece } from "./mermaid-chart.js"
import type { Chain, Sketch } from "./mermaid-sketch.js"

type Parallel = Pick<FlowAlgebra<Chain>, "All" | "AtLeast" | "Race" | "Traverse" | "Graph">

/** How many arrows may come into a part, and how many members may stand in the row without a frame. */
const fewest = 4

/** Pure steps that fit one box, or none at all. */
const slim = (pieces: readonly Piece[]): boolean =>
  pieces.length <= 3 && pieces.every((piece) => piece.whole?.look === "pure")

/** How nodes are drawn whose members run at the same time. */
export function parallel({ detail, box, solid, frame, finish, beside }: Sketch): Parallel {
  /** Whether no member, or one alone, is more than a few pure steps. */
  function simple({ id, note }: All, members: readonly (readonly Piece[])[]): boolean {
    if (id !== undefined || note !== undefined || members.length > Math.min(fewest, detail.wide)) return false
    const entries = members.reduce((sum, [first]) => sum + (first?.into.length ?? 1), 0)
    return members.filter((pieces) => !slim(pieces)).length <= 1 && entries <= fewest
  }

  /**
   * Members in the row, without a frame: what is kept goes past the one that takes its time to the box where all come
   * together. So an ensemble reads as one row of panels and aggregators.
   */
  function inline(node: All, kids: readonly Chain[], { path }: Place): Piece {
    const together = boxed(box(path, "pure", recordWords(node)), 0)
    const into: Entry[] = []
    const links: Link[] = []
    const parts: Piece[] = []
    for (const [i, kid] of kids.entries()) {
      const words = node.keys?.[i]
      if (kid === undefined) {
        into.push(...together.into.map((entry) => ({ ...entry, words })))
        continue
      }
      const piece = solid(kid, path)
      into.push(...piece.into)
      links.push(...linked(piece.exits, together).map((link) => ({ ...link, words: link.words ?? words })))
      parts.push(piece)
    }
    return { ...inked([...parts, together], links), into, exits: together.exits, tail: together.whole }
  }

  /** Members in a frame, all led to a box that says how many of them count. */
  function counted(node: Node, title: readonly string[], words: string, inside: () => Piece[], at: Place): Chain {
    const around = box(at.path, "group", ...title)
    const members = inside()
    const count = boxed(box(at.path, "quorum", words), 0)
    const links = members.flatMap((member) => linked(member.exits, count))
    return finish(node, framed(around, inked([...members, count], links)), at)
  }

  return {
    All(node, kids, at) {
      if (simple(node, kids.map(items))) return finish(node, inline(node, kids, at), at)
      return counted(node, ["all at once"], allWords(node), () => beside(kids, at.path, node.keys), at)
    },

    AtLeast(node, kids, at) {
      const terms = quorumTerms(node, memberNames(node))
      return counted(node, ["quorum", ...terms], quorumWords(node), () => beside(kids, at.path, node.keys), at)
    },

    Race: (node, kids, at) => counted(node, ["race"], raceWords(node), () => beside(kids, at.path), at),

    Traverse: (node, body, at) =>
      finish(node, frame(box(at.path, "group", elementsWords(node)), solid(body, at.path), at.path), at),

    Graph(node, kids, at) {
      const around = box(at.path, "group", "graph")
      // Each as one box or frame: an arrow means the whole of a member.
      const members = beside(kids, at.path, node.ids)
      const shown = kids.length > detail.wide ? members.slice(0, -1) : members
      const links = node.dependsOn.flatMap((earlier, i) =>
        earlier.flatMap((on) => {
          const [before, member] = [shown[on], shown[i]]
          return before && member ? linked(before.exits, member) : []
        }),
      )
      return finish(node, framed(around, inked(members, links)), at)
    },
  }
}
