import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { Cancel } from "../../../data/cancel.js"
import type { Around, Binding } from "./around.js"
import { Instant } from "./instant.js"
import { type Base, joined, textOf } from "./late-path.js"
import type { Continuation, Outcome } from "./outcome.js"
import type { EventData, EventTask, EventType, Wait } from "../../event.js"
import type { Params, Runtime } from "../../runtime.js"
import type { Backlog } from "./backlog.js"
import { type Job, Jobs } from "./jobs.js"
import type { RunOptions } from "./options.js"
import { Pace } from "./pace.js"
import { Sides } from "./sides.js"
import { Signals } from "./signals.js"
import { Telling } from "./telling.js"
import { type Teller, Waits } from "./waits.js"

// A compiled node is a closure that takes its input and answers at once where it can: `run` puts no promise between
// synchronous steps. What cannot answer yet says PENDING and later resumes its continuation, once, or never when it was
// cancelled. A queue takes over where the stack grows too deep, and gives way to the event loop every few milliseconds. What
// was postponed runs in the order in which calls would have run it: how deep or slow a part is changes no outcome.

export type { Binding } from "./around.js"
export * from "./outcome.js"

/** A compiled node. */
export type Exec = (frame: Frame, input: unknown, k: Continuation) => Outcome

/** What a node runs in: its run, who may cancel it, where it is, what names it sees. */
export class Frame {
  readonly machine: Machine
  readonly cancel: Cancel
  /** The path up to the nearest counter. */
  readonly base: Base
  readonly scope: Binding | undefined
  readonly deadline: number | undefined
  readonly around: Around
  /** How many groups of members it is in. */
  readonly level: number

  constructor(
    machine: Machine,
    cancel: Cancel,
    base: Base,
    scope: Binding | undefined,
    deadline: number | undefined,
    around: Around,
    level: number,
  ) {
    this.machine = machine
    this.cancel = cancel
    this.base = base
    this.scope = scope
    this.deadline = deadline
    this.around = around
    this.level = level
  }

  path(local: string): string {
    return joined(textOf(this.base), local)
  }
  bind(name: string, value: unknown): Frame {
    const { machine, cancel, base, scope: outer, deadline, around, level } = this
    return new Frame(machine, cancel, base, { name, value, outer }, deadline, around, level)
  }
  at(base: Base): Frame {
    const { machine, cancel, scope, deadline, around, level } = this
    return new Frame(machine, cancel, base, scope, deadline, around, level)
  }
  /** For what belongs to the run, and to no part of it. */
  beside(cancel: Cancel): Frame {
    const { machine, base, scope, around, level } = this
    return new Frame(machine, cancel, base, scope, undefined, around, level)
  }
  under(cancel: Cancel, deadline: number | undefined = this.deadline): Frame {
    const { machine, base, scope, around, level } = this
    return new Frame(machine, cancel, base, scope, deadline, around, level)
  }
  /** For the members of a group. */
  members(cancel: Cancel): Frame {
    const { machine, base, scope, deadline, around, level } = this
    return new Frame(machine, cancel, base, scope, deadline, around, level + 1)
  }
  /** Under one more limit. */
  limited(limits: Around["limits"]): Frame {
    const { machine, cancel, base, scope, deadline, around, level } = this
    return new Frame(machine, cancel, base, scope, deadline, { ...around, limits }, level)
  }
  /** For a flow that is called: no name from here is in scope there, and `input` is what the call was given. */
  called(input: unknown): Frame {
    const { machine, cancel, base, deadline, around, level } = this
    return new Frame(machine, cancel, base, undefined, deadline, { ...around, input }, level)
  }
}

/** The deepest that compiled nodes call one another before the queue takes over. */
export const maxDepth = 256
const noParams: Params = Object.freeze({})

interface Run {
  /** Ends it when the interpreter itself, or the one who gets its events, throws. */
  broken(thrown: unknown): void
  /** The node that asks an agent, compiled. */
  agent(ref: AnyAgentRef): Exec
}

/** One run: its postponed work, its clock, its events. */
export class Machine implements Teller {
  readonly runtime: Runtime
  readonly params: Params
  readonly cancel: Cancel = new Cancel()
  readonly waits: Waits
  /** Undefined where nobody listens: then no event is built. */
  telling: Telling | undefined
  tasks = 0
  depth = 0
  readonly #options: RunOptions
  readonly #run: Run
  readonly #backlog: Backlog | undefined
  // Most runs are short, and need none of these.
  #jobs: Jobs | undefined
  #signals: Signals | undefined
  #instant: Instant | undefined
  #sides: Sides | undefined
  #draining = false
  readonly #pace: Pace

  constructor(runtime: Runtime, options: RunOptions, run: Run) {
    this.#run = run
    this.runtime = runtime
    this.#options = options
    this.#pace = new Pace(runtime.clock)
    this.params = options.params ?? noParams
    this.waits = new Waits(this.cancel, this)
    this.telling = runtime.emit === undefined ? undefined : this.#teller()
    this.#backlog = options.backlog
    if (this.#backlog !== undefined) this.#backlog.onRoom = () => this.#goOn()
  }

  #teller(): Telling {
    const { runtime, runId, agentPath } = this
    return new Telling(runtime, runId, agentPath, this.#options.backlog, (thrown) => {
      this.enter(() => this.#run.broken(thrown))
    })
  }

  /** Somebody in the run reads events of it, whether or not anybody outside does. */
  listen(): void {
    this.telling ??= this.#teller()
  }

  agent(ref: AnyAgentRef): Exec {
    return this.#run.agent(ref)
  }

  get runId(): string {
    return this.#options.runId
  }
  get agentPath(): string {
    return this.#options.agentPath ?? `/${this.#options.runId}`
  }
  /** Where answers to suspends come in. */
  get signals(): Signals {
    return (this.#signals ??= this.#options.signals ?? new Signals())
  }

  suspended(waits: readonly Wait[]): void {
    this.emit("run_suspended", "", { waits })
  }

  resumed(path: string): void {
    this.emit("run_resumed", path, { path })
  }

  /** What is decided when an instant of the clock is over. */
  get instant(): Instant {
    return (this.#instant ??= new Instant(this.runtime.clock, (work) => this.enter(work), this.waits))
  }

  /** What runs beside the flow. Few flows have any. */
  get sides(): Sides {
    return (this.#sides ??= new Sides({
      cancel: this.cancel,
      clock: this.runtime.clock,
      enter: (work) => this.enter(work),
      failed: (path, fault) => this.emit("side_failed", path, { fault }),
    }))
  }

  get #queue(): Jobs {
    return (this.#jobs ??= new Jobs())
  }

  get sided(): boolean {
    return this.#sides !== undefined
  }

  /** Runs work that comes from outside: a settled promise, a timer. */
  enter(work: () => void): void {
    this.arrive({ cancel: undefined, starts: false, work })
  }

  /** The same for work that is a job already: the answer of an ask. */
  arrive(job: Job): void {
    if (this.#draining || this.#jobs?.empty === false || this.#pace.lateOnArrival()) {
      this.#queue.arrive(job)
      return this.#drain()
    }
    this.#draining = true // it is all that there is to do: no queue
    this.#do(job)
    this.#draining = false
    if (this.#jobs === undefined) this.#rest()
    else this.#drain()
  }

  /** Postpones the start of a part of a frame until the stack has unwound. Work of a cancelled frame is dropped. */
  later(frame: Frame, work: () => void): void {
    this.#queue.postpone(frame.cancel, true, work)
    this.#drain()
  }

  /** Whether the work at hand has postponed a part of itself, which synchronous calls would have finished by now. */
  get postponed(): boolean {
    return this.#jobs?.postponed === true
  }

  /** Whether nothing may start: too many events wait for the one who reads them. Outcomes and deadlines go on. */
  get paused(): boolean {
    return this.#backlog !== undefined && this.#backlog.full
  }

  /** Resumes a continuation with an outcome, on a stack that stays shallow. */
  resume(frame: Frame, k: Continuation, outcome: Outcome): void {
    if (this.depth >= maxDepth) {
      this.#queue.postpone(frame.cancel, false, () => k.resume(outcome))
      return this.#drain()
    }
    this.depth++
    k.resume(outcome)
    this.depth--
  }

  /** Whether nothing may start in this turn: the event loop has waited long enough, or the run is paused. */
  overdue(): boolean {
    return this.paused || this.#pace.late()
  }

  #drain(): void {
    if (this.#draining) return
    const jobs = this.#jobs
    if (jobs === undefined || jobs.empty) return this.#rest()
    this.#draining = true
    for (;;) {
      jobs.stack()
      if (this.#pace.late() && jobs.waits(this.paused)) return this.#giveWay()
      const job = jobs.next(this.paused)
      if (job === undefined) break
      if (!job.cancel?.cancelled) this.#do(job)
    }
    this.#draining = false
    this.#rest()
  }

  #do(job: Job): void {
    this.depth = 0
    try {
      job.work()
    } catch (thrown) {
      this.#run.broken(thrown)
    }
  }

  /** Nothing more can be done at this moment. */
  #rest(): void {
    this.#signals?.resting()
    if (this.#jobs?.waits(false) !== true) this.waits.idle()
  }

  /** Goes on in a later turn of the event loop: first with what has arrived by then, a deadline perhaps. */
  #giveWay(): void {
    this.signals.working()
    this.runtime.clock.yield(() => {
      this.#queue.welcome()
      this.#pace.afresh()
      this.#draining = false
      this.#drain()
    })
  }

  /** Goes on after a pause. */
  #goOn(): void {
    this.telling?.flush()
    this.#drain()
  }

  /** Tells of something that happened. Costs nothing when nobody listens. */
  emit<T extends EventType>(type: T, path: string, data: EventData[T], task?: EventTask): void {
    this.telling?.emit(type, path, data, task)
  }
}
