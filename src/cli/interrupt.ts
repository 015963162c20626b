import { systemClock } from "../actor/clock.js"
import { leave } from "./early-end.js"
import { exitCodes } from "./exit.js"

/**
 * Ctrl-C aborts; a second one, or work that does not end in `patience` milliseconds, ends the process. Gives what takes
 * the first back.
 */
export function onInterrupt(abort: () => void, patience = 150): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  const leaveNow = (): void => leave(exitCodes.interrupted)
  const once = (): void => {
    abort()
    for (const signal of signals) process.once(signal, leaveNow)
    systemClock.after(patience, leaveNow)
  }
  for (const signal of signals) process.once(signal, once)
  return () => {
    for (const signal of signals) process.off(signal, once)
  }
}
