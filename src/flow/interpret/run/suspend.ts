import { isLeft } from "../../../data/either.js"
import { FlowError } from "../../../data/fault.js"
import type { Suspend } from "../../node.js"
import { parse, problems } from "./checked.js"
import { functionFailed, kindOf } from "./faults.js"
import { type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { evaluate } from "./pure.js"

/** The name under which the answer will come: a text. */
function nameOf(name: Suspend["name"], frame: Frame, input: unknown, local: string): string | Failed {
  const value: Outcome = typeof name === "string" ? name : evaluate(name, frame, input, local)
  if (value instanceof Failed || (typeof value === "string" && value !== "")) return value
  const found = value === "" ? "an empty text" : kindOf(value)
  const error = new TypeError(`the name of a suspend is ${found}: expected a text`)
  return functionFailed("suspend", error, frame.path(local))
}

/** Waits until an answer that fits comes in by its name, and gives it. */
export function suspending({ name: given, schema }: Suspend, local: string): Exec {
  return (frame, input, k) => {
    if (frame.cancel.cancelled) return PENDING
    const { machine, cancel } = frame
    const path = frame.path(local)
    const name = nameOf(given, frame, input, local)
    if (name instanceof Failed) return name
    const earlier = machine.signals.at(name)
    if (earlier !== undefined) {
      const message = `the run waits for an answer named ${JSON.stringify(name)} already, at ${earlier.path || "its root"}`
      const issues = [{ at: "", message: "give each suspend that may be open at one time a name of its own" }]
      const what = `${message}: ${problems(issues)}`
      return new Failed({ _tag: "InvalidInput", path, message: what, value: name, issues, retry: "no" })
    }
    const take = (value: unknown): void => {
      const parsed = parse(schema, value)
      if (isLeft(parsed)) {
        const issues = parsed.left
        const message = `the answer ${JSON.stringify(name)} does not fit its schema: ${problems(issues)}`
        throw new FlowError({ _tag: "InvalidInput", path, message, value, issues, retry: "no" })
      }
      off()
      close()
      machine.enter(() => {
        if (cancel.cancelled) return // aborted in the same turn of the event loop
        stop()
        machine.resume(frame, k, parsed.right)
      })
    }
    const close = machine.signals.open({ name, path, take })
    const off = cancel.onCancel(close)
    const stop = machine.waits.open({ path, name }, cancel)
    return PENDING
  }
}
