import { Cancel } from "../data/cancel.js"
import type { Fault } from "../data/fault.js"
import type { Schema } from "../data/schema.js"
import type { RunOptions } from "../flow/interpret/run/index.js"
import { Signals } from "../flow/interpret/run/signals.js"
import type { Params } from "../flow/runtime.js"

/** What a run is given, beside its flow and its input. */
interface Given extends Pick<RunOptions, "params" | "drain"> {
  readonly runId?: string
  readonly signal?: AbortSignal
}

/** What a document says of it. */
type Checked = Pick<RunOptions, "params" | "refused" | "output">

/** A run under way: how it is reached from outside, and what its interpreter is told. Its name is made when it is read. */
export class LiveRun implements RunOptions {
  /** Neighbours in the list of those that have a number. */
  earlier: LiveRun | undefined = undefined
  later: LiveRun | undefined = undefined
  readonly cancel: Cancel = new Cancel()
  readonly number: number
  readonly params: Params | undefined
  readonly refused: Fault | undefined
  readonly output: Schema<unknown> | undefined
  readonly drain: number | undefined
  readonly #signal: AbortSignal | undefined
  readonly #runs: LiveRuns
  readonly #abort: (() => void) | undefined
  #id: string | undefined
  #signals: Signals | undefined
  #ended = false

  constructor(runs: LiveRuns, number: number, given: Given, checked: Checked) {
    const { runId, drain, signal } = given
    const { params, refused, output } = checked
    this.#runs = runs
    this.number = number
    this.#id = runId
    this.params = params
    this.refused = refused
    this.output = output
    this.drain = drain
    this.#signal = signal
    this.#abort = signal && ((): void => this.cancel.cancel(signal.reason))
    if (signal?.aborted) this.#abort?.()
    else if (this.#abort !== undefined) signal?.addEventListener("abort", this.#abort, { once: true })
  }

  get runId(): string {
    return (this.#id ??= nameOf(this.number))
  }
  get agentPath(): string {
    return `${this.#runs.path}/${this.runId}`
  }
  get signals(): Signals {
    return (this.#signals ??= new Signals())
  }

  /** Lets go of the run. More than once does nothing. */
  ended(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#abort !== undefined) this.#signal?.removeEventListener("abort", this.#abort)
    this.#runs.remove(this)
  }
}

const nameOf = (number: number): string => `run-${number}`

/**
 * The runs under way. Most have no name of their own but a number: those stand in a list, because they come and go often
 * and are looked up almost never.
 */
export class LiveRuns {
  /** Where the actors of runs live. */
  readonly path: string
  readonly #named = new Map<string, LiveRun>()
  #last: LiveRun | undefined
  #numbered = 0
  /** How many there are. */
  size = 0

  constructor(path: string) {
    this.path = path
  }

  /** Begins a run. Throws where one of its name is under way. */
  add(given: Given, checked: Checked = { params: given.params }): LiveRun {
    const { runId } = given
    if (runId !== undefined && this.get(runId) !== undefined) {
      throw new Error(`a run with the id ${JSON.stringify(runId)} is under way`)
    }
    const run = new LiveRun(this, runId === undefined ? this.#next() : 0, given, checked)
    this.size++
    if (runId !== undefined) this.#named.set(runId, run)
    else {
      run.earlier = this.#last
      if (this.#last !== undefined) this.#last.later = run
      this.#last = run
    }
    return run
  }

  get(runId: string): LiveRun | undefined {
    const named = this.#named.get(runId)
    if (named !== undefined || !runId.startsWith("run-")) return named
    return this.#list().find((run) => run.runId === runId)
  }

  all(): readonly LiveRun[] {
    return [...this.#named.values(), ...this.#list()]
  }

  /** Only a run that is in here may be taken out, and once. */
  remove(run: LiveRun): void {
    this.size--
    if (run.number === 0) {
      this.#named.delete(run.runId)
      return
    }
    const { earlier, later } = run
    if (earlier !== undefined) earlier.later = later
    if (later === undefined) this.#last = earlier
    else later.earlier = earlier
  }

  /** The next number whose name nobody has given to a run. */
  #next(): number {
    do this.#numbered++
    while (this.#named.size > 0 && this.#named.has(nameOf(this.#numbered)))
    return this.#numbered
  }

  #list(): LiveRun[] {
    const runs: LiveRun[] = []
    for (let run = this.#last; run !== undefined; run = run.earlier) runs.push(run)
    return runs.toReversed()
  }
}
