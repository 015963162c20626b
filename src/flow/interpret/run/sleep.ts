import type { Sleep } from "../../node.js"
import { type Exec, PENDING } from "./machine.js"
import { pause } from "./pause.js"

/** Waits on the clock of the run, and passes the input on. */
export function sleeping({ ms }: Sleep, local: string): Exec {
  return (frame, input, k) => {
    if (frame.cancel.cancelled) return PENDING
    pause(frame, local, ms, () => frame.machine.resume(frame, k, input))
    return PENDING
  }
}
