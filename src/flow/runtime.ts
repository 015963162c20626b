import type { AnyAgentRef } from "../data/agent-ref.js"
import type { Cancel } from "../data/cancel.js"
import type { Clock } from "../data/clock.js"
import type { Fault } from "../data/fault.js"
import type { EventData, FlowEvent, Usage } from "./event.js"

/** Values of the document's parameters. */
export type Params = Readonly<Record<string, unknown>>

/** A step's override of its agent, computed. */
export interface Settings {
  readonly prompt?: unknown
  readonly systemPrompt?: unknown
  readonly model?: string
  readonly temperature?: number
  readonly maxTokens?: number
}

/** Events that only the one who runs an agent can tell: the flow itself tells of the task's start and end. */
export type AskEvent = "task_progress" | "task_chunk" | "llm_call_started" | "llm_call_done" | "text_delta"

/** One run of one agent node. */
export interface Ask {
  readonly ref: AnyAgentRef
  readonly input: unknown
  readonly params: Params
  readonly settings: Settings | undefined
  /** Where in the run, with counters. */
  readonly path: string
  readonly runId: string
  readonly taskId: string
  /** Where the agent's actor lives for the length of the ask. */
  readonly agentPath: string
  /** Cancelled when the answer is no longer wanted. The flow does not wait: a later answer is dropped. */
  readonly cancel: Cancel
  /** The instant of the nearest enclosing deadline, in milliseconds since the epoch. */
  readonly deadline: number | undefined
  emit<T extends AskEvent>(type: T, data: EventData[T]): void
  /**
   * Asks another agent in this one's stead: a task below its own, which ends with it and shares its limits, its deadline
   * and its events.
   */
  askAnother(ref: AnyAgentRef, input: unknown, told: Told): void
  /** Who is told when the answer is no longer wanted: cheaper than to listen to `cancel`. */
  runner: Runner | undefined
  /** Ends an ask whose answer was to come `LATER`. What comes after an end is dropped. */
  answered(value: unknown, usage?: Usage): void
  /** Ends it with what an agent threw. */
  failed(thrown: unknown): void
}

/** Whoever asks another agent in an agent's stead. The first of the three that is called is the only one. */
export interface Told {
  answered(output: unknown, taskId: string): void
  failed(fault: Fault): void
  aborted(reason: unknown): void
  /** Gives the ask up. */
  readonly cancel?: Cancel | undefined
  /** Milliseconds until the ask fails with `TimedOut`. */
  readonly timeout?: number | undefined
  /** Gets the events of the task. */
  readonly heard?: ((event: FlowEvent) => void) | undefined
}

/** Who runs an agent. */
export interface Runner {
  /** The ask was aborted: the answer is no longer wanted. */
  aborted(reason: unknown): void
}

/** What `Runtime.ask` gives where `Ask.answered` or `Ask.failed` will be called: no promise stands between. */
export const LATER: unique symbol = Symbol("later")

/** What an ask gives: the output, and what it used where that is known. */
export interface Answer {
  readonly value: unknown
  readonly usage?: Usage
}

/** What a run writes down to be able to resume: results of agents, winners, instants. Keyed by path. */
export interface Journal {
  read(path: string): unknown
  append(path: string, entry: unknown): void
}

/**
 * Everything that an interpreter reads from the world. `run` on another runtime is a dry run, a replay or a simulation.
 */
export interface Runtime {
  readonly clock: Clock
  /** A number from 0 to below 1, for the jitter of retries. */
  random(): number
  /** Answers, or throws: a `FaultError` says which fault it means, anything else becomes `AgentFailed`. */
  ask(ask: Ask): Answer | PromiseLike<Answer> | typeof LATER
  /** Gets every event of the run. Without it none is built. */
  readonly emit?: (event: FlowEvent) => void
  readonly journal?: Journal
}
