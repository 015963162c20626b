import { join, type Rope, single } from "../../data/rope.js"
import { again, onward, stopAt, type Way } from "./cost-critical.js"
import { highest, plus, scaled, Tally, times, withCopies } from "./cost-tally.js"

/** The figures of a cost, as `unbounded` names them. */
export type FigureName = "calls" | "requests" | "tokens" | "usd" | "latency" | "concurrency"

/** Something that has no bound, and why: the agent that declares none, or the place that has no end. */
export interface Unbounded {
  readonly path: string
  readonly agent?: string
  readonly figure: FigureName | "success"
}

/** Figures that agents declare for one ask. */
export interface PerAsk {
  readonly requests: number
  readonly tokens: number
  readonly usd: number
}

/** What leaves each figure without a bound. */
type Open = Readonly<Record<FigureName, Rope<Unbounded>>>

/** The most that a part can take; `Infinity` where nothing bounds it. */
export interface Most extends PerAsk {
  readonly asks: number
  readonly byAgent: Tally
  /** Asks of agents that nobody knows yet: any of them may be meant. */
  readonly others: number
  /** Milliseconds until the value is known. */
  readonly latency: number
  /** Asks at one time, side flows apart. */
  readonly concurrency: number
  /** Asks of side flows at one time: they may go on beside all that follows. */
  readonly beside: number
  /** The dearest ask. */
  readonly each: PerAsk
  readonly open: Open
  /** What makes the latency. */
  readonly way: Way
}

const nothingEach: PerAsk = { requests: 0, tokens: 0, usd: 0 }

const closed: Open = {
  calls: undefined,
  requests: undefined,
  tokens: undefined,
  usd: undefined,
  latency: undefined,
  concurrency: undefined,
}

export const nothing = (): Most => ({
  asks: 0,
  byAgent: new Tally(),
  others: 0,
  requests: 0,
  tokens: 0,
  usd: 0,
  latency: 0,
  concurrency: 0,
  beside: 0,
  each: nothingEach,
  open: closed,
  way: undefined,
})

/** A wait, which may have no end. */
export const waiting = (path: string, latency: number): Most => ({
  ...nothing(),
  latency,
  open: latency === Infinity ? { ...closed, latency: single({ path, figure: "latency" }) } : closed,
  way: stopAt({ kind: "wait", path, latency }),
})

/** One ask. */
export function askOf(
  agent: string,
  path: string,
  { requests, tokens, usd, latency }: PerAsk & { latency: number },
): Most {
  const without = (figure: FigureName, cap: number): Rope<Unbounded> =>
    cap === Infinity ? single({ path, agent, figure }) : undefined
  return {
    asks: 1,
    byAgent: Tally.of(agent, 1),
    others: 0,
    requests,
    tokens,
    usd,
    latency,
    concurrency: 1,
    beside: 0,
    each: {
      requests,
      tokens,
      usd,
    },
    open: {
      calls: undefined,
      requests: without("requests", requests),
      tokens: without("tokens", tokens),
      usd: without("usd", usd),
      latency: without("latency", latency),
      concurrency: undefined,
    },
    way: stopAt({
      kind: "ask",
      path,
      agent,
      latency,
    }),
  }
}

/** A flow of which nothing is known. */
export function anything(path: string): Most {
  const at = (figure: FigureName): Rope<Unbounded> => single({ path, figure })
  return {
    ...nothing(),
    asks: Infinity,
    others: Infinity,
    requests: Infinity,
    tokens: Infinity,
    usd: Infinity,
    latency: Infinity,
    concurrency: Infinity,
    beside: Infinity,
    each: {
      requests: Infinity,
      tokens: Infinity,
      usd: Infinity,
    },
    open: {
      calls: at("calls"),
      requests: at("requests"),
      tokens: at("tokens"),
      usd: at("usd"),
      latency: at("latency"),
      concurrency: at("concurrency"),
    },
    way: stopAt({
      kind: "unknown",
      path,
      latency: Infinity,
    }),
  }
}

function openBoth(a: Open, b: Open): Open {
  if (a === closed) return b
  if (b === closed) return a
  return {
    calls: join(a.calls, b.calls),
    requests: join(a.requests, b.requests),
    tokens: join(a.tokens, b.tokens),
    usd: join(a.usd, b.usd),
    latency: join(a.latency, b.latency),
    concurrency: join(a.concurrency, b.concurrency),
  }
}

const dearest = (a: PerAsk, b: PerAsk): PerAsk => ({
  requests: Math.max(a.requests, b.requests),
  tokens: Math.max(a.tokens, b.tokens),
  usd: Math.max(a.usd, b.usd),
})

type Mix = (a: number, b: number) => number
const add: Mix = (a, b) => a + b

interface How {
  readonly amounts: Mix
  readonly tallies: (a: Tally, b: Tally) => Tally
  readonly concurrency: Mix
  /** Whether the latencies add up, or the longer one counts. */
  readonly inTurn: boolean
}

const mix = ([first = nothing(), ...others]: readonly Most[], { amounts, tallies, concurrency, inTurn }: How): Most =>
  others.reduce(
    (a, b) => ({
      asks: amounts(a.asks, b.asks),
      byAgent: tallies(a.byAgent, b.byAgent),
      others: amounts(a.others, b.others),
      requests: amounts(a.requests, b.requests),
      tokens: amounts(a.tokens, b.tokens),
      usd: amounts(a.usd, b.usd),
      latency: inTurn ? a.latency + b.latency : Math.max(a.latency, b.latency),
      concurrency: concurrency(a.concurrency, b.concurrency),
      beside: amounts(a.beside, b.beside),
      each: dearest(a.each, b.each),
      open: openBoth(a.open, b.open),
      way: inTurn ? onward(a.way, b.way) : a.latency >= b.latency ? a.way : b.way,
    }),
    first,
  )

// Each consumes its parts.

/** Parts that run one after the other. */
export const inTurn = (parts: readonly Most[]): Most =>
  mix(parts, { amounts: add, tallies: plus, concurrency: Math.max, inTurn: true })

/** Parts that run at the same time. */
export const together = (parts: readonly Most[]): Most =>
  mix(parts, { amounts: add, tallies: plus, concurrency: add, inTurn: false })

/** Parts of which one runs. */
export const oneOf = (parts: readonly Most[]): Most =>
  mix(parts, { amounts: Math.max, tallies: highest, concurrency: Math.max, inTurn: false })

/** A part, and another that goes on beside all that follows and holds up no value. */
export const aside = (of: Most, side: Most): Most =>
  inTurn([
    of,
    {
      ...side,
      latency: 0,
      way: undefined,
      open: {
        ...side.open,
        latency: undefined,
      },
      concurrency: 0,
      beside: side.concurrency + side.beside,
    },
  ])

/** How often a part runs in all, how often in a row, and how many of it at one time. */
interface Repeats {
  readonly times: number
  readonly rounds?: number
  readonly atOnce?: number
}

/** A part that runs more than once, and what is unbounded by it where nothing bounds how often. */
export function repeated(part: Most, { times: by, rounds = by, atOnce = 1 }: Repeats, path: string): Most {
  if (by === 0) return nothing()
  const endless = (figure: FigureName, ...amounts: ReadonlyArray<readonly [number, number]>): Rope<Unbounded> =>
    amounts.some(([amount, often]) => often === Infinity && amount > 0) ? single({ path, figure }) : undefined
  return {
    ...part,
    asks: times(part.asks, by),
    byAgent: scaled(part.byAgent, by),
    others: times(part.others, by),
    requests: times(part.requests, by),
    tokens: times(part.tokens, by),
    usd: times(part.usd, by),
    latency: times(part.latency, rounds),
    concurrency: times(part.concurrency, atOnce),
    beside: times(part.beside, by),
    open: openBoth(part.open, {
      calls: endless("calls", [part.asks, by]),
      requests: endless("requests", [part.requests, by]),
      tokens: endless("tokens", [part.tokens, by]),
      usd: endless("usd", [part.usd, by]),
      latency: endless("latency", [part.latency, rounds]),
      concurrency: endless("concurrency", [part.concurrency, atOnce], [part.beside, by]),
    }),
    way: again(part.way, rounds),
  }
}

/** Members of a quorum, with up to `max` second copies, each started `after` so many milliseconds. */
export function hedged(parts: readonly Most[], { after, max }: { after: number; max: number }, path: string): Most {
  const byAgent = withCopies(
    parts.map((part) => part.byAgent),
    max,
  )
  const bare = parts.map((part) => ({ ...part, byAgent: new Tally() }))
  const of = together(bare)
  const copies = repeated(oneOf(bare), { times: max, rounds: 1, atOnce: max }, path)
  // What ends as a copy starts may end ill, and leave the copy to be waited for.
  const late = of.latency >= after ? inTurn([waiting(path, after), of]) : of
  return { ...together([late, { ...copies, latency: 0, open: closed }]), byAgent }
}

/** A part with a deadline. */
export const within = (part: Most, ms: number, path: string): Most =>
  part.latency <= ms
    ? part
    : {
        ...part,
        latency: ms,
        open: { ...part.open, latency: undefined },
        way: stopAt({ kind: "deadline", path, latency: ms }),
      }
