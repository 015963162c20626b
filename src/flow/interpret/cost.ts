import { items } from "../../data/rope.js"
import { tidy } from "../../data/tidy.js"
import type { JsonSchema } from "../../data/schema.js"
import { nodeOf } from "../build.js"
import { close } from "../closed.js"
import { fold } from "../fold.js"
import type { Node } from "../node.js"
import type { Params } from "../runtime.js"
import type { AnyFlow } from "../types.js"
import { type Bounds, bounds, type Estimate, type Surroundings } from "./cost-algebra.js"
import { type CriticalStep, stepsOf } from "./cost-critical.js"
import type { FigureName, Most, Unbounded } from "./cost-most.js"
import { refusable } from "./cost-refusable.js"
import { sizes } from "./cost-sizes.js"
import { success } from "./cost-success.js"

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
  /** Milliseconds until the value is known, without queueing. Side flows may go on after it. */
  readonly latency: Figure
  readonly concurrency: Figure
}

/** What a flow costs before it runs. */
export interface Cost {
  /** No run that succeeds takes less. */
  readonly least: Figures
  /** No run, however it ends, takes more. An estimate stands where there is no such bound. */
  readonly most: Figures
  /** Why a figure is `null`: once for each agent that declares no cap and each place without an end. */
  readonly unbounded: readonly Unbounded[]
  /** The steps, one after the other, that make the latency of `most`: all others have ended by then. */
  readonly criticalPath: readonly CriticalStep[]
  /** How likely a run succeeds, from 0 to 1; only where estimates say how often agents fail. */
  readonly success?: Figure
}

/** What `cost` cannot read from the flow itself. */
export interface CostOptions {
  /** Values of parameters; without one, `least` uses the minimum of its schema and `most` the maximum. */
  readonly params?: Params
  /** The schema of the flow's input: how long a list is that it goes through. */
  readonly input?: JsonSchema
  /** By agent, what an ask usually takes. It counts where the agent declares no cap, and makes the figure an estimate. */
  readonly estimates?: Readonly<Record<string, Estimate>>
}

/** What pricing a flow depends on besides its nodes. */
export function surroundings(node: Node, { params = {}, input, estimates = {} }: CostOptions): Surroundings {
  let sized: Surroundings["sizeAt"] | undefined
  return {
    params,
    estimates,
    // Types are looked at where there is a list.
    sizeAt: (list, path) => (sized ??= sizes(node, input))(list, path),
    refusable: refusable(node),
  }
}

/**
 * The bounds of a flow, from its tree and from the caps that its agents declare. Throws `InvalidFlow` for a flow that
 * reads a name which nothing binds.
 *
 * Caps say the most that an ask may take and nothing of the least, so `least` has figures for `calls` and `concurrency`
 * and 0 for the others. A flow that cannot succeed has 0 throughout `least`.
 *
 * With `failure` among the estimates, `success` tells how likely a run succeeds, if asks fail independently of one
 * another. It is a cautious estimate: where the flow itself decides, the worst is taken (the least likely arm, every
 * turn of a loop, the longest list), a recovery from some faults only and a hedged copy are not counted on; but every
 * fault is worth another try, and functions, guards, deadlines and limits hold.
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
 *
 * const guess = cost(agent(critic).retry({ times: 1 }), { estimates: { critic: { tokens: 800, failure: 0.1 } } })
 * guess.most.tokens // { value: 1600, kind: "estimate" }
 * guess.success // { value: 0.99, kind: "estimate" }
 * ```
 */
export function cost(flow: AnyFlow, options: CostOptions = {}): Cost {
  const node = nodeOf(flow)
  close(node)
  const around = surroundings(node, options)
  // An estimate counts where there is no bound without it.
  const sure = fold(node, bounds({ ...around, estimates: {} }))
  const guessed = options.estimates === undefined ? sure : fold(node, bounds(around))
  const unbounded: Unbounded[] = []
  const rates = Object.values(around.estimates).some(({ failure }) => failure !== undefined)
  const likelihood = rates
    ? fold(
        node,
        success(around, (what) => unbounded.push(what)),
      )
    : undefined
  return {
    least: least(sure),
    most: most(sure.most, guessed.most),
    unbounded: once([...reasons(guessed.most), ...(likelihood === undefined ? unbounded : [])]),
    criticalPath: stepsOf(Number.isFinite(sure.most.latency) ? sure.most.way : guessed.most.way),
    ...(rates ? { success: { value: likelihood === undefined ? null : tidy(likelihood), kind: "estimate" } } : {}),
  }
}

const bound = (value: number): Figure => ({ value: Number.isFinite(value) ? value : null, kind: "bound" })

const figure = (sure: number, guessed: number): Figure =>
  Number.isFinite(sure) || !Number.isFinite(guessed) ? bound(sure) : { value: guessed, kind: "estimate" }

const perAgent = (most: Most, asks: (agent: string) => number): Record<string, Figure> =>
  Object.fromEntries([...most.byAgent.agents()].sort().map((agent) => [agent, bound(asks(agent))]))

const least = ({ least: fewest, most }: Bounds): Figures => ({
  calls: { total: bound(fewest?.asks ?? 0), byAgent: perAgent(most, (agent) => fewest?.byAgent.get(agent) ?? 0) },
  requests: bound(0),
  tokens: bound(0),
  usd: bound(0),
  latency: bound(0),
  concurrency: bound(fewest?.concurrency ?? 0),
})

const most = (sure: Most, guessed: Most): Figures => ({
  calls: {
    total: bound(sure.asks),
    byAgent: perAgent(sure, (agent) => Math.min(sure.asks, sure.byAgent.get(agent) + sure.others)),
  },
  requests: figure(sure.requests, guessed.requests),
  tokens: figure(sure.tokens, guessed.tokens),
  usd: figure(tidy(sure.usd), tidy(guessed.usd)),
  latency: figure(sure.latency, guessed.latency),
  concurrency: bound(sure.concurrency + sure.beside),
})

/** Each agent and each place once for a figure. */
function once(all: readonly Unbounded[]): Unbounded[] {
  const seen = new Set<string>()
  return all.filter(({ path, agent, figure: name }) => {
    if (agent === undefined && path.length > 1_000) return true // writing out such paths costs more than repeating one
    const key = `${name} ${agent === undefined ? `/${path}` : `@${agent}`}`
    return !seen.has(key) && seen.add(key)
  })
}

/** Why a figure has no bound; one that only grew beyond every number is laid on the whole flow. */
function reasons(of: Most): Unbounded[] {
  const values: ReadonlyArray<readonly [FigureName, number]> = [
    ["calls", of.asks],
    ["requests", of.requests],
    ["tokens", of.tokens],
    ["usd", of.usd],
    ["latency", of.latency],
    ["concurrency", of.concurrency + of.beside],
  ]
  return values.flatMap(([name, value]) => {
    if (value !== Infinity) return []
    const found = items(of.open[name])
    return found.length === 0 ? [{ path: "", figure: name }] : found
  })
}
