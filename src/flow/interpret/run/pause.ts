import type { Frame } from "./machine.js"

/** Goes on after so many milliseconds, unless the frame is cancelled before. The run may be suspended meanwhile. */
export function pause(frame: Frame, local: string, ms: number, goOn: () => void): void {
  const { machine, cancel } = frame
  const { clock } = machine.runtime
  const wait = {
    get path() {
      return frame.path(local)
    },
    until: clock.now() + ms,
  }
  const stop = clock.after(ms, () => {
    off()
    machine.enter(() => {
      if (cancel.cancelled) return // in the same turn of the event loop
      waited()
      goOn()
    })
  })
  const off = cancel.onCancel(stop)
  const waited = machine.waits.open(wait, cancel)
}
