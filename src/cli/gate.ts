import { formatAmount } from "../flow/interpret/cost-format.js"
import type { Cost, Figures } from "../flow/interpret/cost.js"
import { Refused } from "./exit.js"

/** The figures that `cost` can hold against a limit, with the option that sets it. */
const limits = [
  { figure: "calls", option: "--max-calls", key: "maxCalls" },
  { figure: "requests", option: "--max-requests", key: "maxRequests" },
  { figure: "tokens", option: "--max-tokens", key: "maxTokens" },
  { figure: "usd", option: "--max-usd", key: "maxUsd" },
] as const

/** The options of a gate, as they were typed. */
export type GateOptions = { readonly [K in (typeof limits)[number]["key"]]?: string }

/** The most that a run may take of each figure that is limited. Refuses what is no amount. */
export function readGate(options: GateOptions): ReadonlyMap<string, number> {
  const gate = new Map<string, number>()
  for (const { figure, option, key } of limits) {
    const text = options[key]
    if (text === undefined) continue
    const most = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(most) || (figure !== "usd" && !Number.isSafeInteger(most))) {
      const expected = figure === "usd" ? "an amount of US dollars, such as 2.50" : "a whole number, 0 or more"
      throw new Refused(`${option} ${text}: expected ${expected}`)
    }
    gate.set(figure, most)
  }
  return gate
}

const names = { calls: "calls", requests: "model calls", tokens: "tokens", usd: "money" } as const

/** How many agents and places a message names. */
const shown = 5

/** What a cost exceeds of a gate, one message each. What has no bound exceeds every limit. */
export function exceeded({ most, unbounded }: Cost, gate: ReadonlyMap<string, number>): string[] {
  return limits.flatMap(({ figure, option }) => {
    const limit = gate.get(figure)
    if (limit === undefined) return []
    const { value } = figure === "calls" ? most.calls.total : most[figure]
    const name = names[figure]
    const allowed = `${option} allows ${formatAmount(figure, limit)}`
    if (value === null) {
      const why = unbounded.filter((open) => open.figure === figure)
      const who = why.map(({ agent, path }) => agent ?? (path === "" ? "the flow" : `the flow at ${path}`))
      const rest = who.length > shown ? [`${who.length - shown} more`] : []
      return [`${name}: no bound, by ${[...who.slice(0, shown), ...rest].join(", ")}; ${allowed}`]
    }
    if (value <= limit) return []
    const by = formatAmount(figure, Number((value - limit).toPrecision(12)))
    return [
      `${name}: up to ${formatAmount(figure, value)}, ${by} more than ${option} allows (${formatAmount(figure, limit)})`,
    ]
  })
}

/** What even the least of a cost exceeds, one message each. */
export function tooMuch(least: Figures, gate: ReadonlyMap<string, number>): string[] {
  return limits.flatMap(({ figure, option }) => {
    const limit = gate.get(figure)
    const value = (figure === "calls" ? least.calls.total : least[figure]).value ?? Number.POSITIVE_INFINITY
    if (limit === undefined || value <= limit) return []
    const name = names[figure]
    return [`${name}: at least ${formatAmount(figure, value)}; ${option} allows ${formatAmount(figure, limit)}`]
  })
}
