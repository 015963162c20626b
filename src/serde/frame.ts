import { columnsOf as width } from "../data/columns.js"
import type { Position } from "../data/diagnostic.js"
import type { Source } from "./source.js"

/** How many columns of a line a frame shows; the rest is cut, around the place. */
const widest = 100

const visible = (text: string): string => text.replaceAll("\t", "  ").replace(/\p{Cc}/gu, "·")

const secret = /(api_key["']?\s*:\s*)([^\s#,}][^#,}]*)/

/** A key that was written into the document must not be seen in a terminal or a log. */
const unsecret = (line: string): string =>
  line.replace(secret, (whole, key: string, value: string) =>
    value.includes("env.") ? whole : key + "•".repeat(Math.max(1, value.trimEnd().length)),
  )

/** How far from the place a line is read: it may be as long as the document, and there may be thousands of places. */
const reach = 2 * widest

/** A line around a column. */
class Line {
  readonly length: number
  readonly #text: string
  readonly #skipped: number

  constructor(source: Source, { start, end }: { readonly start: number; readonly end: number }, column: number) {
    const whole = source.mayHoldKeys
    const from = whole ? start : Math.min(end, Math.max(start, start + column - reach))
    this.#text = unsecret(source.text.slice(from, whole ? end : Math.min(end, start + column + reach)))
    this.#skipped = from - start
    this.length = whole ? this.#text.length : end - start
  }

  slice(from: number, to: number): string {
    return this.#text.slice(Math.max(0, from - this.#skipped), Math.max(0, to - this.#skipped))
  }
}

/**
 * The line of a place with a caret under it, and the line before: what a person looks for first.
 *
 * @param length how many characters the carets underline; at least one, at most to the end of the line.
 */
export function frame(source: Source, { line, column }: Position, length = 1): string | undefined {
  const span = source.span(line)
  if (span === undefined) return undefined
  const text = new Line(source, span, column)
  const gutter = String(line).length
  const from = Math.max(0, Math.min(column - 1 - widest / 2, text.length - widest))
  const cut = (part: Line): string =>
    (from > 0 && part.length > from ? "…" : "") +
    visible(part.slice(from, from + widest)) +
    (part.length > from + widest ? "…" : "")
  const lead = (from > 0 ? 1 : 0) + width(visible(text.slice(from, column - 1)))
  const marked = visible(text.slice(column - 1, Math.min(column - 1 + length, from + widest)))
  const carets = "^".repeat(Math.max(1, width(marked)))
  const above = source.span(line - 1)
  const row = (label: string, content: string): string => `${label.padStart(gutter)} | ${content}`.trimEnd()
  return [
    ...(above === undefined ? [] : [row(String(line - 1), cut(new Line(source, above, column)))]),
    row(String(line), cut(text)),
    row("", " ".repeat(lead) + carets),
  ].join("\n")
}
