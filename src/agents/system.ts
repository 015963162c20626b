import { isLeft } from "../data/either.js"
import type { TaskEither } from "fp-ts/lib/TaskEither.js"
import { ActorSystem, systemClock, systemRandom } from "../actor/index.js"
import { Cancel } from "../data/cancel.js"
import type { Clock } from "../data/clock.js"
import type { Failure } from "../data/fault.js"
import { jsonSchema } from "../data/schema.js"
import type { Document } from "../flow/document.js"
import type { FlowEvent } from "../flow/event.js"
import * as interpret from "../flow/interpret/run/start.js"
import type { Params, Runtime } from "../flow/runtime.js"
import type { Flow } from "../flow/types.js"
import { type Env, Models } from "./model-agent.js"
import { givenTo } from "./given.js"
import { Leave, type Permission } from "./leave.js"
import { type LiveRun, LiveRuns } from "./live-runs.js"
import { actorRuntime } from "./runtime.js"
import { type CountingClock, counting } from "./timers.js"

/** Options of a system. All have defaults: `new AgentSystem()` is enough. */
export interface AgentSystemOptions {
  /** The name of its actor system, the first segment of actors' paths. Default `app`. */
  readonly name?: string
  /** Where time comes from. Default: the machine's. */
  readonly clock?: Clock
  /** Where chance comes from, for the jitter of retries: a number from 0 to below 1. Default: the machine's. */
  readonly random?: () => number
  /** `"local"`: every model agent answers by the extractive stand-in, without key and network, marked as simulated. */
  readonly models?: "local"
  /** What `env` means in a document's agents and providers. Default: `process.env`. */
  readonly env?: Env
  /**
   * What agents of documents may do besides asking models: `"command"` start processes, `"net"` send requests. Default:
   * neither, since a document may come from anywhere; such an agent then fails with `Unavailable`.
   */
  readonly allow?: readonly Permission[]
}

/** Options of one run. */
export interface SystemRunOptions {
  /** The run's name, unique among the runs under way. Default `run-1`, `run-2`, … */
  readonly runId?: string
  /** Aborts the run when it is aborted. */
  readonly signal?: AbortSignal
  /** Values of a document's parameters. */
  readonly params?: Params
  /** How long side flows may go on once the flow has ended, in milliseconds; then they are aborted. Default 5,000. */
  readonly drain?: number
}

/** What is alive at this moment. All zero but `abandoned` when nothing runs. */
export interface SystemStats {
  readonly actors: number
  readonly runs: number
  readonly timers: number
  /** Agents that were aborted and go on regardless, until they settle. */
  readonly abandoned: number
}

type Runnable<I, O> = Flow<I, O> | Document

const isDocument = (runnable: Runnable<never, unknown>): runnable is Document =>
  typeof runnable === "object" && runnable !== null && "_tag" in runnable && runnable._tag === "Document"

const flowOf = <I, O>(runnable: Runnable<I, O>): Flow<I, O> =>
  isDocument(runnable) ? (runnable.flow as Flow<I, O>) : runnable

/**
 * Runs flows and documents on actors, and holds what their agents need.
 *
 * A flow that is ill-formed as a whole, as with a name that nothing binds, is no fault of a run but `InvalidFlow`: `run`,
 * `runEither` and the promises of `start` reject with it, and `stream` throws it at the first `next`.
 *
 * @example
 * ```ts
 * import { AgentSystem, agent, defineAgent } from "troupe"
 * const add = defineAgent({ name: "add" }, async (n: number) => n + 1)
 * await using system = new AgentSystem()
 * await system.run(agent(add), 1) // 2
 * ```
 */
export class AgentSystem implements AsyncDisposable {
  readonly #actors: ActorSystem
  readonly #clock: CountingClock
  readonly #runtime: Runtime
  readonly #runs: LiveRuns
  #closed = false

  constructor(options: AgentSystemOptions = {}) {
    const { name = "app", clock = systemClock, random = systemRandom, models, env = process.env, allow } = options
    this.#runs = new LiveRuns(`/${name}/runs`)
    this.#clock = counting(clock)
    this.#actors = new ActorSystem(name, { clock })
    this.#runtime = actorRuntime(
      this.#actors,
      this.#clock,
      random,
      new Models(env, this.#clock, models),
      new Leave(allow),
    )
  }

  // The overloads of flows stand last: the compiler explains a mistake by the last one.
  /** For a document, whose types only its schemas know. */
  run(document: Document, input: unknown, options?: SystemRunOptions): Promise<unknown>
  /** Runs to the end and gives the value. Rejects with `FlowError`, or with `AbortedError` when the run is aborted. */
  run<I, O>(flow: Flow<I, O>, input: I, options?: SystemRunOptions): Promise<O>
  run<I, O>(runnable: Runnable<I, O>, input: I, given: SystemRunOptions = {}): Promise<O> {
    try {
      const run = this.#prepare(runnable, input, given)
      return interpret.runValue(flowOf(runnable), input, this.#runtime, run)
    } catch (refused) {
      return Promise.reject(refused)
    }
  }

  /** For a document, whose types only its schemas know. */
  runEither(document: Document, input: unknown, options?: SystemRunOptions): TaskEither<Failure, unknown>
  /**
   * The same as a `TaskEither`: nothing runs until it is called, and no fault is thrown.
   *
   * @example
   * ```ts
   * import { AgentSystem, fail } from "troupe"
   * await using system = new AgentSystem()
   * const ended = await system.runEither(fail({ code: "closed", message: "it is night" }), undefined)()
   * ended._tag === "Left" && ended.left._tag // "Failed"
   * ```
   */
  runEither<I, O>(flow: Flow<I, O>, input: I, options?: SystemRunOptions): TaskEither<Failure, O>
  runEither<I, O>(runnable: Runnable<I, O>, input: I, given: SystemRunOptions = {}): TaskEither<Failure, O> {
    return async () => {
      const run = this.#prepare(runnable, input, given)
      return interpret.runEither(flowOf(runnable), input, this.#runtime, run)
    }
  }

  /** For a document, whose types only its schemas know. */
  stream(document: Document, input: unknown, options?: SystemRunOptions): AsyncGenerator<FlowEvent, void, undefined>
  /**
   * Runs and gives every event, the last of which is `run_completed`, `run_failed` or `run_aborted`. Leaving the iterator
   * aborts the run.
   *
   * @example
   * ```ts
   * import { AgentSystem, agent, defineAgent } from "troupe"
   * const shout = defineAgent({ name: "shout" }, (text: string) => text.toUpperCase())
   * await using system = new AgentSystem()
   * const types: string[] = []
   * for await (const { type } of system.stream(agent(shout), "bees")) types.push(type)
   * types // ["run_started", "task_started", "task_completed", "run_completed"]
   * ```
   */
  stream<I, O>(flow: Flow<I, O>, input: I, options?: SystemRunOptions): AsyncGenerator<FlowEvent, void, undefined>
  stream<I, O>(
    flow: Runnable<I, O>,
    input: I,
    options: SystemRunOptions = {},
  ): AsyncGenerator<FlowEvent, void, undefined> {
    const left = new Cancel()
    return interpret.leavable(this.#events(flow, input, options, left), left)
  }

  async *#events<I, O>(
    flow: Runnable<I, O>,
    input: I,
    options: SystemRunOptions,
    left: Cancel,
  ): AsyncGenerator<FlowEvent, void, undefined> {
    const run = this.#prepare(flow, input, options)
    try {
      left.onCancel((reason) => run.cancel.cancel(reason))
      yield* interpret.stream(flowOf(flow), input, this.#runtime, run)
    } finally {
      run.ended()
    }
  }

  /** For a document, whose types only its schemas know. */
  start(document: Document, input: unknown, options?: SystemRunOptions): interpret.RunHandle<unknown>
  /**
   * Starts a run, in a microtask, and gives the handle to it at once.
   *
   * @example
   * ```ts
   * import { AgentSystem, agent, defineAgent } from "troupe"
   * const stuck = defineAgent({ name: "stuck" }, (_question: string) => new Promise<string>(() => {}))
   * await using system = new AgentSystem()
   * const handle = system.start(agent(stuck), "why?")
   * handle.abort("nobody waits")
   * await handle.result.catch((error: Error) => error.message) // "aborted: nobody waits"
   * ```
   */
  start<I, O>(flow: Flow<I, O>, input: I, options?: SystemRunOptions): interpret.RunHandle<O>
  start<I, O>(flow: Runnable<I, O>, input: I, options: SystemRunOptions = {}): interpret.RunHandle<O> {
    const run = this.#prepare(flow, input, options)
    const handle = interpret.start(flowOf(flow), input, this.#runtime, run)
    handle.result.catch(() => run.ended()) // a flow that is refused never began; whoever reads `result` is told
    return handle
  }

  /** Aborts a run by its id. An unknown id does nothing. */
  async abort(runId: string, reason: unknown = "aborted"): Promise<void> {
    this.#runs.get(runId)?.cancel.cancel(reason)
  }

  /**
   * Answers a suspend of a run under way, by its name or its path.
   *
   * Rejects with `FlowError` where the value does not fit the schema of the suspend (`InvalidInput`: it stays open), and
   * with `Error` where there is no such run, or it waits for no such answer.
   *
   * @example
   * ```ts
   * import { AgentSystem, suspend } from "troupe"
   * import { z } from "zod"
   * await using system = new AgentSystem()
   * const run = system.start(suspend("approval", z.boolean()), "may I?", { runId: "r1" })
   * await system.signal("r1", "approval", "yes").catch((error: Error) => error.name) // "FlowError"
   * await system.signal("r1", "approval", true)
   * await run.value // true
   * ```
   */
  async signal(runId: string, name: string, value: unknown): Promise<void> {
    await Promise.resolve() // a run that was started just now begins in a microtask
    const run = this.#runs.get(runId)
    if (run === undefined) throw new Error(`no run with the id ${JSON.stringify(runId)} is under way`)
    return run.signals.send(runId, name, value)
  }

  /** What is alive at this moment. */
  stats(): SystemStats {
    const { actors, timers, abandoned } = this.#actors.stats()
    return { actors, runs: this.#runs.size, timers: timers + this.#clock.waiting, abandoned }
  }

  /**
   * Aborts what runs and stops every actor. Runs are refused from now on.
   *
   * @param options `timeout`: milliseconds to wait for agents that go on after their abort. Default 0: they are left to
   *   themselves, as they are in any run.
   */
  async shutdown(options: { readonly timeout?: number } = {}): Promise<void> {
    this.#closed = true
    for (const { cancel } of this.#runs.all()) cancel.cancel("the system shut down")
    await this.#actors.shutdown({ timeout: options.timeout ?? 0 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  /** Checks what a run is given, names it, and ties it to its signal. */
  #prepare<I, O>(runnable: Runnable<I, O>, input: I, options: SystemRunOptions): LiveRun {
    if (this.#closed) throw new Error("the system is shut down: it takes no more runs")
    const { drain } = options
    if (drain !== undefined && !(drain >= 0))
      throw new RangeError(`drain is ${drain}: expected milliseconds, 0 or more`)
    if (!isDocument(runnable)) return this.#runs.add(options)
    const given = givenTo(runnable, input, options.params)
    const output = runnable.output && jsonSchema(runnable.output)
    return this.#runs.add(options, isLeft(given) ? { refused: given.left, output } : { params: given.right, output })
  }
}
