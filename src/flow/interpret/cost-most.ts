import { join, joinAll, type Rope } from "../../data/rope.js"
import { highest, plus, scaled, type Tally, times } from "./cost-tally.js"

/** The figures of a cost, as `unbounded` names them. */
export type FigureName = "calls" | "requests" | "tokens" | "usd" | "latency"

/** Something that has no bound, and why: the agent that declares none, or the place that repeats without end. */
export interface Unbounded {
  readonly path: string
  readonly agent?: string
  readonly figure: FigureName
}

/** The most that a part can take; `Infinity` where nothing bounds it. */
export interface Most {
  readonly asks: number
  readonly byAgent: Tally
  readonly requests: number
  readonly tokens: number
  readonly usd: number
  /** Milliseconds. */
  readonly latency: number
  /** Asks at one time. */
  readonly concurrency: number
  readonly loose: Rope<Unbounded>
  /** What is unbounded in latency: a deadline around it mends that. */
  readonly late: Rope<Unbounded>
}

export const nothing = (): Most => ({
  asks: 0,
  byAgent: new Map(),
  requests: 0,
  tokens: 0,
  usd: 0,
  latency: 0,
  concurrency: 0,
  loose: undefined,
  late: undefined,
})

type Mix = (a: number, b: number) => number
const add: Mix = (a, b) => a + b

interface How {
  readonly amounts: Mix
  readonly tallies: (a: Tally, b: Tally) => Tally
  readonly latency: Mix
  readonly concurrency: Mix
}

const mix = (parts: readonly Most[], how: How): Most =>
  parts.reduce(
    (a, b) => ({
      asks: how.amounts(a.asks, b.asks),
      byAgent: how.tallies(a.byAgent, b.byAgent),
      requests: how.amounts(a.requests, b.requests),
      tokens: how.amounts(a.tokens, b.tokens),
      usd: how.amounts(a.usd, b.usd),
      latency: how.latency(a.latency, b.latency),
      concurrency: how.concurrency(a.concurrency, b.concurrency),
      loose: join(a.loose, b.loose),
      late: join(a.late, b.late),
    }),
    nothing(),
  )

// Each consumes its parts.

/** Parts that run one after the other. */
export const inTurn = (parts: readonly Most[]): Most =>
  mix(parts, { amounts: add, tallies: plus, latency: add, concurrency: Math.max })

/** Parts that run at the same time. */
export const together = (parts: readonly Most[]): Most =>
  mix(parts, { amounts: add, tallies: plus, latency: Math.max, concurrency: add })

/** Parts of which one runs. */
export const oneOf = (parts: readonly Most[]): Most =>
  mix(parts, { amounts: Math.max, tallies: highest, latency: Math.max, concurrency: Math.max })

/** A part that runs up to `by` times in a row, and what is unbounded by it when `by` is `Infinity`. */
export function repeated(part: Most, by: number, path: string): Most {
  const endless = (figure: FigureName, amount: number): Rope<Unbounded> =>
    by === Infinity && amount > 0 ? { of: { path, figure } } : undefined
  return {
    asks: times(part.asks, by),
    byAgent: scaled(part.byAgent, by),
    requests: times(part.requests, by),
    tokens: times(part.tokens, by),
    usd: times(part.usd, by),
    latency: times(part.latency, by),
    concurrency: part.concurrency,
    loose: joinAll([
      part.loose,
      endless("calls", part.asks),
      endless("requests", part.requests),
      endless("tokens", part.tokens),
      endless("usd", part.usd),
    ]),
    late: join(part.late, endless("latency", part.latency)),
  }
}

/** Members of a quorum, with up to `max` second copies, each started `after` so many milliseconds. */
export function hedged(parts: readonly Most[], after: number, max: number): Most {
  const copies = oneOf(parts.map((part) => ({ ...part, byAgent: new Map(part.byAgent) })))
  const of = together(parts)
  return {
    asks: of.asks + times(copies.asks, max),
    byAgent: plus(of.byAgent, scaled(copies.byAgent, max)),
    requests: of.requests + times(copies.requests, max),
    tokens: of.tokens + times(copies.tokens, max),
    usd: of.usd + times(copies.usd, max),
    latency: of.latency > after ? of.latency + after : of.latency,
    concurrency: of.concurrency + times(copies.concurrency, max),
    loose: of.loose,
    late: of.late,
  }
}

/** A part with a deadline. */
export const within = (part: Most, ms: number): Most => ({
  ...part,
  latency: Math.min(part.latency, ms),
  late: undefined,
})
