import type { Document } from "../../document.js"
import type { Diff } from "./diff.js"
import { drawings } from "./drawings.js"
import { movedRow } from "./figures.js"
import { inWords } from "./format.js"

/** The longest comment that a pull request takes, in characters. */
const longest = 65_536
/** What the drawings may take, each; and one line of words. */
const drawing = 18_000
const line = 400

/**
 * A diff as Markdown for a comment on a pull request: what changed in words, the figures of the cost that moved, and both
 * flows as Mermaid diagrams with the changes in colour. Never longer than GitHub takes: what is left out is said.
 */
export function commentOf(before: Document, after: Document, diff: Diff, title: string): string {
  const heading = `### ${written(title.slice(0, line))}`
  if (diff.same) return `${heading}\n\nNothing but layout.\n`
  const drawn = drawings(before, after, drawing)
  const tail = [...costTable(diff), ...diagrams(drawn)].join("\n")
  const all = inWords(diff)
  const count = all.length === 1 ? "1 change" : `${all.length.toLocaleString("en-US")} changes`
  const head = `${heading}: ${count}\n\n`
  const room = longest - head.length - tail.length - 200
  return `${head}${list(all, room)}\n${tail.trimEnd()}\n`
}

/** As many lines as there is room for; the rest is counted. */
function list(all: readonly string[], room: number): string {
  const out: string[] = []
  let left = room
  for (const text of all) {
    const item = `- ${written(text.length > line ? `${text.slice(0, line - 1)}…` : text)}\n`
    if (item.length > left) break
    left -= item.length
    out.push(item)
  }
  const rest = all.length - out.length
  if (rest > 0)
    out.push(`- … and ${rest.toLocaleString("en-US")} more, left out here: \`troupe diff\` tells them all\n`)
  return out.join("")
}

function costTable({ cost }: Diff): string[] {
  if (cost.length === 0) return ["The cost is what it was.\n"]
  const rows = cost.map((moved) => `| ${movedRow(moved).map(written).join(" | ")} |`)
  return ["| cost of a run | before | after |", "| :-- | --: | --: |", ...rows, ""]
}

function diagrams({ before, after }: { readonly before: string; readonly after: string }): string[] {
  const block = (name: string, text: string): string => `#### ${name}\n\n\`\`\`mermaid\n${text.trimEnd()}\n\`\`\`\n`
  const collapsed = [before, after].some((text) => text.includes("%% collapsed: "))
    ? ["A flow is too large to be drawn whole here: `troupe render` draws more of it.\n"]
    : []
  if (before === after) return [block("The flow", after), ...collapsed]
  const key = "Green was added, red was removed, yellow was changed, blue was moved; all else is as it was.\n"
  return [block("Before", before), block("After", after), key, ...collapsed]
}

/** A text on one line that Markdown shows as it is: no markup, and nobody and no issue is mentioned by it. */
function written(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|~!&]/g, "\\$&")
    .replace(/[@#](?=\w)/g, "$&<!-- -->")
}
