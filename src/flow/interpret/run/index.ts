import { type Either, left, right } from "../../../data/either.js"
import { type Failure, messageOf } from "../../../data/fault.js"
import type { Unsubscribe } from "../../../data/cancel.js"
import { close } from "../../closed.js"
import type { Runtime } from "../../runtime.js"
import type { AnyFlow } from "../../types.js"
import { compile } from "./compile.js"
import { Failed, Frame, Machine, type Outcome, PENDING, type RunOptions } from "./machine.js"

export type { RunOptions }

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
  close(flow.node)
  let ended = false
  let off: Unsubscribe = () => undefined
  const end = (result: Either<Failure, unknown>, tell: () => void): void => {
    if (ended) return
    ended = true
    off()
    tell()
    settle(result)
  }
  const machine = new Machine(runtime, input, options, (thrown) => {
    const message = `the interpreter failed: ${messageOf(thrown)}`
    const defect: Failure = { _tag: "Defect", path: "", message, cause: thrown, retry: "no" }
    machine.cancel.cancel(defect)
    end(left(defect), () => undefined)
  })
  const { cancel } = machine
  // What the run holds is aborted, and told of, before the run itself: `run_aborted` is the last event.
  const abort = (reason: unknown): void => {
    cancel.cancel(reason)
    end(left({ _tag: "Aborted", reason }), () => machine.emit("run_aborted", "", { reason }))
  }
  const finish = (outcome: Outcome): void => {
    if (outcome instanceof Failed) {
      const { fault } = outcome
      end(left(fault), () => machine.emit("run_failed", fault.path, fault))
    } else end(right(outcome), () => machine.emit("run_completed", "", outcome))
  }

  off = options.cancel?.onCancel(abort) ?? off
  const frame = new Frame(machine, cancel, "", undefined, undefined)
  machine.enter(() => {
    if (ended) return
    machine.emit("run_started", "", { input })
    const outcome = compile(flow.node)(frame, input, { resume: finish })
    if (outcome !== PENDING) finish(outcome)
  })
}
