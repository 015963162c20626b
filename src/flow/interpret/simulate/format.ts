import type { Spread } from "./figures.js"
import type { Simulation } from "./totals.js"

type Show = (value: number) => string

const rounded = (value: number, digits: number): string =>
  value.toLocaleString("en-US", { maximumSignificantDigits: digits, useGrouping: true })

/** Milliseconds for people, to three digits. */
const time: Show = (ms) => {
  const units = [
    ["ms", 1, 1_000],
    ["s", 1_000, 120],
    ["m", 60_000, 120],
  ] as const
  for (const [unit, size, below] of units) if (ms / size < below) return `${rounded(ms / size, 3)}${unit}`
  return `${rounded(ms / 3_600_000, 3)}h`
}
const count: Show = (value) =>
  value >= 1_000 ? value.toLocaleString("en-US", { maximumFractionDigits: 0 }) : rounded(value, 3)
const money: Show = (value) => (value === 0 ? "$0" : `$${value < 1 ? rounded(value, 3) : value.toFixed(2)}`)
const percent: Show = (share) => `${(share * 100).toFixed(2)}%`
const often: Show = (value) => value.toLocaleString("en-US")

const columns = ["mean", "p50", "p90", "p95", "p99", "max"] as const
/** How many agents are listed: the rest is counted. */
const shown = 20

const clip = (name: string, most = 40): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name)

function listed(names: readonly string[]): string {
  const rest = names.length - shown
  return [...names.slice(0, shown).map((name) => clip(name)), ...(rest > 0 ? [`${rest} more`] : [])].join(", ")
}

/**
 * A simulation as a short aligned table for people: how the latency, the asks, tokens and dollars of a run are spread,
 * how often it succeeds, and how it fails. No line ends with a blank, nor the text with a line break.
 *
 * @example
 * ```ts
 * import { formatSimulation, simulate, sleep } from "troupe/flow"
 * const [told] = formatSimulation(await simulate(sleep(1_500), { runs: 10 })).split("\n")
 * told // "10 runs, seed 1: 100.00% succeed (72.25% to 100.00%)"
 * ```
 */
export function formatSimulation(simulation: Simulation): string {
  const { runs, seed, success, latency, successLatency, calls, callsByAgent, tokens, usd, mean } = simulation
  const row = (name: string, spread: Spread, show: Show): string[] => [name, ...columns.map((c) => show(spread[c]))]
  const agents = Object.entries(callsByAgent)
  const some = success.rate > 0 && success.rate < 1
  const rows = [
    ["", ...columns],
    row("latency", latency, time),
    ...(some ? [row("  of successes", successLatency, time)] : []),
    row("calls", calls, count),
    ...(agents.length > 1 ? agents.slice(0, shown).map(([agent, asks]) => [`  ${clip(agent)}`, count(asks)]) : []),
    ...(agents.length > shown
      ? [[`  … ${agents.length - shown} more ${agents.length === shown + 1 ? "agent" : "agents"}`]]
      : []),
    ...(tokens.max > 0 ? [row("tokens", tokens, count)] : []),
    ...(usd.max > 0 ? [row("money", usd, money)] : []),
    ...(["aborted", "hedged", "retried"] as const).flatMap((what) =>
      mean[what] > 0 ? [[`${what} asks`.replace("hedged asks", "hedged copies"), count(mean[what])]] : [],
    ),
  ]
  const share = `${percent(success.rate)} succeed (${percent(success.low)} to ${percent(success.high)})`
  return [
    `${often(runs)} ${runs === 1 ? "run" : "runs"}, seed ${seed}: ${share}`,
    ...aligned(rows),
    ...notes(simulation),
  ].join("\n")
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const widths = ["", ...columns].map((_, i) => width(i))
  return rows.map(([name = "", ...figures]) =>
    [name.padEnd(widths[0] ?? 0), ...figures.map((figure, i) => figure.padStart(widths[i + 1] ?? 0))]
      .join("  ")
      .trimEnd(),
  )
}

function notes({ faults, causes, waiting, unprofiled }: Simulation): string[] {
  const ends = Object.entries(faults).map(([tag, times]) => `${tag} ${often(times)}`)
  return [
    ...(ends.length > 0 ? [`faults: ${ends.join(", ")}`] : []),
    ...Object.entries(causes).map(([tag, cause]) => `  the first ${tag} ${clip(cause, 200)}`),
    ...(waiting > 0 ? [`waiting for an answer from outside: ${often(waiting)}`] : []),
    ...(unprofiled.length > 0 ? [`no profile, so at once and never failing: ${listed(unprofiled)}`] : []),
  ]
}
