import { systemClock } from "../actor/clock.js"
import { leave } from "./early-end.js"
import { exitCodes } from "./exit.js"

/** Ctrl-C aborts; a second one, or work that does not end in time, ends the process. Gives what takes that back. */
export function onInterrupt(abort: () => void): () => void {
  const leaveNow = (): void => leave(exitCodes.interrupted)
  const once = (): void => {
    abort()
    process.once("SIGINT", leaveNow)
    systemClock.after(150, leaveNow)
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  for (const signal of signals) process.once(signal, once)
  return () => {
    for (const signal of signals) process.off(signal, once)
  }
}
