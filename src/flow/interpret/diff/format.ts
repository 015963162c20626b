import type { Diff } from "./diff.js"
import { movedWords } from "./figures.js"

/**
 * A diff as lines for a person: what changed, what nobody can compare, which figures of the cost moved.
 *
 * @example
 * ```ts
 * import { lift, named } from "troupe"
 * import { diff, formatDiff } from "troupe/flow"
 * const flow = lift(named("size", (text: string) => text.length))
 * formatDiff(diff(flow, flow.note("letters"))) // "nothing but layout"
 * ```
 */
export function formatDiff({ same, changes, cost, uncomparable }: Diff): string {
  if (same) return "nothing but layout"
  return [...inWords({ changes, uncomparable }), ...cost.map((moved) => `cost: ${movedWords(moved)}`)].join("\n")
}

/** What changed, and what nobody can compare, one text each. */
export function inWords({ changes, uncomparable }: Pick<Diff, "changes" | "uncomparable">): readonly string[] {
  const lines = changes.map(({ message }) => message)
  const unknown = uncomparable.map(
    ({ path, side }) =>
      `cannot compare: a function without a name ${path === "" ? "at the root" : `at ${path}`}, ${side === "before" ? "as it was" : "as it is now"}`,
  )
  return [...lines, ...unknown]
}

/** A diff as Markdown: a list for the description of a pull request. */
export function diffMarkdown(diff: Diff): string {
  if (diff.same) return "Nothing but layout."
  return formatDiff(diff)
    .split("\n")
    .map((line) => `- ${line.replace(/[\\`*_{}[\]<>|#]/g, "\\$&")}`)
    .join("\n")
}
