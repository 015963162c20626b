import { nodeOf } from "../../build.js"
import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { type Either, left, right } from "../../../data/either.js"
import { type Defect, type Failure, type Fault, messageOf } from "../../../data/fault.js"
import { type Cancel, Listener } from "../../../data/cancel.js"
import { close } from "../../closed.js"
import * as make from "../../make.js"
import type { Node } from "../../node.js"
import type { EventData } from "../../event.js"
import type { Runtime } from "../../runtime.js"
import type { AnyFlow } from "../../types.js"
import { checked } from "./checked.js"
import { compile } from "./compile.js"
import type { Job } from "./jobs.js"
import { type Continuation, type Exec, Failed, Frame, Machine, type Outcome, PENDING } from "./machine.js"
import type { RunOptions } from "./options.js"

export type { RunOptions }

const defectOf = (cause: unknown): Defect => {
  const message = `the interpreter, or what listens to its events, failed: ${messageOf(cause)}`
  return { _tag: "Defect", path: "", message, cause, retry: "no" }
}

/** Milliseconds that side flows have once the flow has ended. */
const drain = 5_000

/** The node of each agent that another has asked. */
const asking = new WeakMap<AnyAgentRef, Node>()

/** One run: what listens for its abort, does its first work, and takes its outcome. One object, since most runs are short. */
class Execution extends Listener implements Continuation, Job {
  readonly #node: Node
  readonly #input: unknown
  readonly #options: RunOptions
  readonly #settle: (result: Either<Failure, unknown>) => void
  readonly #machine: Machine
  readonly #frame: Frame
  #begun = false
  #known = false
  #ended = false

  constructor(
    node: Node,
    input: unknown,
    runtime: Runtime,
    options: RunOptions,
    settle: (result: Either<Failure, unknown>) => void,
  ) {
    super()
    this.#node = node
    this.#input = input
    this.#options = options
    this.#settle = settle
    const machine = new Machine(runtime, options, this)
    this.#machine = machine
    this.#frame = new Frame(
      machine,
      machine.cancel,
      "",
      undefined,
      undefined,
      { input, limits: undefined, askedBy: undefined },
      0,
    )
  }

  start(): void {
    this.#options.cancel?.listen(this)
    this.#machine.arrive(this)
  }

  get cancel(): Cancel | undefined {
    return undefined
  }
  get starts(): boolean {
    return false
  }

  /** The run's first work. */
  work(): void {
    if (this.#ended) return
    this.#begin()
    if (this.#options.refused !== undefined) return this.#fail(this.#options.refused)
    const outcome = compile(this.#node)(this.#frame, this.#input, this)
    if (outcome !== PENDING) this.resume(outcome)
  }

  /** What the run holds is aborted, and told of, before the run itself: `run_aborted` is the last event. */
  hear(reason: unknown): void {
    this.#begin()
    this.#machine.cancel.cancel(reason)
    this.#end(left({ _tag: "Aborted", reason }), "run_aborted", "", { reason })
  }

  /** The flow has ended. What runs beside it may go on. */
  resume(outcome: Outcome): void {
    const machine = this.#machine
    const { output, drain: patience = drain } = this.#options
    const deaf = machine.telling?.deaf
    if (deaf !== undefined) return this.#fail(defectOf(deaf.thrown))
    const value =
      outcome instanceof Failed || output === undefined
        ? outcome
        : checked("InvalidOutput", output, outcome, "the flow", this.#frame, "")
    const result = value instanceof Failed ? left(value.fault) : right(value)
    this.#know(result)
    const end = (): void => {
      if (value instanceof Failed) this.#fail(value.fault)
      else this.#end(result, "run_completed", "", value)
    }
    if (machine.sided) machine.sides.drain(patience, end)
    else end()
  }

  /** Whatever comes first: the run's first work, or an abort before it. */
  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#machine.emit("run_started", "", { input: this.#input })
  }

  agent(ref: AnyAgentRef): Exec {
    let node = asking.get(ref)
    if (node === undefined) {
      node = make.agent(ref)
      asking.set(ref, node)
    }
    return compile(node)
  }

  broken(thrown: unknown): void {
    const defect = defectOf(thrown)
    this.#machine.cancel.cancel(defect.message)
    this.#fail(defect)
  }

  #fail(fault: Fault): void {
    this.#end(left(fault), "run_failed", fault.path, fault)
  }

  #know(result: Either<Failure, unknown>): void {
    if (this.#known) return
    this.#known = true
    this.#options.known?.(result)
  }

  #end<T extends "run_completed" | "run_failed" | "run_aborted">(
    result: Either<Failure, unknown>,
    type: T,
    path: string,
    data: EventData[T],
  ): void {
    if (this.#ended) return
    this.#ended = true
    const { telling } = this.#machine
    this.above?.forget(this)
    this.#options.ended?.()
    telling?.emitLast(type, path, data)
    const told = telling?.deaf === undefined ? result : left(defectOf(telling.deaf.thrown))
    this.#know(told)
    this.#settle(told)
  }
}

/**
 * Runs a flow on a runtime and calls `settle` once, when the run has ended: with its value, its fault, or `Aborted`.
 *
 * Everything that a run does is done here; `run`, `stream` and `start` of a system only differ in who listens.
 */
export function execute(
  flow: AnyFlow,
  input: unknown,
  runtime: Runtime,
  options: RunOptions,
  settle: (result: Either<Failure, unknown>) => void,
): void {
  let node: Node
  try {
    node = nodeOf(flow)
    close(node)
  } catch (refused) {
    options.ended?.()
    throw refused
  }
  new Execution(node, input, runtime, options, settle).start()
}
