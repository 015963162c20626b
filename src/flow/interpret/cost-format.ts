import { formatDuration } from "../../data/duration.js"
import { own } from "../../data/json.js"
import type { Cost, Figure, Figures } from "./cost.js"
import type { CriticalStep } from "./cost-critical.js"

type Show = (value: number) => string

const whole: Show = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 })
const money: Show = (value) => {
  const digits = Number.isInteger(value) ? 0 : 2
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: value < 1 ? 4 : 2 })}`
}
const share: Show = (value) => `${(value * 100).toLocaleString("en-US", { maximumFractionDigits: 2 })}%`

/** An amount of a figure, for people: `1,200`, `$0.25`. */
export const formatAmount = (figure: string, value: number): string => (figure === "usd" ? money(value) : whole(value))

const show = ({ value, kind }: Figure, how: Show): string =>
  value === null ? "unbounded" : `${kind === "estimate" ? "~" : ""}${how(value)}`

/** How many agents a table lists, and how many reasons: the rest is counted. */
const shown = 20
/** How many steps of the critical path are listed. */
const steps = 6

/**
 * A cost as a short aligned table for people: what a run takes at the least and at the most, which way takes longest, and
 * why a figure has no bound. Estimates begin with `~`. No line ends with a blank, nor the text with a line break.
 *
 * @example
 * ```ts
 * import { cost, formatCost, pure } from "troupe/flow"
 * formatCost(cost(pure(3))).split("\n")[1] // "calls            0     0"
 * ```
 */
export function formatCost(cost: Cost): string {
  const row = (name: string, pick: (figures: Figures) => Figure, how: Show): Row => [
    name,
    show(pick(cost.least), how),
    show(pick(cost.most), how),
  ]
  const none: Figure = { value: 0, kind: "bound" }
  const agents = Object.keys(cost.most.calls.byAgent)
  const rows: Row[] = [
    ["", "least", "most"],
    row("calls", (f) => f.calls.total, whole),
    ...agents
      .slice(0, shown)
      .map((agent) => row(`  ${clip(agent)}`, (f) => own(f.calls.byAgent, agent) ?? none, whole)),
    ...(agents.length > shown
      ? [[`  … ${agents.length - shown} more ${agents.length === shown + 1 ? "agent" : "agents"}`, "", ""] as const]
      : []),
    row("model calls", (f) => f.requests, whole),
    row("tokens", (f) => f.tokens, whole),
    row("money", (f) => f.usd, money),
    row("latency", (f) => f.latency, formatDuration),
    row("at one time", (f) => f.concurrency, whole),
  ]
  return [...aligned(rows), ...likely(cost), ...longest(cost), ...why(cost)].join("\n")
}

type Row = readonly [name: string, least: string, most: string]

const clip = (name: string): string => (name.length > 40 ? `${name.slice(0, 39)}…` : name)

function aligned(rows: readonly Row[]): string[] {
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length))
  const [names, left, right] = [width(0), width(1), width(2)]
  return rows.map(([name, least, most]) =>
    `${name.padEnd(names)}  ${least.padStart(left)}  ${most.padStart(right)}`.trimEnd(),
  )
}

function likely({ success }: Cost): string[] {
  if (success === undefined) return []
  return [success.value === null ? "success: not known" : `success: ${show(success, share)}`]
}

const place = (path: string): string => `the flow${path === "" ? "" : ` at ${path}`}`

/** Where there is one step alone, the table says it already; unless it tells what has no bound. */
function longest({ criticalPath }: Cost): string[] {
  const [first, ...others] = criticalPath
  if (first === undefined || (others.length === 0 && first.latency !== null)) return []
  const step = ({ kind, path, agent, times, latency }: CriticalStep): string => {
    const what = kind === "unknown" ? "flow" : kind
    const who = agent === undefined ? `${what} at ${path === "" ? "the root" : path}` : clip(agent)
    const often = times === 1 ? "" : `${times === null ? "" : `${whole(times)} `}× `
    return `${often}${who} ${latency === null ? "unbounded" : formatDuration(latency)}`
  }
  const rest = criticalPath.length - steps
  const more = rest > 0 ? [`${whole(rest)} more steps`] : []
  return [`longest way: ${[...criticalPath.slice(0, steps).map(step), ...more].join(", then ")}`]
}

const words: Readonly<Record<string, string>> = {
  requests: "model calls",
  usd: "money",
  concurrency: "asks at one time",
  success: "failures",
}

/** One line for the agents, and one for the places, that leave the same figures open. */
function why({ unbounded }: Cost): string[] {
  const open = new Map<string, { readonly who: string; readonly agent: boolean; readonly figures: string[] }>()
  for (const { path, agent, figure } of unbounded) {
    const key = agent === undefined ? `/${path}` : `@${agent}`
    const one = open.get(key) ?? {
      who: agent === undefined ? place(path) : clip(agent),
      agent: agent !== undefined,
      figures: [],
    }
    one.figures.push(words[figure] ?? figure)
    open.set(key, one)
  }
  const alike = new Map<string, { readonly who: string[]; readonly agent: boolean; readonly figures: string }>()
  for (const { who, agent, figures } of open.values()) {
    const listed = figures.join(", ")
    const key = `${agent} ${listed}`
    const group = alike.get(key) ?? { who: [], agent, figures: listed }
    group.who.push(who)
    alike.set(key, group)
  }
  return [...alike.values()].map(({ who, agent, figures }) => {
    const rest = who.length - shown
    const names = rest > 0 ? [...who.slice(0, shown), `${rest} more`] : who
    const all = names.join(", ")
    const because = agent
      ? `${all} ${who.length === 1 ? "declares" : "declare"} none`
      : `what ${all} takes is known only as it runs`
    return `no bound of ${figures}: ${because}`
  })
}
