import { items, join, joinAll, type Rope } from "../../data/rope.js"

/** How a box looks. */
export type Look =
  | "agent"
  | "pure"
  | "fail"
  | "quorum"
  | "choice"
  | "dynamic"
  | "unknown"
  | "wait"
  | "call"
  | "end"
  | "more"
  | "group"
  | "called"

/** A node of the drawing, or a frame around several. `words` are its lines; who stands around it may add some. */
export interface Box {
  readonly id: string
  readonly look: Look
  readonly words: string[]
  /** Where in the flow that stands which it is drawn for; undefined where it is drawn for many places, or for none. */
  readonly paths?: string[]
}

export interface Link {
  readonly from: string
  readonly to: string
  readonly words?: string | undefined
  readonly dotted?: boolean | undefined
}

/** A place where arrows come in. */
export type Entry = Omit<Link, "from">

/** An end of a part that waits for what comes next. */
export type Exit = Omit<Link, "to">

export interface Ink {
  readonly boxes: Rope<Box | "close">
  readonly links: Rope<Link>
  /** How many arrows are drawn. */
  readonly arrows: number
  /** How many steps it stands for. */
  readonly steps: number
  /** How many frames are drawn. */
  readonly frames: number
}

/** A part of the drawing. */
export interface Piece extends Ink {
  /** Where arrows come in: several places where a value goes past what it starts. */
  readonly into: readonly Entry[]
  readonly exits: Rope<Exit>
  /** The one box that is all of it. */
  readonly whole?: Box | undefined
  /** The box at its end, where that is of pure steps without a name, which those that follow may share. */
  readonly tail?: Box | undefined
}

/** A part that is one box. */
export type Whole = Piece & { readonly whole: Box }

const exitOf = (id: string): Rope<Exit> => ({ of: { from: id } })

/** A single box. */
export const boxed = (box: Box, steps = 1): Whole => ({
  into: [{ to: box.id }],
  exits: box.look === "fail" ? undefined : exitOf(box.id),
  boxes: { of: box },
  links: undefined,
  arrows: 0,
  steps,
  frames: 0,
  whole: box,
})

/** Everything that several pieces draw, and more arrows. */
export const inked = (pieces: readonly Piece[], links: readonly Link[] = []): Ink => ({
  boxes: joinAll(pieces.map((piece) => piece.boxes)),
  links: join(joinAll(pieces.map((piece) => piece.links)), joinAll(links.map((of) => ({ of })))),
  arrows: pieces.reduce((sum, piece) => sum + piece.arrows, links.length),
  steps: pieces.reduce((sum, piece) => sum + piece.steps, 0),
  frames: pieces.reduce((sum, piece) => sum + piece.frames, 0),
})

/** A frame around what is drawn; arrows go to the frame and come from it. */
export const framed = (box: Box, ink: Ink): Piece => ({
  ...ink,
  frames: ink.frames + 1,
  into: [{ to: box.id }],
  exits: exitOf(box.id),
  boxes: joinAll([{ of: box }, ink.boxes, { of: "close" }]),
  whole: box,
})

/** What an arrow says whose ends both have something to say. */
export const both = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || other === undefined ? (one ?? other) : `${one}, ${other}`

/** The arrows from every end to a beginning. */
export const linked = (exits: Rope<Exit>, { into }: Piece): Link[] =>
  items(exits).flatMap((exit) =>
    into.map((entry) => ({
      from: exit.from,
      to: entry.to,
      words: both(exit.words, entry.words),
      dotted: exit.dotted ?? entry.dotted,
    })),
  )

/** Pieces one after the other, with arrows from each one's ends to the next one's beginning. */
export function chained(first: Piece, rest: readonly Piece[]): Piece {
  if (rest.length === 0) return first
  const links: Link[] = []
  let { exits } = first
  for (const piece of rest) {
    for (const link of linked(exits, piece)) links.push(link)
    exits = piece.exits
  }
  return { ...inked([first, ...rest], links), into: first.into, exits }
}

/** Pieces, if any, with arrows to one that is there in any case. */
export function leading(before: readonly Piece[], last: Piece): Piece {
  const [first, ...rest] = before
  return first === undefined ? last : chained(first, [...rest, last])
}
