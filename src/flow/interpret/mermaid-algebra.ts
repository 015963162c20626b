import { items, join, joinAll, type Rope, single } from "../../data/rope.js"
import type { FlowAlgebra } from "../fold.js"
import type { Place } from "../place.js"
import { memberNames } from "../members.js"
import type { Node } from "../node.js"
import {
  choiceWords,
  deadlineWords,
  exhaustedWords,
  faultWords,
  pureWords,
  quorumTerms,
  quorumWords,
  raceWords,
  turnsWords,
} from "./explain-words.js"
import {
  type Box,
  boxed,
  chained,
  type Exit,
  framed,
  inked,
  type Link,
  type Look,
  type Piece,
} from "./mermaid-chart.js"
import { boxId } from "./mermaid-text.js"
import { unfinished } from "../unfinished.js"

/** How much is drawn: steps in a row, members side by side, levels inside one another. */
export interface Detail {
  readonly wide: number
  readonly deep: number
}

/** Pieces of one sequence, joined by whoever stands around it: so runs are seen whole, however the sequence nests. */
export type Chain = Rope<Piece>

/** A drawing of a flow with so much detail. */
export function drawing({ wide, deep }: Detail): {
  readonly algebra: FlowAlgebra<Chain>
  /** The whole flow, from its input to its output. */
  readonly finished: (chain: Chain) => Piece
} {
  const used = new Map<string, number>()
  let next = 0

  /** Several boxes may stand at one path: the second is `…__2`. A path too long for an identifier gives a number. */
  function box(path: string, look: Look, ...words: string[]): Box {
    const id = path.length > 200 ? `n__${next++}` : boxId(path)
    const nth = (used.get(id) ?? 0) + 1
    used.set(id, nth)
    return { id: nth === 1 ? id : `${id}__${nth}`, look, words }
  }

  const more = (like: Piece, words: string, steps: number): Piece =>
    boxed({ id: `${like.whole?.id ?? like.into}__more`, look: "more", words: [words] }, steps)

  /** Runs of pure steps, and the middle of a long sequence, as one box each. */
  function shortened(pieces: readonly Piece[]): readonly Piece[] {
    if (wide === Infinity) return pieces
    const out: Piece[] = []
    for (let i = 0; i < pieces.length; ) {
      let end = i
      while (pieces[end]?.whole?.look === "pure") end++
      const piece = pieces[i]
      if (piece === undefined) break
      const run = pieces.slice(i, Math.max(end, i + 1))
      const steps = run.reduce((sum, { steps }) => sum + steps, 0)
      out.push(
        run.length > 1 ? { ...more(piece, `${whole(steps)} pure steps`, steps), exits: exitsOf(piece, run) } : piece,
      )
      i += run.length
    }
    if (out.length <= wide) return out
    const head = Math.ceil((wide - 1) / 2)
    const tail = out.length - Math.floor((wide - 1) / 2)
    const [first, ...others] = out.slice(head, tail)
    if (first === undefined) return out
    const steps = others.reduce((sum, piece) => sum + piece.steps, first.steps)
    return [...out.slice(0, head), more(first, `… ${whole(steps)} more steps`, steps), ...out.slice(tail)]
  }

  /** The name that the last of a run is bound to stays on its arrow. */
  function exitsOf(piece: Piece, run: readonly Piece[]): readonly Exit[] {
    const words = run.at(-1)?.exits[0]?.words
    return [{ from: more(piece, "", 0).into, words }]
  }

  function settled(chain: Chain): Piece | undefined {
    const [first, ...rest] = shortened(items(chain))
    return first && chained(first, rest)
  }

  /** A part that must be drawn: where it does nothing, as a box that says so. */
  const solid = (chain: Chain, path: string): Piece => settled(chain) ?? boxed(box(path, "pure", "pass on"), 0)

  /** The same as one box or one frame, so that a word or an arrow can be put to it. */
  function wholly(piece: Piece, path: string, title: string): Piece & { readonly whole: Box } {
    if (piece.whole !== undefined) return { ...piece, whole: piece.whole }
    const frame = box(path, "group", title)
    return { ...framed(frame, inked([piece])), whole: frame }
  }

  /** Adds a step's id and remark to its box. */
  function told(node: Node, piece: Piece, path: string): Piece {
    const { id, note } = node
    if (id === undefined && note === undefined) return piece
    if (piece.whole === undefined) return framed(box(path, "group", ...[id, note].filter(known)), inked([piece]))
    const { words } = piece.whole
    if (id !== undefined && words[0] !== id) words[0] = words[0] === undefined ? id : `${id}: ${words[0]}`
    if (note !== undefined) words.push(note)
    return piece
  }

  /** What stands too deep inside is drawn as one box. */
  function fitting(made: Piece, { path, depth }: Place): Chain {
    const inside = deep < Infinity && (depth > 8 * deep || path.length > 1_000 || path.split("/").length > deep)
    if (!inside || made.arrows + made.steps < 2) return single(made)
    return single(more(made, `${made.whole?.words[0] ?? "part"}, ${whole(made.steps)} steps`, made.steps))
  }

  const finish = (node: Node, piece: Piece, at: Place): Chain => fitting(told(node, piece, at.path), at)

  /** Members side by side; of very many the first. */
  function beside(kids: readonly Chain[], path: string, keys?: readonly string[]): Piece[] {
    const shown = kids.length > wide ? kids.slice(0, wide - 1) : kids
    const pieces = shown.map((kid, i) => {
      const key = keys?.[i]
      const piece = solid(kid, path)
      if (key === undefined) return piece
      const named = wholly(piece, path, key)
      if (named !== piece && piece.whole === undefined) return named
      if (named.whole.words[0] !== key) named.whole.words[0] = `${key}: ${named.whole.words[0] ?? ""}`
      return named
    })
    const left = kids.length - shown.length
    return left === 0 ? pieces : [...pieces, boxed(box(path, "more", `… ${whole(left)} more`), left)]
  }

  /**
   * A loop's turn as one box, where there are frames in it: Mermaid begins the layout of a circle at its last frame, and the
   * turn would stand on its head.
   */
  const upright = (turn: Piece, path: string): Piece =>
    turn.frames > 0 && turn.whole === undefined ? framed(box(path, "group", "a turn"), inked([turn])) : turn

  const leaf = (node: Node, at: Place, look: Look, ...words: string[]): Chain =>
    finish(node, boxed(box(at.path, look, ...words)), at)

  const algebra: FlowAlgebra<Chain> = {
    Pure: (node, _, at) => leaf(node, at, node.code._tag === "Until" ? "choice" : "pure", pureWords(node)),

    Agent(node, _, at) {
      const { model, prompt, systemPrompt } = node.override ?? {}
      const own = prompt !== undefined || systemPrompt !== undefined ? ["own prompt"] : []
      return leaf(node, at, "agent", node.ref.name, ...(model === undefined ? [] : [model]), ...own)
    },

    Fail: (node, _, at) => leaf(node, at, "fail", `fail ${node.code}: ${node.message}`),

    Seq(node, kids, at) {
      let chain: Chain
      for (const kid of kids) chain = join(chain, kid)
      if (node.id === undefined && node.note === undefined) return chain
      return finish(node, framed(box(at.path, "group"), inked([solid(chain, at.path)])), at)
    },

    Let({ name }, { of, body }, { path }) {
      const piece = solid(of, path)
      const exits = piece.exits.map((exit) => ({ ...exit, words: exit.words ?? `as ${name}` }))
      return join(single({ ...piece, exits }), body)
    },

    All: (node, kids, at) =>
      finish(node, framed(box(at.path, "group", "all at once"), inked(beside(kids, at.path, node.keys))), at),

    AtLeast(node, kids, at) {
      const terms = quorumTerms(node, node.required === undefined ? [] : memberNames(node))
      const frame = box(at.path, "group", "quorum", ...terms)
      const pieces = beside(kids, at.path, node.keys)
      const count = boxed(box(at.path, "quorum", quorumWords(node)), 0)
      const links = pieces.flatMap((piece) => piece.exits.map((exit): Link => ({ ...exit, to: count.into })))
      return finish(node, framed(frame, inked([...pieces, count], links)), at)
    },

    Race: (node, kids, at) =>
      finish(node, framed(box(at.path, "group", `race: ${raceWords(node)}`), inked(beside(kids, at.path))), at),

    Branch(node, { by, arms, otherwise }, at) {
      const on = choiceWords(node)
      const choice = told(node, boxed(box(at.path, "choice", on === undefined ? "its answer?" : `${on}?`), 0), at.path)
      const ways = [...arms.map((arm, i) => ({ tag: node.tags[i] ?? "", arm })), ...rest(otherwise, node.otherwise)]
      const shown = ways.length > wide ? ways.slice(0, wide - 1) : ways
      const links: Link[] = []
      const exits: Exit[] = []
      const pieces = shown.map(({ tag, arm }) => {
        const piece = solid(arm, at.path)
        links.push({ from: choice.into, to: piece.into, words: tag })
        exits.push(...piece.exits)
        return piece
      })
      if (shown.length < ways.length) {
        const left = boxed(box(at.path, "more", `… ${whole(ways.length - shown.length)} more cases`), ways.length)
        links.push({ from: choice.into, to: left.into })
        exits.push(...left.exits)
        pieces.push(left)
      }
      const fork: Piece = { ...inked([choice, ...pieces], links), into: choice.into, exits }
      const before = by && settled(by)
      return fitting(before === undefined ? fork : chained(before, [fork]), at)
    },

    Recover(node, { of, handler }, at) {
      const tried = wholly(told(node, solid(of, at.path), at.path), at.path, "try")
      const fault: Exit = { from: tried.whole.id, words: faultWords(node), dotted: true }
      const cure = solid(handler, at.path)
      const links: Link[] = [{ ...fault, to: cure.into }]
      const ink = inked([tried, cure], links)
      return fitting({ ...ink, into: tried.into, exits: [...tried.exits, ...cure.exits] }, at)
    },

    Loop(node, body, at) {
      const frame = box(at.path, "group", `loop${exhaustedWords(node)}`)
      const pieces = items(body)
      const until = pieces.at(-1)?.whole?.look === "choice" ? pieces.pop() : undefined
      const turn = upright(solid(joinAll(pieces.map((of) => ({ of }))), at.path), at.path)
      const asked = chained(turn, [until ?? boxed(box(at.path, "choice", "done?"), 0)])
      const again = asked.exits.map(
        (exit): Link => ({ from: exit.from, to: turn.into, words: `again, ${turnsWords(node)}` }),
      )
      return finish(node, framed(frame, inked([asked], again)), at)
    },

    FlatMap: () => unfinished("mermaid FlatMap"),
    Traverse: () => unfinished("mermaid Traverse"),
    Retry: () => unfinished("mermaid Retry"),
    Limit: () => unfinished("mermaid Limit"),
    Divert: () => unfinished("mermaid Divert"),
    Guard: () => unfinished("mermaid Guard"),
    Graph: () => unfinished("mermaid Graph"),
    Call: () => unfinished("mermaid Call"),
    Suspend: () => unfinished("mermaid Suspend"),
    Sleep: () => unfinished("mermaid Sleep"),
    Within(node, of, at) {
      const piece = wholly(solid(of, at.path), at.path, deadlineWords(node))
      if (!piece.whole.words.includes(deadlineWords(node))) piece.whole.words.push(deadlineWords(node))
      return finish(node, piece, at)
    },
  }

  return {
    algebra,
    finished(chain) {
      const stop = boxed({ id: "stop", look: "end", words: ["output"] }, 0)
      const start = boxed({ id: "start", look: "end", words: ["input"] }, 0)
      return chained(start, [...shortened(items(chain)), stop])
    },
  }
}

const known = (text: string | undefined): text is string => text !== undefined

const rest = (chain: Chain, node: Node | undefined): Array<{ tag: string; arm: Chain }> =>
  node === undefined ? [] : [{ tag: "otherwise", arm: chain }]

const whole = (count: number): string => count.toLocaleString("en-US")
