import { Lexer } from "yaml"
import { limits } from "./limits.js"
import { tooDeep, tooMany, Unreadable } from "./tree.js"

interface Level {
  readonly column: number
  readonly list: boolean
}

/** A node takes no more tokens than this: a key, a colon, a dash, an anchor, a comma and its text. */
const tokensPerNode = 6
const blank = /^(?:[\s\uFEFF]|#)/

/**
 * Refuses YAML that nests too deep or has too many nodes before the parser, which recurses, sees it: one pass over the
 * tokens, which ends at the first token too many.
 */
export function checkNesting(text: string): void {
  checkLines(text)
  const levels: Level[] = []
  let flow = 0
  let scalars = 0
  let tokens = 0
  let offset = 0
  let lineStart = 0
  let key = 0
  const at = (length: number): { start: number; end: number } => ({ start: offset, end: offset + length })
  const open = (column: number, list: boolean): void => {
    for (let top = levels.at(-1); top !== undefined; top = levels.at(-1)) {
      if (top.column < column || (top.column === column && list && !top.list)) break
      levels.pop()
    }
    levels.push({ column, list })
  }
  for (const token of new Lexer().lex(text)) {
    if (!text.startsWith(token, offset)) {
      if (token === "\u001f") {
        key = offset
        if (++scalars > 2 * limits.yamlNodes) throw tooMany("YAML", limits.yamlNodes, at(1))
      }
      continue // a mark of the lexer's own, which is no text
    }
    if (!blank.test(token) && ++tokens > tokensPerNode * limits.yamlNodes)
      throw tooMany("YAML", limits.yamlNodes, at(1))
    if (token === "[" || token === "{") {
      if (flow === 0) key = offset
      flow++
    } else if (token === "]" || token === "}") flow = Math.max(0, flow - 1)
    else if (token.startsWith('"') || token.startsWith("'")) {
      if (flow === 0) key = offset
      if (++scalars > 2 * limits.yamlNodes) throw tooMany("YAML", limits.yamlNodes, at(1))
    } else if (flow === 0 && (token === "-" || token === "?")) open(offset - lineStart, token === "-")
    else if (flow === 0 && token === ":") open(Math.max(0, key - lineStart), false)
    if (levels.length + flow > limits.depth) throw tooDeep(at(1))
    const newline = token.lastIndexOf("\n")
    if (newline >= 0) lineStart = offset + newline + 1
    offset += token.length
  }
}

function checkLines(text: string): void {
  let lines = 0
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    if (++lines <= limits.yamlLines) continue
    const most = limits.yamlLines.toLocaleString("en")
    throw new Unreadable(
      "too_many_lines",
      `the document has more than ${most} lines`,
      { start: at, end: at + 1 },
      "split it",
    )
  }
}
