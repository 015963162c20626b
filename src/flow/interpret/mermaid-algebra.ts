import { items, join, joinAll, single } from "../../data/rope.js"
import type { FlowAlgebra } from "../fold.js"
import type { Node, Seq } from "../node.js"
import {
  choiceWords,
  exhaustedWords,
  pureWords,
  sleepWords,
  splitWords,
  suspendWords,
  turnsWords,
} from "./explain-words.js"
import { boxed, chained, type Exit, inked, leading, type Link, linked, type Piece } from "./mermaid-chart.js"
import { parallel } from "./mermaid-parallel.js"
import { type Chain, type Sketch, whole } from "./mermaid-sketch.js"
import { wrappers } from "./mermaid-wrappers.js"

/** A drawing of a flow: what is drawn for each node. */
export function drawing(made: Sketch): FlowAlgebra<Chain> {
  const { detail, box, shortened, solid, frame, told, fitting, finish, leaf } = made
  const { wide } = detail

  /**
   * A loop's turn as one box, where there are frames in it: Mermaid begins the layout of a circle at its last frame, and the
   * turn would stand on its head.
   */
  const upright = (turn: Piece, path: string): Piece =>
    turn.into.length > 1 || (turn.frames > 0 && turn.whole === undefined)
      ? frame(box(path, "group", "a turn"), turn, path)
      : turn

  /** A `split` says on its frame what the first step of it checks. */
  function splitting({ unit, parts: [first] }: Seq, [, members]: readonly Chain[]): Chain {
    const all = unit ? items(members)[0]?.whole : undefined
    if (first?._tag !== "Pure" || first.code._tag !== "Arity" || all?.look !== "group") return undefined
    all.words.splice(0, 1, splitWords(first.code.size))
    return members
  }

  return {
    ...parallel(made),
    ...wrappers(made),

    Pure: (node, _, at) => leaf(node, at, node.code._tag === "Until" ? "choice" : "pure", pureWords(node)),

    Agent(node, _, at) {
      const { model, prompt, systemPrompt } = node.override ?? {}
      const own = prompt !== undefined || systemPrompt !== undefined ? ["own prompt"] : []
      return leaf(node, at, "agent", node.ref.name, ...(model === undefined ? [] : [model]), ...own)
    },

    Fail: (node, _, at) => leaf(node, at, "fail", `fail ${node.code}: ${node.message}`),

    Suspend: (node, _, at) => leaf(node, at, "wait", suspendWords(node)),

    Sleep: (node, _, at) => leaf(node, at, "wait", sleepWords(node)),

    Seq(node, kids, at) {
      const chain = splitting(node, kids) ?? joinAll(kids)
      if (node.id === undefined && node.note === undefined) return chain
      return finish(node, frame(box(at.path, "group"), solid(chain, at.path), at.path), at)
    },

    Let({ name }, { of, body }, { path }) {
      const piece = solid(of, path)
      const exits = items(piece.exits).map((exit): Exit => ({ ...exit, words: exit.words ?? `as ${name}` }))
      return join(single({ ...piece, exits: joinAll(exits.map((of) => ({ of }))) }), body)
    },

    Branch(node, { by, arms, otherwise }, at) {
      const on = choiceWords(node)
      const choice = told(node, boxed(box(at.path, "choice", on === undefined ? "its answer?" : `${on}?`), 0), at.path)
      const ways = [...node.tags.map((tag, i) => ({ tag, arm: arms[i] })), ...rest(otherwise, node.otherwise)]
      const shown = ways.length > wide ? ways.slice(0, wide - 1) : ways
      const links: Link[] = []
      const pieces: Piece[] = []
      const ask = (piece: Piece, words?: string): void => {
        pieces.push(piece)
        links.push(...items(choice.exits).flatMap(({ from }) => linked({ of: { from, words } }, piece)))
      }
      for (const { tag, arm } of shown) ask(solid(arm, at.path), tag)
      if (shown.length < ways.length) {
        const left = ways.length - shown.length
        ask(boxed(box(at.path, "more", `… ${whole(left)} more cases`), left))
      }
      const exits = joinAll(pieces.map((piece) => piece.exits))
      const fork: Piece = { ...inked([choice, ...pieces], links), into: choice.into, exits }
      return fitting(leading(shortened(by), fork), at)
    },

    Loop(node, body, at) {
      const around = box(at.path, "group", `loop${exhaustedWords(node)}`)
      const pieces = items(body)
      const until = pieces.at(-1)?.whole?.look === "choice" ? pieces.pop() : undefined
      const turn = upright(solid(joinAll(pieces.map((of) => ({ of }))), at.path), at.path)
      const asked = chained(turn, [until ?? boxed(box(at.path, "choice", "done?"), 0)])
      const again = items(asked.exits).flatMap(({ from }) =>
        linked({ of: { from, words: `again, ${turnsWords(node)}` } }, turn),
      )
      return finish(node, frame(around, { ...asked, ...inked([asked], again) }, at.path), at)
    },
  }
}

const rest = (chain: Chain, node: Node | undefined): Array<{ tag: string; arm: Chain }> =>
  node === undefined ? [] : [{ tag: "otherwise", arm: chain }]
