import { type Either, isLeft, left, right } from "../data/either.js"
import type { Diagnostic } from "../data/diagnostic.js"
import { canonicalJson, canonicalYaml, commentsOf } from "./canonical.js"
import { formatSchema } from "./grammar/format-schema.js"
import { jsonTree } from "./json-tree.js"
import { parse, type ParseOptions } from "./parse.js"
import { print, yamlText } from "./print.js"
import { diagnostic } from "./reading.js"
import type { Registry } from "./registry.js"
import { Source } from "./source.js"
import { plain, Unreadable } from "./tree.js"
import { yamlTree } from "./yaml-tree.js"

/** What a document is written in. */
export type Spelling = "yaml" | "json"

export interface FormatOptions extends ParseOptions {
  /** By default what it is in already. In JSON comments have no place: they are left out. */
  readonly to?: Spelling
}

/**
 * A document in its canonical form, its comments kept; JSON stays JSON. Gives what is wrong with a document that cannot
 * be read, or that cannot be written so without a loss.
 */
export function format(
  text: string,
  names: Registry,
  options: FormatOptions = {},
): Either<readonly Diagnostic[], string> {
  const read = parse(text, names, options)
  if (isLeft(read)) return read
  const schema = formatSchema(names)
  const source = new Source(text.startsWith("\uFEFF") ? text.slice(1) : text, options.file)
  const from: Spelling = /^\s*[{[]/.test(source.text) && jsonTree(source.text) !== undefined ? "json" : "yaml"
  const { to = from } = options
  const made = attempt(source, () => {
    const text = from === to ? source.text : respelt[to](source.text)
    return canonical[to](text, schema)
  })
  if (isLeft(made)) return made
  const refuse = (code: string, message: string, hint: string, at: number): Either<readonly Diagnostic[], string> => {
    const range = { start: at, end: at + 1 }
    return left([diagnostic(source, range, { severity: "error", code, message, hint, path: "" })])
  }
  const again = parse(made.right, names, options)
  if (isLeft(again)) {
    const { code = "unformattable", message = "it cannot be read again", hint = "" } = again.left[0] ?? {}
    return refuse(code, `as ${to.toUpperCase()} it could not be read: ${message}`, hint, 0)
  }
  if (print(again.right) !== print(read.right)) {
    const message = "in the order of its keys the document would mean something else"
    return refuse("unformattable", message, "write out what stands under an alias (`*name`)", 0)
  }
  const lost = from === "json" || to === "json" ? undefined : missing(commentsOf(source.text), commentsOf(made.right))
  if (lost === undefined) return right(made.right)
  const hint = "put it on a line of its own, above what it is about"
  return refuse("comment", `the comment ${lost} has no place in the canonical form`, hint, source.text.indexOf(lost))
}

const canonical = { yaml: canonicalYaml, json: canonicalJson } as const

/** YAML of JSON, and JSON of YAML: the same tree. */
const respelt = {
  yaml: (text: string) => yamlText(JSON.parse(text)),
  json: (text: string) => JSON.stringify(plain(yamlTree(text))),
} as const

function attempt(source: Source, make: () => string): Either<readonly Diagnostic[], string> {
  try {
    return right(make())
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const { code, message, range, hint } = error
    const said = { severity: "error", code, message, path: "", ...(hint === undefined ? {} : { hint }) } as const
    return left([diagnostic(source, range, said)])
  }
}

/** The first of some texts that is not among the others, each counted as often as it is there. */
function missing(before: readonly string[], after: readonly string[]): string | undefined {
  const left = new Map<string, number>()
  for (const text of after) left.set(text, (left.get(text) ?? 0) + 1)
  return before.find((text) => {
    const count = left.get(text) ?? 0
    left.set(text, count - 1)
    return count === 0
  })
}
