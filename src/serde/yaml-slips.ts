import type { YAMLError } from "yaml"
import { type Range, Unreadable } from "./tree.js"

// What people get wrong in YAML itself, and what to tell them about it.

/** Keys after which the grammar wants CEL: where YAML eats it, the cure is to quote it. */
const expressionLine = /^\s*(?:-\s+)*(until|when|on|guard|map|with|initial):[ \t]+(\S.*?)\s*$/

/** The keys of templates: a mapping or a list there is one of YAML, and only the texts in it are quoted. */
const templateKeys: ReadonlySet<string> = new Set(["map", "with", "initial"])

/** The `${…}` whose brace stands at a column: inside of `{ }` and `[ ]`, YAML takes the brace for a mapping. */
function unquoted(line: string, brace: number): string | undefined {
  return line[brace] === "{" && line[brace - 1] === "$" ? /^\$\{[^}]*\}/.exec(line.slice(brace - 1))?.[0] : undefined
}

/** The line that a place is in: where it begins, its text, where the next begins. */
function lineAt(text: string, start: number): { readonly from: number; readonly line: string; readonly next: number } {
  const from = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1
  const [whole = "", line = ""] = /^([^\r\n]*)(?:\r\n?|\n)?/.exec(text.slice(from)) ?? []
  return { from, line, next: from + whole.length }
}

/** How to quote the line of a place, where that is likely what went wrong. */
export function quoteHint(text: string, { start }: Range): string | undefined {
  const { from, line } = lineAt(text, start)
  const bare = unquoted(line, start - from)
  if (bare !== undefined) return `quote this expression: \`${quoted(bare)}\``
  const [, key, written] = expressionLine.exec(line) ?? []
  if (key === undefined || written === undefined) return inlineHint(line, start - from) ?? colonHint(line)
  if (templateKeys.has(key) && /^[[{]/.test(written)) return undefined
  return `quote this expression: \`${key}: ${quoted(unwrapped(written))}\``
}

/** A key in `{ }`, and what of its value the parser has read when it stumbles: a text in quotes, or nothing. */
const inlineKey = /[{,]\s*(until|when|on|guard|map|with|initial):[ \t]+((["'])[^"']*\3\s*)?$/

/** The same for an expression inside of `{ }`, which ends at the next comma or brace. */
function inlineHint(line: string, at: number): string | undefined {
  const [, key, read = ""] = inlineKey.exec(line.slice(0, at)) ?? []
  const rest = /^(?:\([^()]*\)|[^,{}[\]])+/.exec(line.slice(at))?.[0].trimEnd()
  return key === undefined || rest === undefined
    ? undefined
    : `quote this expression: \`${key}: ${quoted(read + rest)}\``
}

/** An expression that is quoted already, by the quotes that it has inside as well: `"value == "yes""`. */
const unwrapped = (text: string): string => /^(["'])(?=.*\w)([^"']*\1\w.*)\1$/.exec(text)?.[2] ?? text

/** A quote that is opened and never closed: what follows it, to the end of the text, is in it. */
export function unclosed({ message }: YAMLError, text: string): Unreadable | undefined {
  const [, quote] = /^Missing closing (["'])quote/.exec(message) ?? []
  if (quote === undefined) return undefined
  const start = text.lastIndexOf(quote)
  return new Unreadable(
    "syntax",
    `this is not YAML: the text that begins here has no closing ${quote}`,
    { start, end: start + 1 },
    `close it with ${quote}`,
  )
}

/** A text as YAML reads it back unchanged, in the quotes that it needs least escapes in. */
export const quoted = (text: string): string =>
  text.includes('"') || text.includes("\\") ? `'${text.replaceAll("'", "''")}'` : `"${text}"`

/** A key and its unquoted value, in which another colon stands. */
const colonLine = /^\s*(?:-\s+)*([\w.-]+):[ \t]+([^\s"'[{|>&*!].*?:(?:[ \t].*)?)$/

function colonHint(line: string): string | undefined {
  const [, key, written] = colonLine.exec(line) ?? []
  if (key === undefined || written === undefined) return undefined
  return `quote the value, which has a colon in it: \`${key}: ${quoted(written.trimEnd())}\``
}

/** What the parser says of an indentation that fits nothing; the kind of what stands there. */
const indentation: readonly (readonly [said: RegExp, what: "item" | "key" | "next"])[] = [
  [/^A block sequence may not be used|^All sequence items must start/, "item"],
  [/^All mapping items must start|^Sequence item without - indicator/, "key"],
  [/^Nested mappings are not allowed/, "next"],
]

/** A list item or a key whose indentation is not that of its neighbours: the parser has no plain words for it. */
export function misplaced({ message, pos: [start] }: YAMLError, text: string): Unreadable | undefined {
  const what = indentation.find(([said]) => said.test(message))?.[1]
  if (what === undefined) return undefined
  const { from, line, next } = lineAt(text, start)
  if (what === "next") {
    if (colonHint(line) !== undefined || /^\s*(?:-\s+)*[\w.-]+:\s+\S/.exec(line) === null) return undefined
    return text.length <= next ? undefined : outOfLine("this line", "it is deeper than the line above", text, next)
  }
  if (what === "key") return outOfLine("this key", "indent it like the keys that it belongs with", text, from)
  const [above] = [...text.slice(0, from).matchAll(/^ *(?=- )/gm)].slice(-1)
  const spaces = above?.[0].length
  const like =
    spaces === undefined ? "" : `; the one above has ${spaces} ${spaces === 1 ? "space" : "spaces"} before it`
  return outOfLine("this list item", `indent every \`-\` of a list alike${like}`, text, from)
}

function outOfLine(what: string, hint: string, text: string, line: number): Unreadable {
  const start = line + (/^ */.exec(text.slice(line))?.[0].length ?? 0)
  return new Unreadable(
    "indentation",
    `the indentation of ${what} fits nothing above it`,
    { start, end: start + 1 },
    hint,
  )
}
