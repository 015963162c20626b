import type { Failure } from "../data/fault.js"

/** Where an event belongs: the run, its place in the run's sequence, and the task it speaks of. */
interface Header {
  readonly runId: string
  /** From 0, without gaps. */
  readonly seq: number
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly time: number
  readonly path: string
  readonly taskId: string
  readonly parentTaskId: string | undefined
  readonly agentPath: string
  readonly parentAgentPath: string | undefined
}

/** The task an event speaks of. */
export interface EventTask {
  readonly taskId: string
  readonly agentPath: string
  /** The task of the agent that asked; none where the flow asks. */
  readonly parent?: EventTask | undefined
  /** Gets its events as well. */
  readonly heard?: ((event: FlowEvent) => void) | undefined
}

/** What each kind of event carries in `data`. */
export interface EventData {
  run_started: { readonly input: unknown }
  run_completed: unknown
  run_failed: Failure
  run_aborted: { readonly reason: unknown }
  task_started: { readonly agent: string; readonly input: unknown }
  task_progress: unknown
  task_chunk: unknown
  task_completed: { readonly output: unknown; readonly usage?: Usage }
  task_failed: Failure
  task_aborted: { readonly reason: unknown }
  branch_taken: { readonly tag: string }
  race_won: { readonly index: number }
  quorum_reached: { readonly needed: number; readonly succeeded: readonly number[] }
  loop_continued: { readonly turn: number }
  retry_scheduled: { readonly attempt: number; readonly after: number; readonly fault: Failure }
  side_failed: { readonly fault: Failure }
  run_suspended: { readonly waits: readonly Wait[] }
  run_resumed: { readonly path: string }
  recovered: { readonly fault: Failure }
  hedge_started: { readonly index: number; readonly copy: number }
  llm_call_started: ModelCall
  llm_call_done: ModelCall & { readonly usage?: Usage }
  text_delta: string
}

/** What a run waits for: an answer to a suspend, by its name, or an instant, in milliseconds since the epoch. */
export interface Wait {
  readonly path: string
  readonly name?: string
  readonly until?: number
}

/** The model call that an event speaks of. `simulated` marks answers of the `local` provider. */
export interface ModelCall {
  readonly provider: string
  readonly model: string
  readonly simulated?: true
}

/** What one ask used. `usd` is absent where the model has no known price. */
export interface Usage {
  readonly requests?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly usd?: number
}

/** The kinds of events that a run tells of. */
export type EventType = keyof EventData

/** One thing that happened in a run. The call tree can be rebuilt from the flat stream. */
export type FlowEvent = { [T in EventType]: Header & { readonly type: T; readonly data: EventData[T] } }[EventType]
