import type { Guard } from "../../node.js"
import { resuming } from "./control.js"
import { functionFailed, kindOf } from "./faults.js"
import { type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { evaluate } from "./pure.js"

/** The output if it holds, else `Rejected` with it. */
export function guarding(node: Guard, of: Exec, by: Exec | undefined, local: string): Exec {
  const { check } = node
  const judge = (frame: Frame, value: unknown, holds: Outcome): Outcome => {
    if (holds === true || holds instanceof Failed) return holds === true ? value : holds
    const path = frame.path(local)
    if (holds === false) {
      const message = `the value does not pass the guard${named(check)}`
      return new Failed({ _tag: "Rejected", path, message, value, retry: "no" })
    }
    const error = new TypeError(`its check gave ${kindOf(holds)}: expected true or false`)
    return functionFailed("guard", error, path, "failed")
  }
  return nested((frame, input, k) => {
    const checked = (value: Outcome): Outcome => {
      if (value instanceof Failed) return value
      if ("code" in check) return judge(frame, value, evaluate(check.code, frame, value, local))
      const holds = by?.(
        frame,
        value,
        resuming(frame, k, (later) => judge(frame, value, later)),
      )
      return holds === PENDING ? PENDING : judge(frame, value, holds)
    }
    const value = of(frame, input, resuming(frame, k, checked))
    return value === PENDING ? PENDING : checked(value)
  })
}

/** What the check says, in words. */
function named(check: Guard["check"]): string {
  if (!("code" in check)) return ""
  const { code } = check
  if (code._tag === "Fn") return code.name === undefined ? "" : `: ${code.name}`
  return typeof code.source === "string" ? `: ${code.source}` : ""
}
