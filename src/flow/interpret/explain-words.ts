import { formatDuration } from "../../data/duration.js"
import { asText } from "../../data/json.js"
import type { AtLeast, Branch, Code, Count, Loop, Pure, Race, Recover, Within } from "../node.js"

// What a diagram and an outline call the same thing.

/** A constant as JSON; what is no JSON, by its kind. */
function constant(value: unknown): string {
  try {
    return typeof value === "string" ? JSON.stringify(value) : asText(value) || String(value)
  } catch {
    return `a value of type ${typeof value}` // a cycle, a bigint
  }
}

export function codeWords(code: Code): string {
  if (code._tag === "Constant") return constant(code.value)
  if (code._tag === "Name") return code.name
  if (code._tag === "Expr") return typeof code.source === "string" ? code.source : JSON.stringify(code.source)
  if (code._tag === "Arity") return `a list of ${code.size}`
  if (code._tag === "Element") return `element ${code.index}`
  return code._tag === "Fn" ? (code.name ?? "function") : `until ${codeWords(code.when)}`
}

export const pureWords = ({ code }: Pure): string => {
  if (code._tag === "Constant") return `= ${codeWords(code)}`
  return code._tag === "Fn" ? `fn ${codeWords(code)}` : codeWords(code)
}

function countWords(count: Count): string {
  if (typeof count === "number") return String(count)
  const { name, minimum, maximum } = count
  return minimum === undefined && maximum === undefined ? name : `${name} (${minimum ?? "…"} to ${maximum ?? "…"})`
}

/** As "3 of 4". */
export const quorumWords = ({ n, of }: AtLeast): string => `${countWords(n)} of ${of.length}`

/** What a quorum does beyond counting, as "b must answer", "aborts the rest after 500ms". */
export function quorumTerms({ settle, grace, required, hedge }: AtLeast, names: readonly string[]): string[] {
  const must = required?.map((index) => names[index] ?? String(index)) ?? []
  return [
    ...(must.length === 0 ? [] : [`${must.join(", ")} must answer`]),
    ...(settle === "all" ? [] : [`aborts the rest${grace === undefined ? "" : ` after ${formatDuration(grace)}`}`]),
    ...(hedge === undefined ? [] : [`up to ${hedge.max} second copies after ${formatDuration(hedge.after)}`]),
  ]
}

export const raceWords = ({ wins }: Race): string => (wins === "settled" ? "first to end wins" : "first success wins")

export const turnsWords = ({ max }: Loop): string => `up to ${countWords(max)} turns`

export const exhaustedWords = ({ exhausted }: Loop): string => (exhausted === "last" ? ", then the last draft" : "")

export const faultWords = ({ on }: Recover): string => `on ${on === undefined ? "fault" : on.join(", ")}`

export const deadlineWords = ({ ms }: Within): string => `at most ${formatDuration(ms)}`

/** What a branch asks; `undefined` where a classifier answers it, which is a flow of its own. */
export function choiceWords({ on }: Branch): string | undefined {
  if ("key" in on) return on.key
  return "by" in on ? undefined : codeWords(on.code)
}
