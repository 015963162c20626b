import { items } from "../../data/rope.js"
import type { Box, Link, Piece } from "../../flow/interpret/mermaid-chart.js"
import { middles } from "./columns.js"
import { backward, inRows, type Size } from "./layers.js"
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
  const { boxes, arrows, width, height } = arranged(tree(piece), new Map())
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

/** A container from within. Recurses as deep as frames are drawn in one another. */
function arranged(part: Part, known: Map<Part, number>): Layout {
  if (part.box !== undefined && part.box.look !== "group" && part.box.look !== "called") return boxed(part.box)
  const insides = part.parts.map((one, i) => {
    known.set(one, i)
    return arranged(one, known)
  })
  const links = part.links.map((link) => {
    const lines = link.words === undefined ? undefined : broken(link.words, faces.word)
    const { width, height } = lines === undefined ? { width: 0, height: 0 } : sizeOf(lines, faces.word)
    return {
      link,
      lines,
      from: known.get(link.a) ?? 0,
      to: known.get(link.b) ?? 0,
      words: lines && { width: width + 12, height: height + 4 },
    }
  })
  const back = backward(insides.length, links)
  const forward = links.filter((_, i) => !back.has(i))
  const behind = links.filter((_, i) => back.has(i))
  const rows = inRows(insides, forward)
  const x = middles(rows)
  const tops: number[] = []
  let y = 0
  for (const slots of rows.rows) {
    tops.push(y)
    y += Math.max(0, ...slots.map((slot) => rows.slots[slot]?.height ?? 0)) + row
  }
  const tall = (at: number): number => (tops[at + 1] ?? y) - (tops[at] ?? 0) - row
  const bottomOf = (slot: number): number => {
    const at = rows.slots[slot]?.row ?? 0
    return (tops[at] ?? 0) + tall(at)
  }
  const places = insides.map((inside, i) => {
    const at = rows.slots[i]?.row ?? 0
    const left = (x[i] ?? 0) - inside.width / 2
    // What nothing follows stands as near as it can to what leads to it.
    const lower = rows.slots[i]?.below.length === 0 ? 0 : (tall(at) - inside.height) / 2
    return { ...inside, x: left, y: (tops[at] ?? 0) + lower }
  })
  const title = part.box === undefined ? [] : [broken(part.box.words.join(" · "), faces.name)]
  const head = part.box === undefined ? 0 : sizeOf(title[0] ?? [], faces.name).height + 14
  const boxes = places.flatMap((place) => place.boxes.map((one) => moved(one, place.x, place.y)))
  const arrows: Drawn[] = places.flatMap((place) => place.arrows.map((one) => carried(one, place.x, place.y)))
  for (const [i, { link, lines, words }] of forward.entries()) {
    const route = rows.routes[i] ?? []
    const [first, last] = [places[route[0] ?? 0], places[route.at(-1) ?? 0]]
    if (first === undefined || last === undefined) continue
    const passes = route.slice(1, -1).map((slot) => {
      const { row: at = 0, words: named = false } = rows.slots[slot] ?? {}
      return { x: x[slot] ?? 0, top: tops[at] ?? 0, bottom: (tops[at] ?? 0) + tall(at), named }
    })
    const [start, end] = [first.x + first.width / 2, last.x + last.width / 2]
    const points = [
      { x: start, y: first.y + first.height },
      { x: start, y: bottomOf(route[0] ?? 0) },
      ...passes.flatMap(({ x: at, top, bottom }) => [top, bottom].map((level) => ({ x: at, y: level }))),
      { x: end, y: tops[rows.slots[route.at(-1) ?? 0]?.row ?? 0] ?? 0 },
      { x: end, y: last.y },
    ]
    const pass = passes.find(({ named }) => named)
    const named = pass && { x: pass.x, y: (pass.top + pass.bottom) / 2 }
    arrows.push({
      points,
      back: false,
      dotted: link.dotted === true,
      words: lines && words && named && { lines, size: words, at: named },
    })
  }
  let right = Math.max(0, ...rows.slots.map(({ width }, slot) => (x[slot] ?? 0) + width / 2))
  for (const { link, lines, words, from, to } of behind) {
    const [first, last] = [places[from], places[to]]
    if (first === undefined || last === undefined) continue
    if (from === to) {
      const [side, middle] = [first.x + first.width, first.y + first.height / 2]
      const points = [-9, 9].map((by) => ({ x: side, y: middle + Math.min(by, first.height / 2) }))
      arrows.push({ points: points.toReversed(), back: true, dotted: link.dotted === true })
      right = Math.max(right, side + 20)
      continue
    }
    const [start, end] = [first, last].map((place) => ({ x: place.x + place.width, y: place.y + place.height / 2 }))
    if (start === undefined || end === undefined) continue
    const turn = right + 16
    arrows.push({
      points: [start, { x: turn, y: start.y }, { x: turn, y: end.y }, end],
      back: true,
      dotted: link.dotted === true,
      words: lines && words && { lines, size: words, at: { x: turn + words.width / 2 + 4, y: (start.y + end.y) / 2 } },
    })
    right = turn + (words?.width ?? 0) + 4
  }
  const content = { width: right, height: Math.max(0, y - row) }
  const { box } = part
  if (box === undefined) return { ...content, boxes, arrows }
  const wide = Math.max(content.width, sizeOf(title[0] ?? [], faces.name).width - inset)
  const [dx, dy] = [inset + (wide - content.width) / 2, head]
  const [width, height] = [wide + 2 * inset, content.height + head + inset]
  const around: Placed = { box, lines: title, frame: true, x: 0, y: 0, width, height }
  return {
    width,
    height,
    boxes: [around, ...boxes.map((one) => moved(one, dx, dy))],
    arrows: arrows.map((one) => carried(one, dx, dy)),
  }
}
