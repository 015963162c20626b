import { nodeOf } from "../build.js"
import { items } from "../../data/rope.js"
import { close } from "../closed.js"
import { fold } from "../fold.js"
import type { Params } from "../runtime.js"
import type { AnyFlow } from "../types.js"
import { bounds } from "./cost-algebra.js"
import type { FigureName, Most, Unbounded } from "./cost-most.js"

/** One figure of a cost. `null` is unbounded; a `bound` holds for every run, an `estimate` for a usual one. */
export interface Figure {
  readonly value: number | null
  readonly kind: "bound" | "estimate"
}

/**
 * What a run takes: asks of agents (`calls`), model calls (`requests`), tokens, dollars, milliseconds, asks at one
 * time.
 */
export interface Figures {
  readonly calls: { readonly total: Figure; readonly byAgent: Readonly<Record<string, Figure>> }
  readonly requests: Figure
  readonly tokens: Figure
  readonly usd: Figure
  /** Milliseconds, without queueing. */
  readonly latency: Figure
  readonly concurrency: Figure
}

/** What a flow costs before it runs. */
export interface Cost {
  /** No run that succeeds takes less. */
  readonly least: Figures
  /** No run, however it ends, takes more. */
  readonly most: Figures
  /** Why a figure of `most` is `null`: once for each agent that declares no cap and each place without an end. */
  readonly unbounded: readonly Unbounded[]
}

/** What `cost` cannot read from the flow itself: the values of its parameters. */
export interface CostOptions {
  /** Values of parameters; without one, `least` uses the minimum of its schema and `most` the maximum. */
  readonly params?: Params
}

const bound = (value: number): Figure => ({ value: Number.isFinite(value) ? value : null, kind: "bound" })

const perAgent = (agents: readonly string[], asks: ReadonlyMap<string, number>): Record<string, Figure> =>
  Object.fromEntries(agents.map((agent) => [agent, bound(asks.get(agent) ?? 0)]))

/**
 * The bounds of a flow, from its tree and from the caps that its agents declare. Throws `InvalidFlow` for a flow that
 * reads a name which nothing binds.
 *
 * Caps say the most that an ask may take and nothing of the least, so `least` has figures for `calls` and `concurrency`
 * and 0 for the others. A flow that cannot succeed has 0 throughout `least`.
 *
 * @example
 * ```ts
 * import { agent, defineAgent } from "troupe"
 * import { cost } from "troupe/flow"
 * const critic = defineAgent({ name: "critic", caps: { requests: 2 } }, (text: string) => `Why ${text}?`)
 * const { most, unbounded } = cost(agent(critic).timeout(1_000))
 * most.requests.value // 2
 * most.latency.value // 1000
 * unbounded.map(({ figure }) => figure) // ["tokens", "usd"]
 * ```
 */
export function cost(flow: AnyFlow, options: CostOptions = {}): Cost {
  const node = nodeOf(flow)
  close(node)
  const { least, most } = fold(node, bounds(options.params ?? {}))
  const agents = [...most.byAgent.keys()].sort()
  return {
    least: {
      calls: { total: bound(least?.asks ?? 0), byAgent: perAgent(agents, least?.byAgent ?? new Map()) },
      requests: bound(0),
      tokens: bound(0),
      usd: bound(0),
      latency: bound(0),
      concurrency: bound(least?.concurrency ?? 0),
    },
    most: {
      calls: { total: bound(most.asks), byAgent: perAgent(agents, most.byAgent) },
      requests: bound(most.requests),
      tokens: bound(most.tokens),
      usd: bound(most.usd),
      latency: bound(most.latency),
      concurrency: bound(most.concurrency),
    },
    unbounded: reasons(most),
  }
}

/**
 * Each agent and each place once for a figure; a figure that only grew beyond every number is laid on the whole flow.
 */
function reasons(most: Most): Unbounded[] {
  const seen = new Set<string>()
  const found = [...items(most.loose), ...items(most.late)].filter(({ path, agent, figure }) => {
    const key = `${figure} ${agent === undefined ? `/${path}` : `@${agent}`}`
    return !seen.has(key) && seen.add(key)
  })
  const named = new Set(found.map(({ figure }) => figure))
  const values: ReadonlyArray<readonly [FigureName, number]> = [
    ["calls", most.asks],
    ["requests", most.requests],
    ["tokens", most.tokens],
    ["usd", most.usd],
    ["latency", most.latency],
  ]
  const grown = values.filter(([figure, value]) => value === Infinity && !named.has(figure))
  return [...found, ...grown.map(([figure]) => ({ path: "", figure }))]
}
