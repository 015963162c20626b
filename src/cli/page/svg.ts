import type { Look } from "../../flow/interpret/mermaid-chart.js"
import { html } from "./escape.js"
import { type Drawn, faceOf, type Layout, type Placed, type Point } from "./layout.js"
import { faces } from "./words-size.js"

// A drawing as SVG: colours are those of the page's style, by the class of each shape.

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`
const round = (value: number): string => String(Math.round(value * 10) / 10)

/** The outline of a box, by its kind. */
function shape({ box: { look }, x, y, width, height }: Placed): string {
  const rounded = (radius: number): string =>
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`
  const tip = Math.min(18, height / 2)
  const [right, bottom, middle] = [x + width, y + height, y + height / 2]
  const polygon = (...points: readonly (readonly [number, number])[]): string =>
    `<polygon points="${points.map(([px, py]) => `${round(px)},${round(py)}`).join(" ")}"/>`
  const hexagon = (): string =>
    polygon([x, middle], [x + tip, y], [right - tip, y], [right, middle], [right - tip, bottom], [x + tip, bottom])
  const shapes: Partial<Record<Look, () => string>> = {
    quorum: hexagon,
    fail: hexagon,
    choice: hexagon,
    dynamic: hexagon,
    wait: () => polygon([x + tip, y], [right - tip, y], [right, bottom], [x, bottom]),
    pure: () => rounded(12),
    unknown: () => rounded(12),
    end: () => rounded(Math.min(20, height / 2)),
    call: () =>
      `${rounded(4)}<path d="M${round(x + 7)} ${round(y)}V${round(bottom)}M${round(right - 7)} ${round(y)}V${round(bottom)}"/>`,
  }
  return (shapes[look] ?? (() => rounded(7)))()
}

/** The words of a box, line by line around its middle; those of a frame at its head. */
function words({ box, lines, frame, x, y, width, height }: Placed): string {
  const set = lines.flatMap((of, i) => of.map((text) => ({ text, face: faceOf(box, i) })))
  const all = set.reduce((sum, { face }) => sum + face.line, 0)
  let line = frame ? y + 6 : y + (height - all) / 2
  const left = frame ? x + 14 : x + width / 2
  return set
    .map(({ text, face }) => {
      line += face.line
      const kind = face === faces.code ? "code" : face === faces.name ? "name" : "word"
      return `<text class="${kind}" x="${round(left)}" y="${round(line - 4.5)}">${html(text)}</text>`
    })
    .join("")
}

function placed(one: Placed): string {
  const { box, frame } = one
  const kind = frame ? `frame ${box.look}` : `box ${box.look}`
  const inside = `${shape(one)}${words(one)}`
  const [path, ...others] = box.paths ?? []
  if (path === undefined) return `<g class="${kind}">${inside}</g>`
  const also = others.length === 0 ? "" : ` data-also="${html(JSON.stringify(others))}"`
  const label = box.words.join(", ") || "steps"
  return `<g class="${kind} open" tabindex="0" role="button" data-path="${html(path)}"${also} aria-label="${html(label)}">${inside}</g>`
}

/** An arrow: straight where it stands upright, else bent so that it leaves and arrives upright; back, around the corner. */
function way({ points, back }: Drawn): string {
  const [first, ...rest] = points
  if (first === undefined) return ""
  if (back && points.length === 2) {
    const [end] = rest
    return end === undefined ? "" : `M${at(first)}c26 4 26 -22 0 ${round(end.y - first.y)}`
  }
  if (back) return corners(first, rest)
  let from = first
  // A point upon the one before would leave the arrow's head without a direction.
  const parts = rest
    .filter((to, i) => Math.abs(to.y - (points[i]?.y ?? 0)) > 0.5)
    .map((to) => {
      const middle = (from.y + to.y) / 2
      const part =
        Math.abs(from.x - to.x) < 0.5
          ? `L${at(to)}`
          : `C${round(from.x)} ${round(middle)} ${round(to.x)} ${round(middle)} ${at(to)}`
      from = to
      return part
    })
  return `M${at(first)}${parts.join("")}`
}

/** Right, up and left again, with round corners. */
function corners(start: Point, [turn, end, last]: readonly Point[]): string {
  if (turn === undefined || end === undefined || last === undefined) return ""
  const bend = Math.min(10, Math.abs(turn.y - end.y) / 2)
  const up = Math.sign(end.y - turn.y) * bend
  return (
    `M${at(start)}H${round(turn.x - bend)}Q${at(turn)} ${round(turn.x)} ${round(turn.y + up)}` +
    `V${round(end.y - up)}Q${at(end)} ${round(end.x - bend)} ${round(end.y)}H${round(last.x)}`
  )
}

function said({ words: of, back: beside }: Drawn): string {
  if (of === undefined) return ""
  const { lines, at: middle, size } = of
  const [left, top] = [middle.x - size.width / 2, middle.y - size.height / 2]
  const back = `<rect class="paper" x="${round(left)}" y="${round(top)}" width="${round(size.width)}" height="${round(size.height)}" rx="4"/>`
  const texts = lines.map(
    (text, i) =>
      `<text class="said" x="${round(middle.x)}" y="${round(top + 2 + (i + 1) * faces.word.line - 4)}">${html(text)}</text>`,
  )
  return (beside ? "" : back) + texts.join("")
}

/** A layout as an SVG element that stands in a page: it has no style of its own. */
export function svg({ width, height, boxes, arrows }: Layout, title: string): string {
  const frames = boxes.filter(({ frame }) => frame).map(placed)
  const others = boxes.filter(({ frame }) => !frame).map(placed)
  const lines = arrows.map((one) => `<path class="${one.dotted ? "arrow dotted" : "arrow"}" d="${way(one)}"/>`)
  return [
    `<svg id="drawing" viewBox="0 0 ${round(width)} ${round(height)}" data-width="${round(width)}" data-height="${round(height)}" role="group" aria-label="${html(title)}">`,
    `<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0.8L10 5L0 9.2z"/></marker></defs>`,
    ...frames,
    ...lines,
    ...arrows.map(said),
    ...others,
    "</svg>",
  ].join("\n")
}
