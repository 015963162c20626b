import { items, join, joinAll, type Rope } from "../../data/rope.js"
import { isCut, label, remark } from "./mermaid-text.js"

/** How a box looks. */
export type Look = "agent" | "pure" | "fail" | "quorum" | "choice" | "end" | "more" | "group"

/** A node of the drawing, or a frame around several. `words` are its lines; who stands around it may add some. */
export interface Box {
  readonly id: string
  readonly look: Look
  readonly words: string[]
}

export interface Link {
  readonly from: string
  readonly to: string
  readonly words?: string | undefined
  readonly dotted?: boolean | undefined
}

/** An end of a part that waits for what comes next. */
export type Exit = Omit<Link, "to">

/** A part of the drawing. */
export interface Piece {
  /** Where arrows come in. */
  readonly into: string
  readonly exits: readonly Exit[]
  readonly boxes: Rope<Box | "close">
  readonly links: Rope<Link>
  /** How many arrows are drawn. */
  readonly arrows: number
  /** How many steps it stands for. */
  readonly steps: number
  /** How many frames are drawn. */
  readonly frames: number
  /** The one box that is all of it. */
  readonly whole?: Box | undefined
}

/** A single box. */
export const boxed = (box: Box, steps = 1): Piece => ({
  into: box.id,
  exits: box.look === "fail" ? [] : [{ from: box.id }],
  boxes: { of: box },
  links: undefined,
  arrows: 0,
  steps,
  frames: 0,
  whole: box,
})

export interface Ink {
  readonly boxes: Rope<Box | "close">
  readonly links: Rope<Link>
  readonly arrows: number
  readonly steps: number
  readonly frames: number
}

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
  into: box.id,
  exits: [{ from: box.id }],
  boxes: joinAll([{ of: box }, ink.boxes, { of: "close" }]),
  whole: box,
})

/** Pieces one after the other, with arrows from each one's ends to the next one's beginning. */
export function chained(first: Piece, rest: readonly Piece[]): Piece {
  if (rest.length === 0) return first
  const links: Link[] = []
  let exits = first.exits
  for (const piece of rest) {
    for (const exit of exits) links.push({ ...exit, to: piece.into })
    exits = piece.exits
  }
  return { ...inked([first, ...rest], links), into: first.into, exits }
}

const looks: Readonly<Record<Exclude<Look, "group">, readonly [string, string]>> = {
  agent: ['["', '"]'],
  pure: ['("', '")'],
  fail: ['{{"', '"}}'],
  quorum: ['{{"', '"}}'],
  choice: ['{"', '"}'],
  end: ['(["', '"])'],
  more: ['["', '"]'],
}

const styles = [
  "classDef agent fill:#e3efff,stroke:#2f6fd0,color:#10264a,stroke-width:2px",
  "classDef pure fill:#f6f6f6,stroke:#b5b5b5,color:#555,font-size:11px",
  "classDef fail fill:#fde7e7,stroke:#c93434,color:#6b1313",
  "classDef quorum fill:#fff3cd,stroke:#c28f00,color:#5c4400,stroke-width:2px",
  "classDef choice fill:#eee8fb,stroke:#7a55c7,color:#33205e",
  "classDef end fill:#fff,stroke:#555,color:#222",
  "classDef more fill:#fff,stroke:#999,color:#555,stroke-dasharray:4 3",
  "classDef group fill:#fafbfd,stroke:#9fb2cc,color:#33415c",
]

/** How much of a drawing may be comments: Mermaid refuses a text of more than 50,000 characters. */
const remarks = 25_000

/** A drawing as Mermaid text; with `all`, the comments are whole however long they get. */
export function drawn(piece: Piece, notes: readonly string[], all: boolean): string {
  const lines = ["flowchart TD", ...notes.map((note) => `  %% ${remark(note)}`)]
  let room = all ? Infinity : remarks
  let depth = 1
  for (const box of items(piece.boxes)) {
    if (box === "close") {
      depth--
      lines.push(`${indent(depth)}end`)
      continue
    }
    for (const words of box.words.filter(isCut)) {
      const text = remark(words)
      lines.push(`${indent(depth)}%% ${box.id}: ${text.length > room ? `${text.slice(0, room)}…` : text}`)
      room = Math.max(0, room - text.length)
    }
    if (box.look === "group") {
      lines.push(`${indent(depth++)}subgraph ${box.id}["${box.words.map(label).join(" · ")}"]`)
      lines.push(`${indent(depth)}direction TB`)
    } else {
      const [open, close] = looks[box.look]
      lines.push(`${indent(depth)}${box.id}${open}${box.words.map(label).join("<br/>")}${close}:::${styleOf(box.look)}`)
    }
  }
  for (const { from, to, words, dotted } of items(piece.links)) {
    const arrow = dotted ? "-.->" : "-->"
    lines.push(`  ${from} ${arrow}${words === undefined ? "" : `|"${label(words)}"|`} ${to}`)
  }
  const groups = items(piece.boxes).flatMap((box) => (box !== "close" && box.look === "group" ? [box.id] : []))
  if (groups.length > 0) lines.push(`  class ${groups.join(",")} ${styleOf("group")}`)
  return [...lines, ...styles.map((style) => `  ${style.replace(" ", " is-")}`), ""].join("\n")
}

/** Style names of their own: a bare `end` would close a frame. */
const styleOf = (look: Look): string => `is-${look}`

const indent = (depth: number): string => "  ".repeat(Math.min(depth, 8))
