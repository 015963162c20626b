import type { Diagnostic } from "../data/diagnostic.js"
import { jsonTree } from "./json-tree.js"
import { limits } from "./limits.js"
import { frame } from "./frame.js"
import { Source } from "./source.js"
import { type Range, type Tree, treeOf, Unreadable } from "./tree.js"
import { yamlTree } from "./yaml-tree.js"

/** A text that became a tree, or the one reason why not. */
export type Read = { readonly tree: Tree; readonly source: Source | undefined } | { readonly problem: Diagnostic }

/** Characters that no text has: all controls but tab and the ends of lines. */
const controls = /(?![\t\n\r\u0085])\p{Cc}/u

/** Reads YAML or JSON text. */
export function readText(text: string, file?: string): Read {
  const source = new Source(text.startsWith("\uFEFF") ? text.slice(1) : text, file)
  return attempt(source, () => {
    if (source.text.length > limits.text) {
      const size = (source.text.length / 1024 / 1024).toFixed(1)
      throw new Unreadable("too_large", `the document has ${size} MiB of text: expected 8 MiB at most`)
    }
    const control = controls.exec(source.text)
    if (control !== null) {
      const range = { start: control.index, end: control.index + 1 }
      const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")
      throw new Unreadable(
        "binary",
        `the character U+${code} has no place in a document`,
        range,
        "is this a text file?",
      )
    }
    return (/^\s*[{[]/.test(source.text) ? jsonTree(source.text) : undefined) ?? yamlTree(source.text)
  })
}

/** Reads a value that is JSON already: there are no positions. */
export const readValue = (value: unknown): Read => attempt(undefined, () => treeOf(value))

function attempt(source: Source | undefined, read: () => Tree): Read {
  try {
    return { tree: read(), source }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const { code, message, range, hint } = error
    return {
      problem: diagnostic(source, range ?? { start: 0, end: 0 }, {
        severity: "error",
        code,
        message,
        path: "",
        ...(hint === undefined ? {} : { hint }),
      }),
    }
  }
}

/** The most characters of a message: what it quotes may be as long as the document. */
const longestMessage = 500

function shortened(message: string): string {
  const line = message.replace(/\s*[\r\n]\s*/g, " ")
  return line.length <= longestMessage ? line : `${line.slice(0, longestMessage - 100)} … ${line.slice(-97)}`
}

/** A diagnostic with its position and frame, as far as there is a text. */
export function diagnostic(
  source: Source | undefined,
  range: Range | undefined,
  about: Omit<Diagnostic, "file" | "line" | "column" | "endColumn" | "frame">,
): Diagnostic {
  const file = source?.file
  const said = {
    ...about,
    message: shortened(about.message),
    ...(about.hint === undefined ? {} : { hint: shortened(about.hint) }),
  }
  if (source === undefined || range === undefined) return { ...said, file }
  const place = source.position(range.start)
  const drawn = frame(source, place, range.end - range.start)
  const end = source.position(range.end)
  const endColumn = end.line === place.line && end.column > place.column ? { endColumn: end.column } : {}
  return { ...said, file, ...place, ...endColumn, ...(drawn === undefined ? {} : { frame: drawn }) }
}
