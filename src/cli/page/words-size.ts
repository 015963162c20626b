import { columnsOf } from "../../data/columns.js"
import type { Size } from "./layers.js"

/** Lines of text as they are set: of which size, and how wide a column is at the most. */
export interface Face {
  readonly column: number
  readonly line: number
  /** After so many columns a line is broken. */
  readonly columns: number
}

// What the fonts of common systems take at the most, on average over a line; there is nothing here to measure with.
export const faces: Readonly<Record<"name" | "word" | "code", Face>> = {
  name: { column: 7.9, line: 18, columns: 34 },
  word: { column: 6.7, line: 16, columns: 40 },
  code: { column: 6.7, line: 16, columns: 44 },
}

/** Controls, line breaks, and marks that turn the direction of writing: a label has none. */
const unshown = /[\p{Cc}\p{Zl}\p{Zp}\s\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/gu

/** The longest label, in characters: the whole text stands beside the drawing. */
const longest = 120

/** A text broken into lines: between words where it can be. */
export function broken(text: string, { columns }: Face): readonly string[] {
  const all = Array.from(
    text
      .slice(0, 4 * longest)
      .replace(unshown, " ")
      .trim(),
  )
  const short = all.length > longest || text.length > 4 * longest ? [...all.slice(0, longest - 1), "…"] : all
  const lines: string[] = []
  let line = ""
  for (const word of short.join("").split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`
    if (columnsOf(joined) <= columns) {
      line = joined
      continue
    }
    if (line !== "") lines.push(line)
    line = ""
    for (const character of word) {
      if (columnsOf(line) >= columns) {
        lines.push(line)
        line = ""
      }
      line += character
    }
  }
  return [...lines, line]
}

/** The room that lines take. */
export const sizeOf = (lines: readonly string[], { column, line }: Face): Size => ({
  width: Math.max(0, ...lines.map(columnsOf)) * column,
  height: lines.length * line,
})
