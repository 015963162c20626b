import { items } from "../../data/rope.js"
import type { Box, Link, Piece } from "../../flow/interpret/mermaid-chart.js"
import { middles } from "./columns.js"
import { backward, greatest, inRows, type Rows, type Size, type Way } from "./layers.js"
import { broken, type Face, faces, sizeOf } from "./words-size.js"

export interface Point {
  readonly x: number
  readonly y: number
}

/** A box or a frame where it is drawn; `x` and `y` are its upper left corner. */
export interface Placed extends Size, Point {
  readonly box: Box
  readonly lines: readonly (readonly string[])[]
  readonly frame: boolean
}

/** An arrow where it is drawn: through its points, or around to the right of them where it leads back. */
export interface Drawn {
  readonly points: readonly Point[]
  readonly back: boolean
  readonly dotted: boolean
  readonly words?: { readonly lines: readonly string[]; readonly at: Point; readonly size: Size } | undefined
}

/** A drawing with a place for everything. Frames come before what is in them. */
export interface Layout extends Size {
  readonly boxes: readonly Placed[]
  readonly arrows: readonly Drawn[]
}

interface Part {
  readonly box: Box | undefined
  readonly parts: Part[]
  readonly parent: Part | undefined
  readonly depth: number
  readonly links: (Link & { readonly a: Part; readonly b: Part })[]
}

const row = 26
const inset = 18

/** Places for the boxes and arrows of a chart: rows from top to bottom, frame by frame from within. */
export function layout(piece: Piece): Layout {
  const { boxes, arrows, width, height } = arranged(tree(piece))
  const edge = 24
  return {
    width: width + 2 * edge,
    height: height + 2 * edge,
    boxes: boxes.map((one) => moved(one, edge, edge)),
    arrows: arrows.map((one) => carried(one, edge, edge)),
  }
}

/** Frames with what stands in them, and each arrow in the innermost frame that holds both its ends. */
function tree({ boxes, links }: Piece): Part {
  const make = (box: Box | undefined, parent: Part | undefined): Part => {
    const part: Part = { box, parts: [], parent, depth: (parent?.depth ?? -1) + 1, links: [] }
    parent?.parts.push(part)
    return part
  }
  const root = make(undefined, undefined)
  const known = new Map<string, Part>()
  let open = root
  for (const box of items(boxes)) {
    if (box === "close") {
      open = open.parent ?? root
      continue
    }
    const part = make(box, open)
    known.set(box.id, part)
    if (box.look === "group" || box.look === "called") open = part
  }
  for (const link of items(links)) {
    let [a, b] = [known.get(link.from), known.get(link.to)]
    while (a !== undefined && b !== undefined && a.parent !== b.parent) {
      if (a.depth > b.depth) a = a.parent
      else if (b.depth > a.depth) b = b.parent
      else [a, b] = [a.parent, b.parent]
    }
    if (a !== undefined && b !== undefined) a.parent?.links.push({ ...link, a, b })
  }
  return root
}

const moved = (one: Placed, x: number, y: number): Placed => ({ ...one, x: one.x + x, y: one.y + y })
const shifted = ({ x, y }: Point, dx: number, dy: number): Point => ({ x: x + dx, y: y + dy })
const carried = (one: Drawn, x: number, y: number): Drawn => ({
  ...one,
  points: one.points.map((point) => shifted(point, x, y)),
  words: one.words && { ...one.words, at: shifted(one.words.at, x, y) },
})

/** The shapes whose ends are pointed take more room for the same words. */
const pointed: ReadonlySet<string> = new Set(["quorum", "choice", "dynamic", "fail", "wait"])

function boxed(box: Box): Layout {
  const lines = box.words.map((text, i) => broken(text, faceOf(box, i)))
  const sizes = lines.map((of, i) => sizeOf(of, faceOf(box, i)))
  const width = Math.max(44, ...sizes.map((size) => size.width)) + (pointed.has(box.look) ? 48 : 26)
  const height = sizes.reduce((sum, size) => sum + size.height, 0) + 18
  return { width, height, arrows: [], boxes: [{ box, lines, frame: false, x: 0, y: 0, width, height }] }
}

/** In what face the words of a box are set: its first line, which names it, is larger. */
export const faceOf = ({ look }: Box, line: number): Face =>
  look === "pure" ? faces.code : line === 0 && look !== "more" ? faces.name : faces.word

/** An arrow between two parts of a container, by index, and its words. */
interface Tie extends Way {
  readonly lines: readonly string[] | undefined
  readonly dotted: boolean
}

function tied({ a, b, words, dotted = false }: Part["links"][number], index: ReadonlyMap<Part, number>): Tie {
  const ends = { from: index.get(a) ?? 0, to: index.get(b) ?? 0, dotted }
  if (words === undefined) return { ...ends, lines: undefined }
  const lines = broken(words, faces.word)
  const { width, height } = sizeOf(lines, faces.word)
  return { ...ends, lines, words: { width: width + 12, height: height + 4 } }
}

/** A container from within. Recurses as deep as frames are drawn in one another. */
function arranged({ box, parts, links }: Part): Layout {
  if (box !== undefined && box.look !== "group" && box.look !== "called") return boxed(box)
  const index = new Map(parts.map((one, i) => [one, i]))
  const insides = parts.map(arranged)
  const ties = links.map((link) => tied(link, index))
  const back = backward(insides.length, ties)
  const forward = ties.filter((_, i) => !back.has(i))
  const grid = gridOf(inRows(insides, forward))
  const places = insides.map((inside, i) => {
    const { x, top, bottom, last } = grid.at(i)
    // What nothing follows stands as near as it can to what leads to it.
    const lower = last ? 0 : (bottom - top - inside.height) / 2
    return { ...inside, x: x - inside.width / 2, y: top + lower }
  })
  const boxes = places.flatMap((place) => place.boxes.map((one) => moved(one, place.x, place.y)))
  const arrows = places.flatMap((place) => place.arrows.map((one) => carried(one, place.x, place.y)))
  for (const [i, tie] of forward.entries()) arrows.push(downwards(tie, grid.rows.routes[i] ?? [], grid, places))
  let right = grid.width
  for (const tie of ties.filter((_, i) => back.has(i))) {
    const around = upwards(tie, places, right)
    arrows.push(around.arrow)
    right = Math.max(right, around.right)
  }
  const content = { width: right, height: grid.height, boxes, arrows }
  return box === undefined ? content : framed(box, content)
}

/** Where the slots of rows stand. */
interface Grid extends Size {
  readonly rows: Rows
  /** The middle of a slot, the height of its row, and whether nothing follows it. */
  readonly at: (slot: number) => {
    readonly x: number
    readonly top: number
    readonly bottom: number
    readonly last: boolean
  }
}

function gridOf(rows: Rows): Grid {
  const x = middles(rows)
  const spans: { readonly top: number; readonly bottom: number }[] = []
  let top = 0
  for (const slots of rows.rows) {
    const bottom = top + greatest(slots.map((slot) => rows.slots[slot]?.height ?? 0))
    spans.push({ top, bottom })
    top = bottom + row
  }
  const span = (at: number): { readonly top: number; readonly bottom: number } => spans[at] ?? { top: 0, bottom: 0 }
  return {
    rows,
    width: greatest(rows.slots.map(({ width }, slot) => (x[slot] ?? 0) + width / 2)),
    height: Math.max(0, top - row),
    at: (slot) => {
      const { row: at = 0, below = [] } = rows.slots[slot] ?? {}
      return { x: x[slot] ?? 0, ...span(at), last: below.length === 0 }
    },
  }
}

type Place = Point & Size
const nowhere: Place = { x: 0, y: 0, width: 0, height: 0 }

/** An arrow from row to row, upright in each that it passes. */
function downwards(
  { lines, words, dotted }: Tie,
  route: readonly number[],
  grid: Grid,
  places: readonly Place[],
): Drawn {
  const [from = -1, to = -1] = [route[0], route.at(-1)]
  const [first, last] = [places[from] ?? nowhere, places[to] ?? nowhere]
  const [start, end] = [first.x + first.width / 2, last.x + last.width / 2]
  const passes = route.slice(1, -1)
  const points = [
    { x: start, y: first.y + first.height },
    { x: start, y: grid.at(from).bottom },
    ...passes.map((slot) => grid.at(slot)).flatMap(({ x, top, bottom }) => [top, bottom].map((y) => ({ x, y }))),
    { x: end, y: grid.at(to).top },
    { x: end, y: last.y },
  ]
  const named = passes.find((slot) => grid.rows.slots[slot]?.words)
  if (named === undefined || lines === undefined || words === undefined) return { points, back: false, dotted }
  const { x, top, bottom } = grid.at(named)
  return { points, back: false, dotted, words: { lines, size: words, at: { x, y: (top + bottom) / 2 } } }
}

/** An arrow that leads back, to the right of all else; and how far that is. */
function upwards(
  { from, to, lines, words, dotted }: Tie,
  places: readonly Place[],
  right: number,
): { readonly arrow: Drawn; readonly right: number } {
  const [first, last] = [places[from] ?? nowhere, places[to] ?? nowhere]
  const [start, end] = [sideOf(first), sideOf(last)]
  if (from === to) {
    const by = Math.min(9, first.height / 2)
    const points = [by, -by].map((dy) => ({ x: start.x, y: start.y + dy }))
    return { arrow: { points, back: true, dotted }, right: start.x + 20 }
  }
  const turn = right + 16
  const points = [start, { x: turn, y: start.y }, { x: turn, y: end.y }, end]
  if (lines === undefined || words === undefined) return { arrow: { points, back: true, dotted }, right: turn + 4 }
  const at = { x: turn + words.width / 2 + 4, y: (start.y + end.y) / 2 }
  return { arrow: { points, back: true, dotted, words: { lines, size: words, at } }, right: turn + words.width + 4 }
}

/** The middle of the right side. */
const sideOf = ({ x, y, width, height }: Place): Point => ({ x: x + width, y: y + height / 2 })

/** A frame with its title around what stands in it. */
function framed(box: Box, { boxes, arrows, ...content }: Layout): Layout {
  const title = broken(box.words.join(" · "), faces.name)
  const head = sizeOf(title, faces.name)
  const wide = Math.max(content.width, head.width - inset)
  const [dx, dy] = [inset + (wide - content.width) / 2, head.height + 14]
  const [width, height] = [wide + 2 * inset, content.height + dy + inset]
  const around: Placed = { box, lines: [title], frame: true, x: 0, y: 0, width, height }
  return {
    width,
    height,
    boxes: [around, ...boxes.map((one) => moved(one, dx, dy))],
    arrows: arrows.map((one) => carried(one, dx, dy)),
  }
}
