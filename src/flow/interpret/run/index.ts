import { nodeOf } from "../../build.js"
import { type Either, left, right } from "../../../data/either.js"
import { type Defect, type Failure, type Fault, messageOf } from "../../../data/fault.js"
import type { Unsubscribe } from "../../../data/cancel.js"
import { close } from "../../closed.js"
import type { Runtime } from "../../runtime.js"
import type { AnyFlow } from "../../types.js"
import { checked } from "./checked.js"
import { compile } from "./compile.js"
import { Failed, Frame, Machine, type Outcome, PENDING } from "./machine.js"
import type { RunOptions } from "./options.js"

export type { RunOptions }

const defectOf = (cause: unknown): Defect => {
  const message = `the interpreter, or what listens to its events, failed: ${messageOf(cause)}`
  return { _tag: "Defect", path: "", message, cause, retry: "no" }
}

/** Milliseconds that side flows have once the flow has ended. */
const drain = 5_000

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
  const node = nodeOf(flow)
  try {
    close(node)
  } catch (refused) {
    options.ended?.()
    throw refused
  }
  let ended = false
  let known = false
  let off: Unsubscribe = () => undefined
  const know = (result: Either<Failure, unknown>): void => {
    if (known) return
    known = true
    options.known?.(result)
  }
  const end = (result: Either<Failure, unknown>, tell: () => void): void => {
    if (ended) return
    ended = true
    off()
    options.ended?.()
    tell()
    const told = machine.telling.deaf === undefined ? result : left(defectOf(machine.telling.deaf.thrown))
    know(told)
    settle(told)
  }
  const fail = (fault: Fault): void => end(left(fault), () => machine.telling.emitLast("run_failed", fault.path, fault))
  const machine = new Machine(runtime, options, (thrown) => {
    const defect = defectOf(thrown)
    machine.cancel.cancel(defect.message)
    fail(defect)
  })
  const { cancel } = machine
  let begun = false
  /** Whatever comes first: the run's first work, or an abort before it. */
  const begin = (): void => {
    if (begun) return
    begun = true
    machine.emit("run_started", "", { input })
  }
  // What the run holds is aborted, and told of, before the run itself: `run_aborted` is the last event.
  const abort = (reason: unknown): void => {
    begin()
    cancel.cancel(reason)
    end(left({ _tag: "Aborted", reason }), () => machine.telling.emitLast("run_aborted", "", { reason }))
  }
  const finish = (outcome: Outcome): void => {
    if (machine.telling.deaf !== undefined) return fail(defectOf(machine.telling.deaf.thrown))
    const value =
      outcome instanceof Failed ? outcome : checked("InvalidOutput", options.output, outcome, "the flow", frame, "")
    know(value instanceof Failed ? left(value.fault) : right(value))
    machine.drainSides(options.drain ?? drain, () => {
      if (value instanceof Failed) fail(value.fault)
      else end(right(value), () => machine.telling.emitLast("run_completed", "", value))
    })
  }

  off = options.cancel?.onCancel(abort) ?? off
  const frame = new Frame(machine, cancel, "", undefined, undefined, { input, limits: undefined }, 0)
  machine.enter(() => {
    if (ended) return
    begin()
    if (options.refused !== undefined) return fail(options.refused)
    const outcome = compile(node)(frame, input, { resume: finish })
    if (outcome !== PENDING) finish(outcome)
  })
}
