import { columnsOf as width } from "../data/columns.js"
import type { Position } from "../data/diagnostic.js"
import { shownLine } from "./secrets.js"
import type { Source } from "./source.js"

/** How many columns of a line a frame shows; the rest is cut, around the place. */
const widest = 100

const visible = (text: string): string => text.replaceAll("\t", "  ").replace(/\p{Cc}/gu, "·")

/**
 * The line of a place with a caret under it, and the line before: what a person looks for first.
 *
 * @param length how many characters the carets underline; at least one, at most to the end of the line.
 */
export function frame(source: Source, { line, column }: Position, length = 1): string | undefined {
  const text = shownLine(source, line)
  if (text === undefined) return undefined
  const gutter = String(line).length
  const from = Math.max(0, Math.min(column - 1 - widest / 2, text.length - widest))
  const cut = (part: string): string =>
    (from > 0 && part.length > from ? "…" : "") +
    visible(part.slice(from, from + widest)) +
    (part.length > from + widest ? "…" : "")
  const lead = (from > 0 ? 1 : 0) + width(visible(text.slice(from, column - 1)))
  const marked = visible(text.slice(column - 1, Math.min(column - 1 + length, from + widest)))
  const carets = "^".repeat(Math.max(1, width(marked)))
  const before = shownLine(source, line - 1)
  const row = (label: string, content: string): string => `${label.padStart(gutter)} | ${content}`.trimEnd()
  return [
    ...(line > 1 && before !== undefined ? [row(String(line - 1), cut(before))] : []),
    row(String(line), cut(text)),
    row("", " ".repeat(lead) + carets),
  ].join("\n")
}
