import { isRight } from "../data/either.js"
import type { ExprProblem, Types } from "../flow/expr.js"
import { pieces } from "./holes.js"
import { parse } from "./parse.js"

const longest = 200

/**
 * A doubt about a text without `${`: it reads like an expression on what is in scope, so its writer may have meant one.
 *
 * That is: it is exactly a name in scope, or it parses and reads a field of one.
 */
export function suspicion(text: string, types: Types): ExprProblem | undefined {
  const source = text.trim()
  if (source === "" || source.length > longest || text.includes("${") || !readsScope(source, types)) return undefined
  return {
    code: "literal_expression",
    message: `this is the text ${JSON.stringify(source)}, not its value`,
    severity: "warning",
    at: [],
    start: 0,
    end: text.length,
    hint: `did you mean \`\${${source}}\`?`,
  }
}

const braces = /\{\{([^{}]*)\}\}/g

/** Doubts about `{{…}}` on what is in scope: other template languages put expressions so, and here it is text. */
export function bracesDoubted(source: string, types: Types): ExprProblem[] {
  if (!source.includes("{{")) return []
  let text = source
  for (const piece of pieces(source)) {
    if (!("cel" in piece)) continue
    const end = piece.start + piece.cel.length
    text = text.slice(0, piece.start) + " ".repeat(piece.cel.length) + text.slice(end)
  }
  return [...text.matchAll(braces)].flatMap(({ 0: written, 1: inner = "", index }) => {
    const name = /^[A-Za-z_]\w*/.exec(inner.trim())?.[0]
    if (name === undefined || !types.names.includes(name)) return []
    const message = `${written} is text here, not a value`
    const hint = `did you mean \`\${${inner.trim()}}\`?`
    const place = { at: [], start: index, end: index + written.length }
    return [{ code: "literal_expression", message, severity: "warning", ...place, hint }]
  })
}

function readsScope(source: string, types: Types): boolean {
  if (types.names.includes(source)) return true
  const reads = [...source.matchAll(/(?<![\w.])([A-Za-z_]\w*)\s*[.[]/g)].some(([, name]) =>
    types.names.includes(name ?? ""),
  )
  if (!reads) return false
  const parsed = parse(source)
  return isRight(parsed) && parsed.right.names.some((name) => types.names.includes(name))
}
