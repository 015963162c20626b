import type { Range } from "./tree.js"

const escapes: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }
const fold = /[ \t]*(?:\r\n|\n|\r)(?:[ \t]*(?:\r\n|\n|\r))*[ \t]*/y

/**
 * The offset in the text at which a character of a string was written: quotes, escapes, folded lines and the indentation
 * of block scalars left out of the count.
 */
export function offsetInside(text: string, range: Range, value: string, index: number): number {
  const first = text[range.start]
  if (first === "|" || first === ">") return inBlock(text, range, index)
  const quote = first === '"' || first === "'" ? first : ""
  let at = range.start + quote.length
  let count = 0
  while (at < range.end) {
    const joined = quote === '"' ? joining(text, at) : 0
    if (joined === 0 && count >= index) break
    fold.lastIndex = at
    const lines = joined === 0 ? fold.exec(text) : null
    if (joined > 0) at += joined
    else if (lines !== null) {
      const ends = lines[0].match(/\r\n|\n|\r/g)?.length ?? 1
      count += ends === 1 ? 1 : ends - 1
      at = fold.lastIndex
    } else if (quote === '"' && text[at] === "\\") {
      const letter = text[at + 1] ?? ""
      at += escapes[letter] ?? 2
      count += letter === "U" && (value.codePointAt(count) ?? 0) > 0xffff ? 2 : 1
    } else {
      at += quote === "'" && text[at] === "'" && text[at + 1] === "'" ? 2 : 1
      count++
    }
  }
  return Math.min(at, range.end)
}

const joint = /\\(?:\r\n|\n|\r)[ \t]*/y

/** How long an escaped end of line is, which stands for no character at all. */
function joining(text: string, at: number): number {
  joint.lastIndex = at
  return joint.exec(text)?.[0].length ?? 0
}

/** In `|` and `>` each line counts with one character for its end; folding keeps that count but at empty lines. */
function inBlock(text: string, range: Range, index: number): number {
  const body = text.slice(range.start, range.end)
  const header = /^[^\r\n]*(?:\r\n|\n|\r)/.exec(body)?.[0].length ?? 0
  const written = body.slice(header).match(/[^\r\n]*(?:\r\n|\n|\r|$)/g) ?? []
  const explicit = /^[|>][+-]?([1-9])/.exec(body)?.[1]
  const indents = written.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0)
  const indent = explicit === undefined ? (indents[0] ?? 0) : Math.min(...indents)
  let at = range.start + header
  let left = index
  for (const line of written) {
    const content = line.replace(/[\r\n]+$/, "")
    const length = Math.max(0, content.length - indent)
    if (left <= length) return Math.min(at + Math.min(indent, content.length) + left, range.end)
    left -= length + 1
    at += line.length
  }
  return range.end
}
