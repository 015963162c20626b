import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { type Cancel, Listener } from "../../../data/cancel.js"
import type { EventData, EventTask, Usage } from "../../event.js"
import {
  type Answer,
  type Ask,
  type AskEvent,
  LATER,
  type Params,
  type Runner,
  type Settings,
  type Told,
} from "../../runtime.js"
import { checked } from "./checked.js"
import type { DeltaType } from "./deltas.js"
import { Errands } from "./errand.js"
import { agentFailed } from "./faults.js"
import type { Job } from "./jobs.js"
import type { Limiter } from "./limiter.js"
import { type Continuation, Failed, type Frame, type Machine, type Outcome, PENDING } from "./machine.js"

const isDelta = (type: AskEvent): type is DeltaType => type === "task_chunk" || type === "text_delta"

const isPromise = (answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> =>
  "then" in answer && typeof answer.then === "function"

const over = "the agent that asked has ended"

/**
 * One ask under way: one object, which is also what listens for its abort and the job that its answer makes. Ids and paths
 * are made when somebody reads them.
 */
export class Task extends Listener implements Ask, Job {
  readonly ref: AnyAgentRef
  readonly input: unknown
  readonly settings: Settings | undefined
  runner: Runner | undefined = undefined
  readonly #local: string
  #path: string | undefined
  readonly #frame: Frame
  readonly #k: Continuation
  readonly #number: number
  #state: "asked" | "answered" | "failed" | "ended" = "asked"
  /** What was answered, or thrown. */
  #came: unknown
  #usage: Usage | undefined
  #errands: Errands | undefined

  constructor(
    frame: Frame,
    ref: AnyAgentRef,
    input: unknown,
    settings: Settings | undefined,
    local: string,
    k: Continuation,
  ) {
    super()
    this.ref = ref
    this.input = input
    this.settings = settings
    this.#local = local
    this.#frame = frame
    this.#k = k
    this.#number = ++frame.machine.tasks
  }
  get #machine(): Machine {
    return this.#frame.machine
  }
  get path(): string {
    return (this.#path ??= this.#frame.path(this.#local))
  }
  get params(): Params {
    return this.#machine.params
  }
  get runId(): string {
    return this.#machine.runId
  }
  get taskId(): string {
    return `${this.#machine.runId}.${this.#number}`
  }
  get agentPath(): string {
    return `${this.parent?.agentPath ?? this.#machine.agentPath}/${this.ref.name}-${this.#number}`
  }
  get parent(): EventTask | undefined {
    return this.#frame.around.askedBy?.asker
  }
  get heard(): EventTask["heard"] {
    return this.#frame.around.askedBy?.heard
  }
  get cancel(): Cancel {
    return this.#frame.cancel
  }
  get deadline(): number | undefined {
    return this.#frame.deadline
  }
  /** An answer starts nothing by itself: it is taken while the run is held. */
  get starts(): boolean {
    return false
  }

  /** An agent that goes on after its end is not heard. */
  emit<T extends AskEvent>(type: T, data: EventData[T]): void {
    if (this.#state === "ended") return
    if (isDelta(type) && typeof data === "string") this.#machine.telling?.emitDelta(type, this.path, data, this)
    else this.#machine.emit(type, this.path, data, this)
  }

  askAnother(ref: AnyAgentRef, input: unknown, told: Told): void {
    if (this.#state !== "asked") return told.aborted(over)
    this.#errands ??= new Errands(this, this.#frame)
    this.#errands.send(ref, input, told)
  }

  /** Asks the agent. */
  begin(): Outcome {
    const { machine, cancel } = this.#frame
    machine.waits.begin(this)
    if (machine.telling !== undefined) {
      machine.emit("task_started", this.path, { agent: this.ref.name, input: this.input }, this)
    }
    cancel.listen(this) // before the agent is asked: what it does at once may abort it
    let answer: Answer | PromiseLike<Answer> | typeof LATER
    try {
      answer = machine.runtime.ask(this)
    } catch (thrown) {
      return this.#end("failed", thrown, undefined)
    }
    if (answer === LATER) return PENDING
    if (!isPromise(answer)) return this.#end("answered", answer.value, answer.usage)
    answer.then(
      ({ value, usage }) => this.answered(value, usage),
      (thrown: unknown) => this.failed(thrown),
    )
    return PENDING
  }

  answered(value: unknown, usage?: Usage): void {
    this.#arrive("answered", value, usage)
  }

  failed(thrown: unknown): void {
    this.#arrive("failed", thrown, undefined)
  }

  #arrive(state: "answered" | "failed", came: unknown, usage: Usage | undefined): void {
    if (this.#state !== "asked") return
    this.#state = state
    this.#came = came
    this.#usage = usage
    this.#frame.machine.arrive(this)
  }

  /** The job of what arrived. */
  work(): void {
    const state = this.#state
    if (state !== "answered" && state !== "failed") return
    const end = this.#end(state, this.#came, this.#usage)
    const frame = this.#frame
    if (end !== PENDING) frame.machine.resume(frame, this.#k, end)
  }

  /** The ask is aborted. */
  hear(reason: unknown): void {
    if (this.#state === "ended") return
    this.#state = "ended"
    this.#errands?.end(reason)
    this.#over("task_aborted", { reason })
    const { limits } = this.#frame.around
    if (limits !== undefined) this.#leave(limits, undefined)
    this.runner?.aborted(reason)
  }

  /** The first end counts; what comes after it is dropped. */
  #end(how: "answered" | "failed", came: unknown, usage: Usage | undefined): Outcome {
    if (this.#state === "ended") return PENDING
    this.#state = "ended"
    const frame = this.#frame
    const { ref } = this
    const { machine } = frame
    frame.cancel.forget(this)
    if (this.#errands !== undefined) this.#errands.end(over)
    if (frame.around.limits !== undefined) this.#leave(frame.around.limits, usage)
    const outcome =
      how === "failed"
        ? agentFailed(ref.name, came, this.path)
        : ref.output === undefined
          ? came
          : checked("InvalidOutput", ref.output, came, ref.name, frame, this.#local)
    if (outcome instanceof Failed) this.#over("task_failed", outcome.fault)
    else if (machine.telling !== undefined) {
      this.#over("task_completed", usage === undefined ? { output: outcome } : { output: outcome, usage })
    } else machine.waits.end()
    return outcome
  }

  #leave(limits: Limiter, usage: Usage | undefined): void {
    const holds = this.#errands?.holds ?? true
    limits.leave(this.ref, usage, holds && this.#frame.around.askedBy?.giveBack() !== true)
  }

  #over<T extends "task_completed" | "task_failed" | "task_aborted">(type: T, data: EventData[T]): void {
    const machine = this.#machine
    machine.waits.end()
    if (machine.telling !== undefined) machine.emit(type, this.path, data, this)
  }
}
