import { formatDuration } from "../../../data/duration.js"
import { asText, isRecord } from "../../../data/json.js"
import type { Part, Parts } from "./part.js"

// What a reviewer calls the parts of a flow and what is their own.

const kinds: Readonly<Record<string, string>> = {
  Pure: "map",
  Agent: "ask",
  Fail: "fail",
  Seq: "steps",
  Unit: "steps",
  FlatMap: "flat_map",
  All: "all",
  Traverse: "for_each",
  AtLeast: "quorum",
  Race: "race",
  Branch: "branch",
  Recover: "recover",
  Loop: "loop",
  Within: "timeout",
  Retry: "retry",
  Limit: "limit",
  Guard: "guard",
  Graph: "graph",
  Call: "flow",
  Suspend: "suspend",
  Sleep: "sleep",
}

const names: Readonly<Record<string, string>> = {
  gives: "value",
  using: "choice",
  systemPrompt: "system prompt",
  maxTokens: "limit of tokens",
  n: "number needed",
  settle: "way to settle",
  grace: "time of grace",
  required: "list of required members",
  hedge: "hedging",
  turns: "number of turns",
  exhausted: "end after the last turn",
  gets: "handler's input",
  on: "condition",
  times: "number of retries",
  base: "first wait",
  max: "longest wait",
  jitter: "random part of the wait",
  calls: "limit of calls",
  tokens: "limit of tokens",
  usd: "limit of money",
  concurrency: "limit at one time",
  atLeast: "number needed",
  how: "kind of side flow",
  when: "condition of the side flow",
  check: "condition of the guard",
  dependsOn: "dependencies",
  wins: "way to win",
  as: "name of the result",
  keys: "order of members",
  ids: "order of members",
}

export const factName = (fact: string): string => names[fact] ?? fact

const durations: ReadonlySet<string> = new Set(["timeout", "sleep", "grace", "base", "max"])
const cut = (text: string, length = 60): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text)
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return `a value of type ${typeof value}`
  }
}

type Texts = Parts["texts"]

/** What a part has as its own, in words. */
export function shown(fact: string, value: unknown, texts: Texts): string {
  if (value === undefined) return "none"
  if (typeof value === "number") {
    if (fact === "usd") return `$${value}`
    return durations.has(fact) ? formatDuration(value) : String(value)
  }
  if (typeof value === "string") return value
  if (Array.isArray(value)) return coded(value, texts)
  if (fact === "hedge" && isRecord(value))
    return `after ${formatDuration(Number(value["after"]))}, at most ${String(value["max"])}`
  return cut(json(value))
}

function coded(value: readonly unknown[], texts: Texts): string {
  const [kind, of] = value
  if (value.length === 2) {
    if (kind === "fn") return of === null ? "a function without a name" : `fn ${asText(of)}`
    if (kind === "expr") return cut(oneLine(texts.get(JSON.stringify(of)) ?? json(of)))
    if (kind === "constant") return cut(json(of))
    if (kind === "name") return String(of)
    if (kind === "arity") return `a list of ${String(of)}`
    if (kind === "element") return `element ${String(of)}`
    if (kind === "param") return `params.${String(of)}`
    if (kind === "until" && Array.isArray(of)) return `until ${coded(of, texts)}`
  }
  return cut(value.some((part) => typeof part === "object") ? json(value) : value.join(", "))
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** By the id of a graph's member, the ids of those that it waits for, in words. */
export function dependencies({ ids, dependsOn }: Part["own"]): ReadonlyMap<string, string> {
  const names = list(ids).map(String)
  const waits = list(dependsOn).map((of) => list(of).map((i) => names[Number(i)] ?? String(i)))
  return new Map(names.map((id, i) => [id, waits[i]?.join(", ") || "nothing"]))
}

/** The part within all that is wrapped around it. */
export function core(part: Part): Part {
  let at = part
  for (let of = inner(at); of !== undefined; of = inner(at)) at = of
  return at
}

export const inner = (part: Part): Part | undefined => (part.kids[0]?.role === "of" ? part.kids[0].part : undefined)

/** The step's id, wherever it stands among what is wrapped around the step. */
export function idOf(part: Part): string | undefined {
  for (let at: Part | undefined = part; at !== undefined; at = inner(at)) if (at.id !== undefined) return at.id
  return undefined
}

/** What a part is about, in a word or two: the agent, the function, the expression. */
export function subject(part: Part, texts: Texts): string {
  const { own, tag } = core(part)
  const about = own["agent"] ?? own["gives"] ?? own["flow"] ?? own["code"]
  const text = about === undefined ? (kinds[tag] ?? tag) : shown("", about, texts)
  return cut(text, 40)
}

/** The part itself, in words: `ask editor`, `timeout 30s`, `map value.draft`. */
export function described(part: Part, texts: Texts): string {
  const { own, tag } = part
  const main = ["agent", "gives", "flow", "code", "timeout", "sleep", "check", "times", "turns", "name", "on"].find(
    (fact) => own[fact] !== undefined,
  )
  const kind = tag === "Divert" ? sides[String(own["how"])] : kinds[tag]
  const text = main === undefined ? "" : ` ${shown(main, own[main], texts)}`
  return `${kind ?? tag}${text}`
}

const sides: Readonly<Record<string, string>> = { tap: "tap", notify: "notify", divertTo: "divert_to" }

/** Where a part stands, as a reviewer finds it: `draft (editor)`, `step 2 (editor)`, `the flow`. */
export function place(part: Part, texts: Texts): string {
  if (part.path === "") return core(part).kids.length === 0 ? `the flow (${subject(part, texts)})` : "the flow"
  const where = /^\d+$/.test(part.path) ? `step ${part.path}` : part.path
  return `${where} (${subject(part, texts)})`
}
