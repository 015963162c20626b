import { items } from "../../data/rope.js"
import type { Look, Piece } from "./mermaid-chart.js"
import { isCut, label, remark } from "./mermaid-text.js"

const looks: Readonly<Record<Exclude<Look, "group" | "called">, readonly [string, string]>> = {
  agent: ['["', '"]'],
  pure: ['("', '")'],
  fail: ['{{"', '"}}'],
  quorum: ['{{"', '"}}'],
  choice: ['{"', '"}'],
  dynamic: ['{"', '"}'],
  unknown: ['("', '")'],
  wait: ['[/"', '"\\]'],
  call: ['[["', '"]]'],
  end: ['(["', '"])'],
  more: ['["', '"]'],
}

const isFrame = (look: Look): look is "group" | "called" => look === "group" || look === "called"

// Boxes have colours of their own, to be read on white and on black. Frames let the page through, and their titles are
// in the page's colour.
const styles: Readonly<Record<Look, string>> = {
  agent: "fill:#e3efff,stroke:#2f6fd0,color:#10264a,stroke-width:2px",
  pure: "fill:#f2f2f2,stroke:#a8a8a8,color:#444,font-size:12px",
  fail: "fill:#fde7e7,stroke:#c93434,color:#6b1313",
  quorum: "fill:#fff3cd,stroke:#c28f00,color:#5c4400,stroke-width:2px",
  choice: "fill:#eee8fb,stroke:#7a55c7,color:#33205e",
  dynamic: "fill:#eee8fb,stroke:#7a55c7,color:#33205e,stroke-dasharray:6 4",
  unknown: "fill:#eee8fb,stroke:#7a55c7,color:#33205e,stroke-dasharray:6 4",
  wait: "fill:#e2f5ea,stroke:#2c8f57,color:#123f26",
  call: "fill:#e0f4f6,stroke:#22838f,color:#0d3d43",
  end: "fill:#fff,stroke:#555,color:#222",
  more: "fill:#fff,stroke:#999,color:#555,stroke-dasharray:4 3",
  group: "fill:#7f9cc714,stroke:#7f9cc7",
  called: "fill:#22838f14,stroke:#22838f,stroke-width:2px",
}

// Where other colours mean something, as what was added and removed, those of the kinds would only distract.
const grey = "fill:#f6f8fa,stroke:#8c959f,color:#24292f"
const greyFrame = "fill:#8c959f14,stroke:#8c959f"

/** Mermaid refuses a text of more than 50,000 characters. */
export const longest = 50_000

/** Colours of some boxes and frames, where all others are grey: which ones, by a class, and what each class looks like. */
export interface Colours {
  readonly classes: Readonly<Record<string, string>>
  readonly of: ReadonlyMap<string, string>
}

/** How a drawing is written. */
export interface Writing {
  /** The characters that comments may fill the text to: none is cut where that is `Infinity`. */
  readonly upTo: number
  readonly colours?: Colours | undefined
}

/** A drawing as Mermaid text. */
export function drawn(piece: Piece, notes: readonly string[], { upTo, colours }: Writing): string {
  const head = ["flowchart TD", ...notes.map((note) => `  %% ${remark(note)}`)]
  const body: string[] = []
  /** The whole texts of labels that are cut, and the line that each stands before. */
  const asides: Array<{ readonly before: number; readonly id: string; readonly text: string }> = []
  const framed: Record<"group" | "called", string[]> = { group: [], called: [] }
  let depth = 1
  for (const box of items(piece.boxes)) {
    if (box === "close") {
      depth--
      body.push(`${indent(depth)}end`)
      continue
    }
    const { id, look, words } = box
    for (const text of words.filter(isCut)) asides.push({ before: body.length, id, text: remark(text) })
    if (isFrame(look)) {
      body.push(`${indent(depth++)}subgraph ${id}["${words.map(label).join(" · ") || " "}"]`)
      body.push(`${indent(depth)}direction TB`)
      framed[look].push(id)
    } else {
      const [open, close] = looks[look]
      body.push(`${indent(depth)}${id}${open}${words.map(label).join("<br/>")}${close}:::${styleOf(look)}`)
    }
  }
  for (const { from, to, words, dotted } of items(piece.links)) {
    const arrow = dotted ? "-.->" : "-->"
    body.push(`  ${from} ${arrow}${words === undefined ? "" : `|"${label(words)}"|`} ${to}`)
  }
  for (const look of ["group", "called"] as const) {
    if (framed[look].length > 0) body.push(`  class ${framed[look].join(",")} ${styleOf(look)}`)
  }
  body.push(...(colours === undefined ? kinds : coloured(colours)), "")

  const taken = [...head, ...body].reduce((sum, line) => sum + line.length + 1, 0)
  let room = upTo - taken
  const out = head
  let next = 0
  for (const { before, id, text } of asides) {
    for (const line of body.slice(next, before)) out.push(line)
    next = before
    const start = `  %% ${id}: `
    const left = room - start.length - 2
    if (left < 20) continue
    const shown = text.length > left ? `${text.slice(0, left)}…` : text
    out.push(start + shown)
    room -= start.length + shown.length + 1
  }
  return [...out, ...body.slice(next)].join("\n")
}

const kinds = Object.entries(styles).map(([look, style]) => `  classDef is-${look} ${style}`)

/** Who bears which class, and what each looks like that somebody bears; the kinds are grey. */
function coloured({ classes, of }: Colours): string[] {
  const boxes = Object.keys(looks).map((look) => `is-${look}`)
  const borne = Object.entries(classes).flatMap(([name, style]) => {
    const ids = [...of].flatMap(([id, has]) => (has === name ? [id] : []))
    return ids.length === 0 ? [] : [{ name, style, ids: ids.join(",") }]
  })
  return [
    ...borne.map(({ name, ids }) => `  class ${ids} ${name}`),
    `  classDef ${boxes.join(",")} ${grey}`,
    `  classDef is-group,is-called ${greyFrame}`,
    ...borne.map(({ name, style }) => `  classDef ${name} ${style}`),
  ]
}

/** Style names of their own: a bare `end` would close a frame. */
const styleOf = (look: Look): string => `is-${look}`

const indent = (depth: number): string => "  ".repeat(Math.min(depth, 8))
