import type { Diagnostic } from "../data/diagnostic.js"
import { offsetInside } from "./inside.js"
import { diagnostic } from "./reading.js"
import type { Source } from "./source.js"
import { type Entry, type Range, type Tree, whereIs } from "./tree.js"

/** What is wrong, without the place. */
export interface Said {
  readonly code: string
  readonly message: string
  readonly severity?: "error" | "warning"
  readonly expected?: string | undefined
  readonly hint?: string | undefined
  readonly related?: Diagnostic["related"]
}

/** A part of a string: offsets in its value. */
export interface Part {
  readonly start: number
  readonly end: number
}

/**
 * Collects everything that is wrong with one document, in the order of the text. One thing is told once, though an alias
 * or a layer of an ensemble may bring it up again.
 */
export class Report {
  readonly source: Source | undefined
  readonly #found: Diagnostic[] = []
  readonly #told = new Set<string>()

  constructor(source: Source | undefined) {
    this.source = source
  }

  /** Something is wrong with a value, or with a part of a text. Gives `undefined`, for the caller to give on. */
  at(tree: Tree, said: Said, part?: Part, path: string = whereIs(tree)): undefined {
    this.#add(this.rangeOf(tree, part), path, said)
  }

  /** Something is wrong with a key. */
  key({ at, value }: Entry, said: Said): undefined {
    this.#add(at ?? value.range, whereIs(value), said)
  }

  /** Something is wrong that stands nowhere in the text. */
  nowhere(path: string, said: Said): undefined {
    this.#add(undefined, path, said)
  }

  rangeOf(tree: Tree, part?: Part): Range | undefined {
    const { range } = tree
    if (range === undefined || this.source === undefined) return undefined
    if (part === undefined || tree.kind !== "scalar" || typeof tree.value !== "string") return range
    const { text } = this.source
    const start = offsetInside(text, range, tree.value, part.start)
    return { start, end: Math.max(start + 1, offsetInside(text, range, tree.value, part.end)) }
  }

  get diagnostics(): readonly Diagnostic[] {
    const place = ({ line = 0, column = 0 }: Diagnostic): number => line * 100_000 + column
    return this.#found.toSorted((a, b) => place(a) - place(b))
  }

  get failed(): boolean {
    return this.#found.some(({ severity }) => severity === "error")
  }

  #add(
    range: Range | undefined,
    path: string,
    { code, message, severity = "error", expected, hint, related }: Said,
  ): void {
    const key = `${code} ${range?.start ?? path} ${message}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#found.push(
      diagnostic(this.source, range, {
        severity,
        code,
        message,
        path,
        ...(expected === undefined ? {} : { expected }),
        ...(hint === undefined ? {} : { hint }),
        ...(related === undefined ? {} : { related }),
      }),
    )
  }
}
