import { Cancel } from "../../../data/cancel.js"
import type { Aborted, Fault } from "../../../data/fault.js"
import { under } from "../../../data/path.js"
import type { EventData, EventType, FlowEvent } from "../../event.js"
import type { Params, Runtime } from "../../runtime.js"

// A compiled node is a closure that takes its input and answers at once where it can: `run` puts no promise between
// synchronous steps. What cannot answer yet says PENDING and later resumes its continuation, once, or never when it was
// cancelled. A queue takes over where the stack grows too deep, and gives way to the event loop every few milliseconds.

/** The outcome "not yet": the continuation will be resumed. */
export const PENDING: unique symbol = Symbol("pending")

/** The outcome "failed". Anything else that is not PENDING is the value itself. */
export class Failed {
  readonly fault: Fault
  constructor(fault: Fault) {
    this.fault = fault
  }
}

/** A value, a `Failed`, or PENDING. */
export type Outcome = unknown

/** Where a pending node's outcome goes. */
export interface Continuation {
  resume(outcome: Outcome): void
}

/** A compiled node. */
export type Exec = (frame: Frame, input: unknown, k: Continuation) => Outcome

/** A name in scope with its value. */
export interface Binding {
  readonly name: string
  readonly value: unknown
  readonly outer: Binding | undefined
}

/** What a node runs in: its run, who may cancel it, where it is, what names it sees. */
export class Frame {
  readonly machine: Machine
  readonly cancel: Cancel
  /** The path up to the nearest counter. */
  readonly base: string
  readonly scope: Binding | undefined
  readonly deadline: number | undefined

  constructor(
    machine: Machine,
    cancel: Cancel,
    base: string,
    scope: Binding | undefined,
    deadline: number | undefined,
  ) {
    this.machine = machine
    this.cancel = cancel
    this.base = base
    this.scope = scope
    this.deadline = deadline
  }

  path(local: string): string {
    return under(this.base, local)
  }
  bind(name: string, value: unknown): Frame {
    return new Frame(this.machine, this.cancel, this.base, { name, value, outer: this.scope }, this.deadline)
  }
  at(base: string): Frame {
    return new Frame(this.machine, this.cancel, base, this.scope, this.deadline)
  }
  under(cancel: Cancel, deadline: number | undefined = this.deadline): Frame {
    return new Frame(this.machine, cancel, this.base, this.scope, deadline)
  }
}

/** Who and where a run is. */
export interface RunOptions {
  readonly runId: string
  readonly params?: Params
  /** Aborts the run when cancelled. */
  readonly cancel?: Cancel
  /** Where the actors of this run live; default `/RUNID`. */
  readonly agentPath?: string
}

/** The deepest that compiled nodes call one another before the queue takes over. */
const maxDepth = 256
/** Milliseconds of synchronous work after which the event loop gets its turn (10 are promised). */
const slice = 8

/** One run: its queue of postponed work, its clock, and its numbered events. */
export class Machine {
  readonly runtime: Runtime
  readonly input: unknown
  readonly params: Params
  readonly runId: string
  readonly agentPath: string
  readonly cancel: Cancel = new Cancel()
  tasks = 0
  depth = 0
  /** Ends the run when the interpreter itself, or the one who gets its events, throws. */
  readonly defect: (thrown: unknown) => void
  #seq = 0
  #queue: (() => void)[] = []
  #draining = false
  #sliceStart: number

  constructor(runtime: Runtime, input: unknown, options: RunOptions, defect: (thrown: unknown) => void) {
    this.defect = defect
    this.runtime = runtime
    this.input = input
    this.params = options.params ?? {}
    this.runId = options.runId
    this.agentPath = options.agentPath ?? `/${options.runId}`
    this.#sliceStart = runtime.clock.elapsed()
  }

  /** Runs work that comes from outside: a settled promise, a timer. */
  enter(work: () => void): void {
    this.#queue.push(work)
    this.#drain()
  }

  /** Postpones work of a frame until the stack has unwound. Work of a cancelled frame is dropped. */
  later(frame: Frame, work: () => void): void {
    this.#queue.push(() => {
      if (!frame.cancel.cancelled) work()
    })
    this.#drain()
  }

  /** Resumes a continuation with an outcome, on a stack that stays shallow. */
  resume(frame: Frame, k: Continuation, outcome: Outcome): void {
    if (this.depth >= maxDepth) {
      this.later(frame, () => k.resume(outcome))
      return
    }
    this.depth++
    k.resume(outcome)
    this.depth--
  }

  /** Whether the event loop has waited long enough. */
  overdue(): boolean {
    return this.runtime.clock.elapsed() - this.#sliceStart > slice
  }

  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    const { clock } = this.runtime
    let next = 0
    while (next < this.#queue.length) {
      if (clock.elapsed() - this.#sliceStart > slice) {
        this.#queue = this.#queue.slice(next)
        clock.yield(() => {
          this.#sliceStart = clock.elapsed()
          this.#draining = false
          this.#drain()
        })
        return
      }
      this.depth = 0
      try {
        this.#queue[next++]?.()
      } catch (thrown) {
        this.defect(thrown)
      }
    }
    this.#queue = []
    this.#draining = false
  }

  /** Tells of something that happened. Costs nothing when nobody listens. */
  emit<T extends EventType>(type: T, path: string, data: EventData[T], task?: EventTask): void {
    const { emit, clock } = this.runtime
    if (emit === undefined) return
    emit({
      runId: this.runId,
      seq: this.#seq++,
      time: clock.now(),
      path,
      taskId: task?.taskId ?? this.runId,
      parentTaskId: task === undefined ? undefined : this.runId,
      agentPath: task?.agentPath ?? this.agentPath,
      parentAgentPath: task === undefined ? undefined : this.agentPath,
      type,
      data,
    } as FlowEvent)
  }

  /** Whether events are built at all. */
  get listening(): boolean {
    return this.runtime.emit !== undefined
  }
}

/** The task an event speaks of. */
export interface EventTask {
  readonly taskId: string
  readonly agentPath: string
}

/** Bounds the stack: beyond `maxDepth` the node runs from the queue. */
export function nested(exec: Exec): Exec {
  return (frame, input, k) => {
    const { machine } = frame
    if (machine.depth >= maxDepth) {
      machine.later(frame, () => {
        const outcome = exec(frame, input, k)
        if (outcome !== PENDING) machine.resume(frame, k, outcome)
      })
      return PENDING
    }
    machine.depth++
    const outcome = exec(frame, input, k)
    machine.depth--
    return outcome
  }
}

/** The reason with which a part of a flow is cancelled that is no longer wanted. */
export const notNeeded: Aborted = { _tag: "Aborted", reason: "no longer needed" }
