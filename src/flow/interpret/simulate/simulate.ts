import type { Clock } from "../../../data/clock.js"
import { AbortedError } from "../../../data/fault.js"
import { nodeOf } from "../../build.js"
import { close } from "../../closed.js"
import type { Params } from "../../runtime.js"
import type { AnyFlow } from "../../types.js"
import { Actors, survey } from "./actors.js"
import { InvalidProfile, type Profiles } from "./profile.js"
import { randomOf } from "./random.js"
import { type Scene, SimulatedRun } from "./simulated-run.js"
import { type Simulation, Totals } from "./totals.js"

/** How a flow is simulated, besides how its agents behave. */
export interface SimulateOptions extends Profiles {
  /** How many runs. Default 10,000. */
  readonly runs?: number
  /** A whole number. The same one gives the same figures, and the first runs of more are those of fewer. Default 1. */
  readonly seed?: number
  /** What every run gets; where it does not fit the schema of an agent, its runs fail with `InvalidInput`. */
  readonly input?: unknown
  readonly params?: Params
  /**
   * Real time, `systemClock` of `troupe/actor`: every 8 ms the event loop gets its turn. Without a clock it waits until
   * all runs are done.
   */
  readonly clock?: Pick<Clock, "elapsed" | "yield">
  /** Ends the simulation, where a `clock` lets it: it rejects with `AbortedError`. */
  readonly signal?: AbortSignal
  /** Called with the number of runs that are done, whenever the event loop had its turn. */
  readonly onProgress?: (done: number) => void
}

const whole = (value: number | undefined, fallback: number, least: number, most: number, at: string): number => {
  if (value === undefined) return fallback
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new InvalidProfile([{ at, message: `${value}: expected a whole number from ${least} to ${most}` }])
}

/** Milliseconds of work after which the event loop gets its turn. */
const slice = 8

/**
 * Runs a flow many times on a virtual clock, with agents that are distributions: how long it takes, what it costs and
 * how often it succeeds, before any agent exists. The interpreter is that of `run`; functions and expressions do run.
 *
 * An agent without a profile answers at once and never fails; `unprofiled` names it. What an agent answers is its
 * profile's `output`; else a value made of its output schema (a text is `simulated`, a number its minimum or 0, a boolean
 * true, an enum its first member, a list has one element or as many as it must); else, without a schema, its input.
 * Branches, guards and loops on such answers decide as these values say: give the values with their likelihoods,
 * `output: [{ value: "simple", weight: 9 }, { value: "hard" }]`, where that matters. A tag without a case is `NoMatch`. A
 * run that waits for an answer from outside does not end, and counts as `waiting`.
 *
 * Rejects with `InvalidFlow` for a flow that cannot run, and `InvalidProfile` for a profile that says what cannot be.
 *
 * @example
 * ```ts
 * import { agent, atLeast, defineAgent } from "troupe"
 * import { simulate } from "troupe/flow"
 * const voice = (name: string) => agent(defineAgent({ name }, (question: string) => `${name} on ${question}`))
 * const panel = atLeast(2, [voice("hope"), voice("doubt"), voice("wit")], { settle: "quorum" })
 * const { latency, success } = await simulate(panel, {
 *   agents: { wit: { latency: "10s" } },
 *   default: { latency: "uniform(1s, 3s)", failure: 0.1 },
 *   runs: 1_000,
 * })
 * latency.p50 < 3_000 // true
 * success.low < 0.972 && 0.972 < success.high // true
 * ```
 */
export async function simulate(flow: AnyFlow, options: SimulateOptions = {}): Promise<Simulation> {
  const node = nodeOf(flow)
  close(node)
  const { agents, default: others, input, params = {}, clock, signal, onProgress } = options
  const runs = whole(options.runs, 10_000, 1, 10_000_000, "/runs")
  const seed = whole(options.seed, 1, 0, Number.MAX_SAFE_INTEGER, "/seed")
  const profiles = { ...(agents === undefined ? {} : { agents }), ...(others === undefined ? {} : { default: others }) }
  const { tells, ...told } = survey(node)
  const actors = new Actors(profiles, told)

  const elapsed = clock === undefined ? (): number => 0 : (): number => clock.elapsed()
  const scene: Scene = { flow, input, params, tells, elapsed, behaviourOf: (ref) => actors.of(ref) }
  const totals = new Totals(runs)
  let began = elapsed()
  const late = (): boolean => elapsed() - began > slice
  for (let i = 0; i < runs; i++) {
    const run = new SimulatedRun(scene, randomOf(seed, i))
    let ended = run.goOn(late)
    while (ended === undefined || late()) {
      if (clock !== undefined) await new Promise<void>((resolve) => clock.yield(resolve))
      if (signal?.aborted === true) throw new AbortedError(signal.reason)
      began = elapsed()
      onProgress?.(i)
      ended ??= run.goOn(late)
    }
    if (actors.refused !== undefined) throw actors.refused
    totals.take(run.taken, ended)
  }
  return { runs, seed, ...totals.sum(), unprofiled: [...actors.unprofiled].sort() }
}
