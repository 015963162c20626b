import { type Either, isRight, left } from "../../../data/either.js"
import type { AnyAgentRef } from "../../../data/agent-ref.js"
import type { Cancel } from "../../../data/cancel.js"
import { messageOf } from "../../../data/fault.js"
import type { Issue, Schema } from "../../../data/schema.js"
import type { EventData, Usage } from "../../event.js"
import type { Agent, Override } from "../../node.js"
import type { Answer, Ask, AskEvent, Params, Settings } from "../../runtime.js"
import type { DeltaType } from "./deltas.js"
import { agentFailed } from "./faults.js"
import { type Continuation, type Exec, Failed, type Frame, type Machine, type Outcome, PENDING } from "./machine.js"
import { evaluate } from "./pure.js"

const isDelta = (type: AskEvent): type is DeltaType => type === "task_chunk" || type === "text_delta"

/** One ask under way. Ids and paths are made when somebody reads them. */
class Task implements Ask {
  readonly ref: AnyAgentRef
  readonly input: unknown
  readonly settings: Settings | undefined
  readonly #local: string
  #path: string | undefined
  readonly #frame: Frame
  readonly #number: number
  #ended = false

  constructor(frame: Frame, ref: AnyAgentRef, input: unknown, settings: Settings | undefined, local: string) {
    this.ref = ref
    this.input = input
    this.settings = settings
    this.#local = local
    this.#frame = frame
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
    return `${this.#machine.agentPath}/${this.ref.name}-${this.#number}`
  }
  get cancel(): Cancel {
    return this.#frame.cancel
  }
  get deadline(): number | undefined {
    return this.#frame.deadline
  }
  /** An agent that goes on after its end is not heard. */
  emit<T extends AskEvent>(type: T, data: EventData[T]): void {
    if (this.#ended) return
    if (isDelta(type) && typeof data === "string") this.#machine.telling.emitDelta(type, this.path, data, this)
    else this.#machine.emit(type, this.path, data, this)
  }
  started(): void {
    this.#machine.waits.begin(this)
    if (this.#machine.telling.listening) {
      this.#machine.emit("task_started", this.path, { agent: this.ref.name, input: this.input }, this)
    }
  }
  ended<T extends "task_completed" | "task_failed" | "task_aborted">(type: T, data: EventData[T]): void {
    this.#ended = true
    this.#machine.waits.end()
    if (this.#machine.telling.listening) this.#machine.emit(type, this.path, data, this)
  }
}

/** Issues in a row, the first three of them. */
export const problems = (issues: readonly Issue[]): string =>
  issues
    .slice(0, 3)
    .map(({ at, message }) => (at === "" ? message : `${at}: ${message}`))
    .join("; ")

/** A schema may hold functions of its author's, which may throw. */
export function parse(schema: Schema<unknown>, value: unknown): Either<readonly Issue[], unknown> {
  try {
    return schema.parse(value)
  } catch (thrown) {
    return left([{ at: "", message: `its schema threw: ${messageOf(thrown)}` }])
  }
}

export function checked(
  tag: "InvalidInput" | "InvalidOutput",
  schema: Schema<unknown> | undefined,
  value: unknown,
  agent: string,
  frame: Frame,
  local: string,
): Outcome {
  if (schema === undefined) return value
  const parsed = parse(schema, value)
  if (isRight(parsed)) return parsed.right
  const issues = parsed.left
  const side = tag === "InvalidInput" ? "what it got" : "its answer"
  const message = `${agent}: ${side} does not fit its schema: ${problems(issues)}`
  const path = frame.path(local)
  return new Failed({ _tag: tag, path, message, value, issues, retry: tag === "InvalidInput" ? "no" : "yes" })
}

function settingsOf(override: Override, frame: Frame, value: unknown, local: string): Settings | Failed {
  const { prompt: promptCode, systemPrompt: systemCode, ...rest } = override
  const prompt = promptCode && evaluate(promptCode, frame, value, local)
  if (prompt instanceof Failed) return prompt
  const systemPrompt = systemCode && evaluate(systemCode, frame, value, local)
  if (systemPrompt instanceof Failed) return systemPrompt
  return {
    ...rest,
    ...(promptCode === undefined ? {} : { prompt }),
    ...(systemCode === undefined ? {} : { systemPrompt }),
  }
}

const isPromise = (answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> =>
  "then" in answer && typeof answer.then === "function"

/** Asks the agent through the runtime, its input checked before and its output after. */
export function ask({ ref, override }: Agent, local: string): Exec {
  const begin = (frame: Frame, input: unknown, settings: Settings | undefined, k: Continuation): Outcome => {
    const { machine } = frame
    const task = new Task(frame, ref, input, settings, local)
    const left = (usage?: Usage): void => frame.around.limits?.leave(ref, usage)
    const fail = (failed: Failed): Failed => {
      task.ended("task_failed", failed.fault)
      return failed
    }
    const complete = ({ value, usage }: Answer): Outcome => {
      const output = checked("InvalidOutput", ref.output, value, ref.name, frame, local)
      if (output instanceof Failed) return fail(output)
      task.ended("task_completed", usage === undefined ? { output } : { output, usage })
      return output
    }

    task.started()
    let settled = false
    // Before the agent is asked: what it does at once may abort it.
    const off = frame.cancel.onCancel((reason) => {
      if (settled) return
      settled = true
      task.ended("task_aborted", { reason })
      left()
    })
    /** The first end counts; what comes after it is dropped. */
    const once = (outcome: () => Outcome, usage?: Usage): Outcome => {
      if (settled) return PENDING
      settled = true
      off()
      left(usage)
      return outcome()
    }
    let answer: Answer | PromiseLike<Answer>
    try {
      answer = machine.runtime.ask(task)
    } catch (thrown) {
      return once(() => fail(agentFailed(ref.name, thrown, task.path)))
    }
    if (!isPromise(answer)) {
      const given = answer
      return once(() => complete(given), given.usage)
    }
    const settle = (outcome: () => Outcome, usage?: Usage): void => {
      machine.enter(() => {
        const end = once(outcome, usage)
        if (end !== PENDING) machine.resume(frame, k, end)
      })
    }
    answer.then(
      (value) => settle(() => complete(value), value.usage),
      (thrown: unknown) => settle(() => fail(agentFailed(ref.name, thrown, task.path))),
    )
    return PENDING
  }

  return (frame, given, k) => {
    if (frame.cancel.cancelled) return PENDING
    const input = checked("InvalidInput", ref.input, given, ref.name, frame, local)
    if (input instanceof Failed) return input
    const settings = override && settingsOf(override, frame, given, local)
    if (settings instanceof Failed) return settings
    const { limits } = frame.around
    if (limits === undefined) return begin(frame, input, settings, k)
    const { machine, cancel } = frame
    /** It has its place; while the run is paused, it starts later. */
    const start = (): Outcome => {
      if (!machine.paused) return begin(frame, input, settings, k)
      const off = cancel.onCancel(() => limits.leave(ref, undefined))
      machine.later(frame, () => {
        off()
        const outcome = begin(frame, input, settings, k)
        if (outcome !== PENDING) machine.resume(frame, k, outcome)
      })
      return PENDING
    }
    return limits.admit({
      ref,
      cancel,
      path: () => frame.path(local),
      start,
      resume: (outcome) => machine.resume(frame, k, outcome),
      // While a run is aborted, places are freed one after the other: none of them is taken any more.
      enter: (work) =>
        machine.enter(() => {
          if (!machine.cancel.cancelled) work()
        }),
    })
  }
}
