import { segment, under } from "../../../data/path.js"
import { sideSegments } from "../../fold.js"
import type { Divert } from "../../node.js"
import { resuming } from "./control.js"
import { functionFailed, kindOf } from "./faults.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { evaluate } from "./pure.js"

/** Hands the output over to a side flow as well, and passes it on. */
export function diverting(node: Divert, of: Exec, side: Exec, local: string): Exec {
  const beside = under(local, segment(node.side.id ?? sideSegments[node.how]))
  const give =
    node.how === "tap"
      ? (frame: Frame, value: unknown, k: Continuation) => waitFor(side, frame, value, k)
      : (frame: Frame, value: unknown) => {
          const diverts = holds(node.when, frame, value, local)
          if (diverts instanceof Failed) {
            // What does not hold up the value does not fail it either.
            frame.machine.emit("side_failed", frame.path(beside), { fault: diverts.fault })
          } else if (diverts) start(side, frame, value, frame.path(beside))
          return value
        }
  return nested((frame, input, k) => {
    const go = (value: Outcome): Outcome => (value instanceof Failed ? value : give(frame, value, k))
    const value = of(frame, input, resuming(frame, k, go))
    return value === PENDING ? PENDING : go(value)
  })
}

/** Its failure is that of the flow. */
function waitFor(side: Exec, frame: Frame, value: unknown, k: Continuation): Outcome {
  const go = (outcome: Outcome): Outcome => (outcome instanceof Failed ? outcome : value)
  const outcome = side(frame, value, resuming(frame, k, go))
  return outcome === PENDING ? PENDING : go(outcome)
}

function holds(when: Divert["when"], frame: Frame, value: unknown, local: string): boolean | Failed {
  const answer = when === undefined ? true : evaluate(when, frame, value, local)
  if (typeof answer === "boolean" || answer instanceof Failed) return answer
  const error = new TypeError(`the condition of a side flow gave ${kindOf(answer)}: expected true or false`)
  return functionFailed("when", error, frame.path(local))
}

/** Begins where the flow gives way, so that the value is never held up; it belongs to the run. */
function start(exec: Exec, frame: Frame, value: unknown, path: string): void {
  const { machine } = frame
  const side = machine.sides.open(path)
  machine.enter(() => {
    if (side.cancel.cancelled) return
    const end = (outcome: Outcome): void => side.ended(outcome instanceof Failed ? outcome.fault : undefined)
    const outcome = exec(frame.beside(side.cancel), value, { resume: end })
    if (outcome !== PENDING) end(outcome)
  })
}
