import { isRight } from "../data/either.js"
import type { ExprProblem, Types } from "../flow/expr.js"
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

function readsScope(source: string, types: Types): boolean {
  if (types.names.includes(source)) return true
  const reads = [...source.matchAll(/(?<![\w.])([A-Za-z_]\w*)\s*[.[]/g)].some(([, name]) =>
    types.names.includes(name ?? ""),
  )
  if (!reads) return false
  const parsed = parse(source)
  return isRight(parsed) && parsed.right.names.some((name) => types.names.includes(name))
}
