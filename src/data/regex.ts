import { createRequire } from "node:module"
import type * as Re2 from "re2js"

interface Pattern {
  /** Whether the pattern occurs in the text. */
  test(text: string): boolean
}

type Engine = typeof Re2.RE2JS

let engine: Engine | undefined

function load(): Engine {
  engine ??= (createRequire(import.meta.url)("re2js") as typeof Re2).RE2JS
  return engine
}

const longest = 1_000
const remembered = 64
const patterns = new Map<string, Pattern | string>()

/**
 * A regular expression in RE2's syntax, matched in time linear in the text; or what is wrong with it.
 *
 * The engine is loaded on first use.
 */
export function linearPattern(source: string): Pattern | string {
  const known = patterns.get(source)
  if (known !== undefined) return known
  const made = compile(source)
  const oldest = patterns.keys().next()
  if (patterns.size >= remembered && oldest.done !== true) patterns.delete(oldest.value)
  patterns.set(source, made)
  return made
}

function compile(source: string): Pattern | string {
  if (source.length > longest) return `a pattern has at most ${longest} characters`
  try {
    const compiled = load().compile(source)
    return { test: (text) => compiled.matcher(text).find() }
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error)
  }
}
