import { cutToColumns } from "../../data/columns.js"
import { formatDuration } from "../../data/duration.js"
import { asText, isRecord } from "../../data/json.js"
import type {
  All,
  AtLeast,
  Branch,
  Code,
  Count,
  Divert,
  Guard,
  Limit,
  Loop,
  Pure,
  Race,
  Recover,
  Retry,
  Sleep,
  Suspend,
  Traverse,
  Within,
} from "../node.js"
import type { Expr } from "../expr.js"

// What a diagram and an outline call the same thing.

/** A text on one line, cut to so many columns. */
export const cut = (text: string, columns: number): string =>
  cutToColumns(
    text
      .slice(0, 4 * columns)
      .replace(/\s+/g, " ")
      .trim(),
    columns,
  )

/** A constant as JSON; what is no JSON, by its kind. */
function constant(value: unknown): string {
  try {
    if (typeof value === "string") return JSON.stringify(value)
    const text = asText(value) || String(value)
    return isRecord(value) && text.length > 30 ? fieldWords(Object.keys(value)) : text
  } catch {
    return `a value of type ${typeof value}` // a cycle, a bigint
  }
}

/** A record of templates by its keys, for the rest is in the document; any other expression as it is written. */
function exprWords({ source }: Expr): string {
  if (typeof source === "string") return source
  return isRecord(source) && Object.keys(source).length > 0 ? fieldWords(Object.keys(source)) : JSON.stringify(source)
}

/** As "{ draft, ok, notes }". */
const fieldWords = (keys: readonly string[]): string => `{ ${keys.join(", ")} }`

export function codeWords(code: Code): string {
  if (code._tag === "Constant") return constant(code.value)
  if (code._tag === "Name") return code.name
  if (code._tag === "Expr") return exprWords(code)
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
    ...(hedge === undefined
      ? []
      : [`up to ${hedge.max} second ${hedge.max === 1 ? "copy" : "copies"} after ${formatDuration(hedge.after)}`]),
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

/** As "all 3". */
export const allWords = ({ of }: All): string => `all ${of.length}`

export const splitWords = (size: number): string => `a list of ${size}, an element to each`

/** What a node whose members run at once gives: a record by its keys. */
export const recordWords = ({ keys }: All): string => (keys === undefined ? "together" : fieldWords(keys))

/** As "for each, at least 3 must succeed (4 at a time)". */
export function elementsWords({ concurrency, atLeast }: Traverse): string {
  const enough = atLeast === undefined ? "" : `, at least ${countWords(atLeast)} must succeed`
  return `for each${enough}${concurrency === undefined ? "" : ` (${concurrency} at a time)`}`
}

/** As "again on fault, up to 3 times, after 500ms, doubling to 1m". */
export function retryWords({ times, on, base, max, backoff }: Retry): string {
  const most = `up to ${countWords(times)} ${times === 1 ? "time" : "times"}`
  const last = typeof times === "number" ? base * 2 ** (times - 1) : Infinity
  const doubling =
    backoff === "constant" || last <= base ? "" : `, doubling${last > max ? ` to ${formatDuration(max)}` : ""}`
  const wait = base === 0 ? "" : `, after ${formatDuration(base)}${doubling}`
  return `again on ${on === undefined ? "fault" : on.join(", ")}, ${most}${wait}`
}

/** As "limit: 4 at a time, 100 asks, $2". */
export function limitWords({ concurrency, calls, tokens, usd }: Limit): string {
  const words = [
    concurrency !== undefined && `${whole(concurrency)} at a time`,
    calls !== undefined && `${whole(calls)} ${calls === 1 ? "ask" : "asks"}`,
    tokens !== undefined && `${whole(tokens)} tokens`,
    usd !== undefined && `$${usd}`,
  ].filter((text) => typeof text === "string")
  return `limit: ${words.join(", ")}`
}

const whole = (count: number): string => count.toLocaleString("en-US")

export function sideWords({ how, when }: Divert): string {
  if (how !== "divertTo") return how
  return when === undefined ? "divert" : `divert where ${codeWords(when)}`
}

/** What a guard asks; with a check of its own, what that one answered. */
export const guardWords = ({ check }: Guard): string => ("by" in check ? "passes?" : `${codeWords(check.code)}?`)

export const suspendWords = ({ name }: Suspend): string =>
  `wait for ${typeof name === "string" ? name : codeWords(name)}`

export const sleepWords = ({ ms }: Sleep): string => `wait ${formatDuration(ms)}`
