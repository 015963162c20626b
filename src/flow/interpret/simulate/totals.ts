import { type FaultTag, faultTags } from "../../../data/fault.js"
import { type Share, shareOf, type Spread, spreadOf } from "./figures.js"
import type { Ended, Taken } from "./simulated-run.js"

/** What came of the runs. */
export interface Simulation {
  readonly runs: number
  readonly seed: number
  /** How many of them gave a value. */
  readonly success: Share
  /** Milliseconds until the value or the fault was known, of all runs that ended. */
  readonly latency: Spread
  /** The same of those that gave a value; all zero where none did. */
  readonly successLatency: Spread
  /** Asks of agents. Each that started counts in full, tokens and dollars too, also when it failed or was aborted. */
  readonly calls: Spread
  /** Asks of each agent: the mean of all runs. */
  readonly callsByAgent: Readonly<Record<string, number>>
  readonly tokens: Spread
  readonly usd: Spread
  /** Per run, on average. */
  readonly mean: {
    /** Asks that were no longer wanted before they had answered: losers of races and quorums, those after a deadline. */
    readonly aborted: number
    /** Second copies of slow members. */
    readonly hedged: number
    /** Tries after the first. */
    readonly retried: number
  }
  /** How many runs ended with each fault. */
  readonly faults: Readonly<Partial<Record<FaultTag, number>>>
  /** Of each fault the first, in words: where it was, and what was wrong. */
  readonly causes: Readonly<Partial<Record<FaultTag, string>>>
  /** How many runs did not end: they wait for an answer from outside. */
  readonly waiting: number
  /** The agents of which no profile speaks: they answer at once, never fail and take nothing. */
  readonly unprofiled: readonly string[]
}

/** A row of numbers, one for each run. */
class Row {
  readonly #values: Float64Array
  #length = 0

  constructor(runs: number) {
    this.#values = new Float64Array(runs)
  }
  add(value: number): void {
    this.#values[this.#length++] = value
  }
  get length(): number {
    return this.#length
  }
  spread(): Spread {
    return spreadOf(this.#values.subarray(0, this.#length))
  }
}

/** The figures of all runs. */
export class Totals {
  readonly #latency: Row
  readonly #successLatency: Row
  readonly #calls: Row
  readonly #tokens: Row
  readonly #usd: Row
  readonly #byAgent = new Map<string, number>()
  readonly #faults = new Map<FaultTag, number>()
  readonly #causes = new Map<FaultTag, string>()
  #waiting = 0
  #aborted = 0
  #hedged = 0
  #retried = 0

  constructor(runs: number) {
    this.#latency = new Row(runs)
    this.#successLatency = new Row(runs)
    this.#calls = new Row(runs)
    this.#tokens = new Row(runs)
    this.#usd = new Row(runs)
  }

  /** Takes one run that is over. */
  take(taken: Taken, ended: Ended): void {
    this.#calls.add(taken.asks)
    this.#tokens.add(taken.tokens)
    this.#usd.add(taken.usd)
    for (const [agent, asks] of taken.byAgent) this.#byAgent.set(agent, (this.#byAgent.get(agent) ?? 0) + asks)
    this.#aborted += taken.asks - taken.answered
    this.#hedged += taken.hedged
    this.#retried += taken.retried
    if (ended === "waiting") {
      this.#waiting++
      return
    }
    this.#latency.add(ended.at)
    const { at, fault } = ended
    if (fault === undefined) {
      this.#successLatency.add(at)
      return
    }
    const times = this.#faults.get(fault._tag)
    this.#faults.set(fault._tag, (times ?? 0) + 1)
    if (times === undefined) this.#causes.set(fault._tag, `at ${fault.path || "the root"}: ${fault.message}`)
  }

  sum(): Omit<Simulation, "runs" | "seed" | "unprofiled"> {
    const runs = this.#calls.length
    const names = [...this.#byAgent.keys()].sort()
    return {
      success: shareOf(this.#successLatency.length, runs),
      latency: this.#latency.spread(),
      successLatency: this.#successLatency.spread(),
      calls: this.#calls.spread(),
      callsByAgent: Object.fromEntries(names.map((name) => [name, (this.#byAgent.get(name) ?? 0) / runs])),
      tokens: this.#tokens.spread(),
      usd: this.#usd.spread(),
      mean: { aborted: this.#aborted / runs, hedged: this.#hedged / runs, retried: this.#retried / runs },
      faults: byTag(this.#faults),
      causes: byTag(this.#causes),
      waiting: this.#waiting,
    }
  }
}

const byTag = <V>(of: ReadonlyMap<FaultTag, V>): Partial<Record<FaultTag, V>> =>
  Object.fromEntries(faultTags.flatMap((tag) => (of.has(tag) ? [[tag, of.get(tag)]] : [])))
