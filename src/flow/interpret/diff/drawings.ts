import { nodeOf } from "../../build.js"
import type { Document } from "../../document.js"
import { walk } from "../../fold.js"
import { normalize } from "../../normalize.js"
import type { Box } from "../mermaid-chart.js"
import type { Colours } from "../mermaid-draw.js"
import { chartOf } from "../mermaid.js"
import type { Change } from "./compare.js"
import { comparison } from "./diff.js"

/** What happened to a part that is drawn, in the order in which one hides another. */
const marks = ["moved", "changed", "removed", "added"] as const
type Mark = (typeof marks)[number]

/** A place that is marked, or all from there on downwards. */
interface Marked {
  readonly path: string
  readonly mark: Mark
  readonly below: boolean
  /** Only the boxes of agents there. */
  readonly agent?: true
}

// Boxes are read on white and on black; frames let the page through.
const styles: Readonly<Record<Mark, string>> = {
  moved: "fill:#ddf4ff,stroke:#0969da,color:#0a3069,stroke-width:2px,stroke-dasharray:6 4",
  changed: "fill:#fff8c5,stroke:#bf8700,color:#4d2d00,stroke-width:3px",
  removed: "fill:#ffebe9,stroke:#cf222e,color:#82071e,stroke-width:3px,stroke-dasharray:6 4",
  added: "fill:#dafbe1,stroke:#1a7f37,color:#044f1e,stroke-width:3px",
}
const frames: Readonly<Record<Mark, string>> = {
  moved: "fill:#0969da14,stroke:#0969da,stroke-width:2px,stroke-dasharray:6 4",
  changed: "fill:#bf870014,stroke:#bf8700,stroke-width:3px",
  removed: "fill:#cf222e14,stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
  added: "fill:#1a7f3714,stroke:#1a7f37,stroke-width:3px",
}
const classes: Colours["classes"] = Object.fromEntries(
  marks.flatMap((mark) => [
    [`was-${mark}`, styles[mark]],
    [`was-${mark}-frame`, frames[mark]],
  ]),
)

/** Two documents as Mermaid text, with colours on what one has and the other has not; each within so many characters. */
export function drawings(
  before: Document,
  after: Document,
  upTo: number,
): { readonly before: string; readonly after: string } {
  const { inside, around } = comparison(before, after)
  const draw = (of: Document, side: "before" | "after"): string => {
    const flow = normalize(of.flow)
    const asks = new Map<string, string>()
    walk(nodeOf(flow), (node, { path }) => {
      if (node._tag === "Agent") asks.set(path, node.ref.name)
    })
    const changed = new Set(around.map(({ path }) => path))
    const askers = [...asks].filter(([, agent]) => changed.has(`agents/${agent}`))
    const found = [
      ...askers.map(([path]): Marked => ({ path, mark: "changed", below: false, agent: true })),
      ...inside.flatMap((change) => markedBy(change, side)),
    ]
    return chartOf(flow, { upTo, colours: (boxes) => ({ classes, of: colouring(boxes, found) }) }).text
  }
  return { before: draw(before, "before"), after: draw(after, "after") }
}

/** What one side shows of a change. */
function markedBy({ kind, path: now, pathBefore, around }: Change, side: "before" | "after"): Marked[] {
  const path = side === "before" ? (pathBefore ?? now) : now
  if (kind === "changed") return [{ path, mark: "changed", below: false }]
  if (kind === "replaced") return [{ path, mark: "changed", below: true }]
  if (kind === "moved") return [{ path, mark: "moved", below: false }]
  if (side !== (kind === "added" ? "after" : "before")) return []
  if (around === undefined) return [{ path, mark: kind, below: true }]
  return [
    { path, mark: "changed", below: false },
    ...around.map((brought): Marked => ({ path: brought, mark: kind, below: true })),
  ]
}

/** The class of each box that a mark is on. What is not drawn by itself marks the nearest that it is drawn in. */
function colouring(boxes: readonly Box[], found: readonly Marked[]): ReadonlyMap<string, string> {
  const at = new Map<string, Box[]>()
  for (const box of boxes) {
    for (const path of box.paths ?? []) {
      const known = at.get(path)
      if (known === undefined) at.set(path, [box])
      else known.push(box)
    }
  }
  const on = new Map<string, { readonly box: Box; readonly mark: Mark }>()
  const put = (box: Box, mark: Mark): void => {
    const before = on.get(box.id)
    if (before === undefined || marks.indexOf(before.mark) < marks.indexOf(mark)) on.set(box.id, { box, mark })
  }
  for (const { path, mark, below, agent } of found) {
    const reached = [...at].filter(([place]) => place === path || (below && isBelow(place, path)))
    const there = reached.flatMap(([, of]) => of).filter(({ look }) => agent !== true || look === "agent")
    for (const box of there) put(box, mark)
    if (there.length > 0) continue
    let up = path
    while (up !== "" && !at.has(up)) up = above(up)
    for (const box of at.get(up) ?? []) put(box, "changed")
  }
  const isFrame = ({ look }: Box): boolean => look === "group" || look === "called"
  return new Map([...on].map(([id, { box, mark }]) => [id, `was-${mark}${isFrame(box) ? "-frame" : ""}`]))
}

const isBelow = (place: string, path: string): boolean =>
  path === "" || (place.startsWith(path) && /[/@:]/.test(place.charAt(path.length)))

/** The path without its last segment or suffix. */
const above = (path: string): string => path.replace(/(?:^|[/@:])[^/@:]*$/, "")
