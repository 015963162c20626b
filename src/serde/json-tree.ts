import { asText } from "../data/json.js"
import { limits } from "./limits.js"
import { protoKey, type Range, type Tree, tooDeep, tooMany, Unreadable } from "./tree.js"

/** One token of JSON: a bracket, a comma, a colon, a string, or another scalar. */
const token = /[\s]*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)/y

interface Open {
  readonly tree: Extract<Tree, { kind: "list" | "mapping" }>
  readonly keys: Set<string> | undefined
  key: string
  at: Range | undefined
}

/**
 * JSON text as a tree with positions, or `undefined` when the text is no JSON (then it may still be YAML). Never
 * recurses. Throws `Unreadable` at a repeated key, `__proto__`, and the limits.
 */
export function jsonTree(text: string): Tree | undefined {
  if (nestsDeep(text)) return undefined // the reader of YAML says where
  try {
    JSON.parse(text) // the judge of what JSON is; what follows may then be simple
  } catch {
    return undefined
  }
  const stack: Open[] = []
  let count = 0
  let root: Tree | undefined
  let last = 0
  const place = (make: (parent: Tree | undefined, key: string | number) => Tree): void => {
    const top = stack.at(-1)
    if (top === undefined) root = make(undefined, "")
    else if (top.tree.kind === "list") {
      top.tree.items.push(make(top.tree, top.tree.items.length))
    } else {
      top.tree.entries.push({ key: top.key, at: top.at, value: make(top.tree, top.key) })
      top.at = undefined
    }
  }
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const lexeme = match[1] ?? ""
    const range: Range = { start: token.lastIndex - lexeme.length, end: token.lastIndex }
    last = token.lastIndex
    const top = stack.at(-1)
    if (lexeme === "{" || lexeme === "[") {
      if (stack.length >= limits.depth) throw tooDeep(range)
      if (++count > limits.jsonNodes) throw tooMany("JSON", limits.jsonNodes, range)
      place((parent, key) => {
        const tree: Open["tree"] =
          lexeme === "{"
            ? { kind: "mapping", entries: [], range, parent, key }
            : { kind: "list", items: [], range, parent, key }
        stack.push({ tree, keys: lexeme === "{" ? new Set() : undefined, key: "", at: undefined })
        return tree
      })
    } else if (lexeme === "}" || lexeme === "]") stack.pop()
    else if (lexeme === "," || lexeme === ":") continue
    else if (top?.keys !== undefined && top.at === undefined) {
      const key = String(JSON.parse(lexeme))
      if (key === "__proto__") throw protoKey(range)
      if (top.keys.has(key))
        throw new Unreadable("duplicate_key", `the key ${JSON.stringify(key)} is here twice`, range)
      top.keys.add(key)
      top.key = key
      top.at = range
    } else {
      if (top?.tree.kind === "list" && ++count > limits.jsonNodes) throw tooMany("JSON", limits.jsonNodes, range)
      const value = scalar(lexeme, range)
      place((parent, key) => ({ kind: "scalar", value, range, parent, key }))
    }
  }
  return last === 0 ? undefined : root
}

/** Whether brackets outside of strings nest deeper than is allowed: parsers take long over millions of them. */
function nestsDeep(text: string): boolean {
  let depth = 0
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{[]|[}\]]/g)) {
    if (part === "{" || part === "[") depth++
    else if (part === "}" || part === "]") depth--
    if (depth > limits.depth) return true
  }
  return false
}

function scalar(lexeme: string, range: Range): null | boolean | number | string {
  const value: unknown = JSON.parse(lexeme)
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Unreadable("number", `${lexeme} is beyond the numbers of JSON`, range)
  }
  return value === null || typeof value === "boolean" || typeof value === "number" ? value : asText(value)
}
