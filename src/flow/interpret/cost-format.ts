import { formatDuration } from "../../data/duration.js"
import { own } from "../../data/json.js"
import type { Cost, Figure, Figures } from "./cost.js"

type Show = (value: number) => string

const whole: Show = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 })
const money: Show = (value) => `$${value.toLocaleString("en-US", { maximumFractionDigits: value < 1 ? 4 : 2 })}`

const show = ({ value, kind }: Figure, how: Show): string =>
  value === null ? "unbounded" : `${kind === "estimate" ? "~" : ""}${how(value)}`

/** How many agents a table lists, and how many reasons: the rest is counted. */
const shown = 20

/**
 * A cost as a short aligned table for people: what a run takes at the least and at the most, and why a figure has no
 * bound. No line ends with a blank, nor the text with a line break.
 *
 * @example
 * ```ts
 * import { cost, formatCost, pure } from "troupe/flow"
 * formatCost(cost(pure(3))).split("\n")[1] // "calls            0     0"
 * ```
 */
export function formatCost(cost: Cost): string {
  const row = (name: string, pick: (figures: Figures) => Figure, how: Show): string[] => [
    name,
    show(pick(cost.least), how),
    show(pick(cost.most), how),
  ]
  const none: Figure = { value: 0, kind: "bound" }
  const agents = Object.keys(cost.most.calls.byAgent)
  const rows = [
    ["", "least", "most"],
    row("calls", (f) => f.calls.total, whole),
    ...agents
      .slice(0, shown)
      .map((agent) => row(`  ${clip(agent)}`, (f) => own(f.calls.byAgent, agent) ?? none, whole)),
    ...(agents.length > shown ? [[`  … ${agents.length - shown} more agents`, "", ""]] : []),
    row("model calls", (f) => f.requests, whole),
    row("tokens", (f) => f.tokens, whole),
    row("money", (f) => f.usd, money),
    row("latency", (f) => f.latency, formatDuration),
    row("at one time", (f) => f.concurrency, whole),
  ]
  return [...aligned(rows), ...why(cost)].join("\n")
}

const clip = (name: string): string => (name.length > 40 ? `${name.slice(0, 39)}…` : name)

function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const widths = [width(0), width(1), width(2)]
  return rows.map(([name = "", ...figures]) =>
    [name.padEnd(widths[0] ?? 0), ...figures.map((figure, i) => figure.padStart(widths[i + 1] ?? 0))]
      .join("  ")
      .trimEnd(),
  )
}

const words: Readonly<Record<string, string>> = { requests: "model calls", usd: "money" }

/** One line for the agents and places that leave the same figures open. */
function why({ unbounded }: Cost): string[] {
  const open = new Map<string, string[]>()
  for (const { path, agent, figure } of unbounded) {
    const who = agent === undefined ? `the flow${path === "" ? "" : ` at ${path}`}` : clip(agent)
    open.set(who, [...(open.get(who) ?? []), words[figure] ?? figure])
  }
  const alike = new Map<string, string[]>()
  for (const [who, figures] of open) {
    const key = figures.join(", ")
    alike.set(key, [...(alike.get(key) ?? []), who])
  }
  return [...alike].map(([figures, who]) => {
    const rest = who.length - shown
    const names = rest > 0 ? [...who.slice(0, shown), `${rest} more`] : who
    return `no bound of ${figures}: ${names.join(", ")} ${who.length > 1 ? "declare" : "declares"} none`
  })
}
