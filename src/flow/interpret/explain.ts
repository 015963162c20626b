import { nodeOf } from "../build.js"
import { items } from "../../data/rope.js"
import { fold } from "../fold.js"
import type { Params } from "../runtime.js"
import type { AnyFlow } from "../types.js"
import { again, linesOf, type Outline, outline } from "./explain-algebra.js"
import { cut } from "./explain-words.js"
import { mostParts, partsOf, repeats } from "./repeats.js"

/** A path that nobody reads to its end is cut at its beginning. */
const cutTail = (path: string): string => (path.length > 200 ? `…${path.slice(-199)}` : path)

/** Deeper lines are only counted. */
const deepest = 20

/** Whether a part takes more than a few lines. */
const isLong = ({ rest }: Outline): boolean => rest !== undefined

/** What an outline is told for: values of parameters stand in the place of their names, where flows count by them. */
export interface ExplainOptions {
  readonly params?: Params
}

/** One line of an outline. `path` is where in the flow it belongs, `""` for a heading. */
export interface OutlineLine {
  /** How far it is indented: 0 for the outermost. */
  readonly level: number
  readonly text: string
  readonly path: string
}

/**
 * A flow in words: an indented outline, one line for a step, with its path in brackets. What stands more than 20 levels
 * deep is counted, not told.
 *
 * @example
 * ```ts
 * import { explain, pure } from "troupe/flow"
 * explain(pure(3)) // "give 3"
 * explain(pure(3).timeout(1_000)) // "give 3, at most 1s"
 * ```
 */
export function explain(flow: AnyFlow, options: ExplainOptions = {}): string {
  return outlineOf(flow, options)
    .map(({ level, text, path }) => `${"  ".repeat(level)}${text}${path === "" ? "" : `  [${cutTail(path)}]`}`)
    .join("\n")
}

/** The lines of the outline that `explain` gives as one text. */
export function outlineOf(flow: AnyFlow, { params = {} }: ExplainOptions = {}): readonly OutlineLine[] {
  const parts = partsOf(nodeOf(flow))
  const known = parts.size > mostParts ? repeats(parts, isLong, again) : undefined
  const out: OutlineLine[] = []
  let level = 0
  let hidden = 0
  const tellHidden = (): void => {
    if (hidden === 0) return
    const text = `… ${hidden.toLocaleString("en-US")} more ${hidden === 1 ? "line" : "lines"}`
    out.push({ level: deepest + 1, text, path: "" })
    hidden = 0
  }
  for (const item of items(linesOf(fold(nodeOf(flow), outline(params), known)))) {
    if (item === "in") level++
    else if (item === "out") level--
    else if (level > deepest) hidden++
    else {
      tellHidden()
      out.push({ level, text: cut(item.text, 240), path: item.path })
    }
  }
  tellHidden()
  return out
}
