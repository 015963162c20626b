import { items, joinAll, type Rope, single } from "../../data/rope.js"
import type { Node } from "../node.js"
import type { Place } from "../place.js"
import {
  type Box,
  boxed,
  chained,
  type Exit,
  framed,
  inked,
  type Look,
  type Piece,
  type Whole,
} from "./mermaid-chart.js"
import { boxId } from "./mermaid-text.js"

/** How much is drawn. */
export interface Detail {
  /** Steps in a row, and members side by side. */
  readonly wide: number
  /** Levels inside one another. */
  readonly deep: number
  /** What happens to named flows: drawn at each call, at the first call only, or never. */
  readonly calls: "each" | "once" | "closed"
}

/** Pieces of one sequence, joined by whoever stands around it: so runs are seen whole, however the sequence nests. */
export type Chain = Rope<Piece>

export const whole = (count: number): string => count.toLocaleString("en-US")

/** As "12 steps". */
export const stepsWords = (count: number): string => `${whole(count)} ${count === 1 ? "step" : "steps"}`

/** How many pure steps share a box. */
const lines = 3

/** Boxes, frames and chains of one drawing, in so much detail. */
export interface Sketch {
  readonly detail: Detail
  /** A new box at a path. */
  readonly box: (path: string, look: Look, ...words: readonly string[]) => Box
  /** Runs of pure steps, and the middle of a long sequence, as one box each. */
  readonly shortened: (chain: Chain) => readonly Piece[]
  /** A part that must be drawn: where it does nothing, as a box that says so. */
  readonly solid: (chain: Chain, path: string) => Piece
  /** A frame around a part. */
  readonly frame: (box: Box, piece: Piece, path: string) => Piece
  /** The same as one box or one frame, so that a word or an arrow can be put to it. */
  readonly wholly: (piece: Piece, path: string, ...title: readonly string[]) => Whole
  /** Adds a step's id and remark to its box. */
  readonly told: (node: Node, piece: Piece, path: string) => Piece
  /** What stands too deep inside is drawn as one box. */
  readonly fitting: (piece: Piece, at: Place) => Chain
  readonly finish: (node: Node, piece: Piece, at: Place) => Chain
  readonly leaf: (node: Node, at: Place, look: Look, ...words: readonly string[]) => Chain
  /** Members side by side; of very many the first. */
  readonly beside: (kids: readonly Chain[], path: string, keys?: readonly string[]) => Piece[]
  /** One box for what was drawn before. */
  readonly again: (chain: Chain) => Chain
}

/** How many steps a chain stands for. */
export const stepsOf = (chain: Chain): number => items(chain).reduce((sum, { steps }) => sum + steps, 0)

/** Whether it stands for so many steps or more; reads no further than it must. */
export function hasSteps(chain: Chain, least: number): boolean {
  const stack: Chain[] = [chain]
  let steps = 0
  while (steps < least && stack.length > 0) {
    const top = stack.pop()
    if (top === undefined) continue
    if ("of" in top) steps += top.of.steps
    else stack.push(top.right, top.left)
  }
  return steps >= least
}

const known = (text: string | undefined): text is string => text !== undefined

/** Puts a name before what a box says, unless it says so already. */
function headed(name: string, { words }: Box): void {
  const [first] = words
  if (first !== name && !first?.startsWith(`${name}: `)) words.splice(0, 1, [name, ...words.slice(0, 1)].join(": "))
}

export function sketch(detail: Detail): Sketch {
  const { wide, deep } = detail
  const used = new Map<string, number>()
  const counted = new Map<Chain, number>()
  let next = 0

  /** Several boxes may stand at one path: the second is `…__2`. A path too long for an identifier gives a number. */
  function box(path: string, look: Look, ...words: readonly string[]): Box {
    const id = path.length > 100 ? `n__${next++}` : boxId(path)
    const nth = (used.get(id) ?? 0) + 1
    used.set(id, nth)
    return { id: nth === 1 ? id : `${id}__${nth}`, look, words: [...words], paths: [path] }
  }

  const more = (steps: number, ...words: readonly string[]): Whole =>
    boxed({ id: `n__${next++}`, look: "more", words: [...words] }, steps)

  /** Neighbouring pure steps in one box, and longer runs of them as their number where not everything is drawn. */
  function merged(pieces: readonly Piece[]): readonly Piece[] {
    const out: Piece[] = []
    for (let i = 0; i < pieces.length; ) {
      let end = i
      while (pieces[end]?.whole?.look === "pure") end++
      const run = pieces.slice(i, Math.max(end, i + 1))
      if (wide < Infinity && run.length > lines) {
        const steps = run.reduce((sum, { steps }) => sum + steps, 0)
        const one = more(steps, `${whole(steps)} pure steps`)
        out.push({ ...one, exits: leaving(one.whole, run.slice(-1)) })
      } else for (const piece of run) add(out, piece)
      i += run.length
    }
    return out
  }

  /** The ends of the last pieces in a box, from that box: so an arrow bears the name that they gave to their value. */
  const leaving = ({ id }: Box, pieces: readonly Piece[]): Rope<Exit> =>
    joinAll(pieces.flatMap(({ exits }) => items(exits).map((exit) => single({ ...exit, from: id }))))

  function add(out: Piece[], piece: Piece): void {
    const last = out.at(-1)
    const end = last?.tail
    const other = piece.tail === piece.whole ? piece.whole : undefined
    const [given] = items(last?.exits).map(({ words }) => words)
    if (last && end && other && given === undefined && end.words.length + other.words.length <= lines) {
      end.words.push(...other.words)
      end.paths?.push(...(other.paths ?? []))
      out[out.length - 1] = { ...last, exits: leaving(end, [piece]), steps: last.steps + piece.steps }
    } else out.push(piece)
  }

  function shortened(chain: Chain): readonly Piece[] {
    const out = merged(items(chain))
    if (out.length <= wide) return out
    const head = Math.ceil((wide - 1) / 2)
    const tail = out.length - Math.floor((wide - 1) / 2)
    const steps = out.slice(head, tail).reduce((sum, piece) => sum + piece.steps, 0)
    return [...out.slice(0, head), more(steps, `… ${whole(steps)} more steps`), ...out.slice(tail)]
  }

  function solid(chain: Chain, path: string): Piece {
    const [first, ...rest] = shortened(chain)
    return first === undefined ? boxed(box(path, "pure", "pass on"), 0) : chained(first, rest)
  }

  /** What has one beginning: no arrow comes in from outside a frame. */
  const grounded = (piece: Piece, path: string): Piece =>
    piece.into.length === 1 ? piece : chained(boxed(box(path, "pure", "pass on"), 0), [piece])

  const frame = (around: Box, piece: Piece, path: string): Piece => framed(around, inked([grounded(piece, path)]))

  function wholly(piece: Piece, path: string, ...title: readonly string[]): Whole {
    if (piece.whole !== undefined) return { ...piece, whole: piece.whole }
    const around = box(path, "group", ...title)
    return { ...frame(around, piece, path), whole: around }
  }

  function told(node: Node, piece: Piece, path: string): Piece {
    const { id, note } = node
    if (id === undefined && note === undefined) return piece
    if (piece.whole === undefined) return wholly(piece, path, ...[id, note].filter(known))
    if (id !== undefined) headed(id, piece.whole)
    if (note !== undefined) piece.whole.words.push(note)
    return { ...piece, tail: undefined }
  }

  function fitting(made: Piece, { path, depth }: Place): Chain {
    const inside = depth > deep && (depth > 8 * deep || path.split("/").length > deep)
    if (!inside || made.arrows + made.steps < 2) return single(made)
    return single(more(made.steps, made.whole?.words[0] ?? "part", stepsWords(made.steps)))
  }

  const finish = (node: Node, piece: Piece, at: Place): Chain => fitting(told(node, piece, at.path), at)

  function beside(kids: readonly Chain[], path: string, keys?: readonly string[]): Piece[] {
    const shown = kids.length > wide ? kids.slice(0, wide - 1) : kids
    const pieces = shown.map((kid, i) => {
      const key = keys?.[i]
      const piece = grounded(solid(kid, path), path)
      if (key === undefined) return piece
      const named = wholly(piece, path, key)
      headed(key, named.whole)
      return named
    })
    const left = kids.length - shown.length
    return left === 0 ? pieces : [...pieces, boxed(box(path, "more", `… ${whole(left)} more`), left)]
  }

  return {
    detail,
    box,
    shortened,
    solid,
    frame,
    wholly,
    told,
    fitting,
    finish,
    beside,
    leaf(node, at, look, ...words) {
      const piece = boxed(box(at.path, look, ...words))
      return finish(node, look === "pure" ? { ...piece, tail: piece.whole } : piece, at)
    },
    again(chain) {
      const [name = "a part"] = items(chain).map((piece) => piece.whole?.words[0])
      const steps = counted.get(chain) ?? stepsOf(chain)
      counted.set(chain, steps)
      return single(more(steps, `${name} again`, stepsWords(steps)))
    },
  }
}
