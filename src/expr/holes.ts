/** A piece of a template's string: text as it is, or a hole with the CEL inside and its offset. */
export type Piece =
  | { readonly text: string }
  | { readonly cel: string; readonly start: number }
  | { readonly unclosed: number }

const opening = "${"
const escaped = "$${"

/** Takes a string apart at its `${…}`. `$${` is a literal `${`; braces in CEL strings and map literals do not end a hole. */
export function pieces(source: string): readonly Piece[] {
  const found: Piece[] = []
  let text = ""
  let at = 0
  for (;;) {
    const next = source.indexOf("$", at)
    if (next < 0) break
    text += source.slice(at, next)
    if (source.startsWith(escaped, next)) {
      text += opening
      at = next + escaped.length
    } else if (source.startsWith(opening, next)) {
      const start = next + opening.length
      const end = closing(source, start)
      if (text !== "") found.push({ text })
      text = ""
      if (end === undefined) return [...found, { unclosed: next }]
      found.push({ cel: source.slice(start, end), start })
      at = end + 1
    } else {
      text += "$"
      at = next + 1
    }
  }
  text += source.slice(at)
  if (text !== "" || found.length === 0) found.push({ text })
  return found
}

/** Where the `}` of a hole stands. */
function closing(source: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    const char = source[at]
    if (char === "{") depth++
    else if (char === "}") {
      if (depth === 0) return at
      depth--
    } else if (char === '"' || char === "'") at = afterString(source, at, char) - 1
    else if (char === "/" && source[at + 1] === "/") {
      const line = source.indexOf("\n", at)
      if (line < 0) return undefined
      at = line
    }
  }
  return undefined
}

/** Where a CEL string ends; as its lexer reads it, a backslash guards the next character in raw strings as well. */
function afterString(source: string, start: number, quote: string): number {
  const mark = source.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote
  for (let at = start + mark.length; at < source.length; at++) {
    if (source[at] === "\\") at++
    else if (source.startsWith(mark, at)) return at + mark.length
  }
  return source.length
}
