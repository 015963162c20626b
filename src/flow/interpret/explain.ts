import { nodeOf } from "../build.js"
import { items } from "../../data/rope.js"
import { fold } from "../fold.js"
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

/** A line of the outline: how deep it stands, what it says, and of which place in the flow. */
export interface OutlineLine {
  readonly depth: number
  readonly text: string
  /** `""` where the line is of no place, or of the flow as a whole. */
  readonly path: string
}

/** A flow in words, line by line; what stands too deep is counted. */
export function outlineOf(flow: AnyFlow): readonly OutlineLine[] {
  const parts = partsOf(nodeOf(flow))
  const known = parts.size > mostParts ? repeats(parts, isLong, again) : undefined
  const out: OutlineLine[] = []
  let depth = 0
  let hidden = 0
  const tellHidden = (): void => {
    const text = `… ${hidden.toLocaleString("en-US")} more ${hidden === 1 ? "line" : "lines"}`
    if (hidden > 0) out.push({ depth: deepest + 1, text, path: "" })
    hidden = 0
  }
  for (const item of items(linesOf(fold(nodeOf(flow), outline(), known)))) {
    if (item === "in") depth++
    else if (item === "out") depth--
    else if (depth > deepest) hidden++
    else {
      tellHidden()
      out.push({ depth, text: cut(item.text, 240), path: item.path })
    }
  }
  tellHidden()
  return out
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
export function explain(flow: AnyFlow): string {
  return outlineOf(flow)
    .map(({ depth, text, path }) => `${"  ".repeat(depth)}${text}${path === "" ? "" : `  [${cutTail(path)}]`}`)
    .join("\n")
}
