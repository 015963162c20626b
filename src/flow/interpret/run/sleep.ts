import type { Sleep } from "../../node.js"
import { type Exec, PENDING } from "./machine.js"
import { sleep } from "./pause.js"

/** Waits on the clock of the run, and passes the input on. */
export function sleeping({ ms }: Sleep, local: string): Exec {
  return (frame, input, k) => {
    if (frame.cancel.cancelled) return PENDING
    sleep(frame, local, ms, () => frame.machine.resume(frame, k, input))
    return PENDING
  }
}
