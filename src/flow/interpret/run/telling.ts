import type { EventData, EventTask, EventType, FlowEvent } from "../../event.js"
import type { Runtime } from "../../runtime.js"
import type { Backlog } from "./backlog.js"
import { Deltas, type DeltaType } from "./deltas.js"

/** The numbered events of one run that somebody listens to. */
export class Telling {
  /** Set by the last event of the run: nothing is told after it. */
  over = false
  /** What the one who gets the events threw first. */
  deaf: { readonly thrown: unknown } | undefined
  readonly #runtime: Runtime
  readonly #runId: string
  readonly #agentPath: string
  readonly #backlog: Backlog | undefined
  readonly #broken: (thrown: unknown) => void
  #deltas: Deltas | undefined
  #seq = 0

  constructor(
    runtime: Runtime,
    runId: string,
    agentPath: string,
    backlog: Backlog | undefined,
    broken: (thrown: unknown) => void,
  ) {
    this.#runtime = runtime
    this.#runId = runId
    this.#agentPath = agentPath
    this.#backlog = backlog
    this.#broken = broken
  }

  /** Tells of something that happened. A listener that throws ends the run. */
  emit<T extends EventType>(type: T, path: string, data: EventData[T], task: EventTask | undefined): void {
    if (this.over) return
    if (this.#deltas !== undefined) this.flush(task?.taskId)
    this.#tell(type, path, data, task)
  }

  /** Tells of a piece of text. While the consumer lags behind, the pieces of one task are joined. */
  emitDelta(type: DeltaType, path: string, text: string, task: EventTask): void {
    if (this.over) return
    if (!this.#backlog?.full) return this.emit(type, path, text, task)
    this.#deltas ??= new Deltas()
    this.#deltas.add(type, path, task, text)
  }

  /** Tells of the end of the run, and of nothing after. */
  emitLast<T extends "run_completed" | "run_failed" | "run_aborted">(type: T, path: string, data: EventData[T]): void {
    this.emit(type, path, data, undefined)
    this.over = true
  }

  /** Tells of the texts that were joined: of one task, or of all. */
  flush(taskId?: string): void {
    if (this.#deltas === undefined || this.#deltas.empty) return
    for (const { type, path, text, task } of this.#deltas.take(taskId)) this.#tell(type, path, text, task)
  }

  #tell<T extends EventType>(type: T, path: string, data: EventData[T], task: EventTask | undefined): void {
    const { emit, clock } = this.#runtime
    const heard = task?.heard
    if (emit === undefined && heard === undefined) return
    const event = {
      runId: this.#runId,
      seq: this.#seq++,
      time: clock.now(),
      path,
      taskId: task?.taskId ?? this.#runId,
      parentTaskId: task === undefined ? undefined : (task.parent?.taskId ?? this.#runId),
      agentPath: task?.agentPath ?? this.#agentPath,
      parentAgentPath: task === undefined ? undefined : (task.parent?.agentPath ?? this.#agentPath),
      type,
      data,
    } as FlowEvent
    try {
      heard?.(event)
      emit?.(event)
    } catch (thrown) {
      if (this.deaf !== undefined) return
      this.deaf = { thrown }
      this.#broken(thrown)
    }
  }
}
