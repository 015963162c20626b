import type { Frame } from "./machine.js"

/** Goes on after so many milliseconds, unless the frame is cancelled before. */
export function pause(frame: Frame, ms: number, goOn: () => void): void {
  const { machine, cancel } = frame
  const stop = machine.runtime.clock.after(ms, () => {
    off()
    machine.enter(() => {
      if (!cancel.cancelled) goOn() // it may have been cancelled in the same turn of the event loop
    })
  })
  const off = cancel.onCancel(stop)
}
