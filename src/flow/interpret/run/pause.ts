import type { Frame } from "./machine.js"

/** Goes on after so many milliseconds, unless the frame is cancelled before. */
function after(frame: Frame, ms: number, goOn: () => void): void {
  const { machine, cancel } = frame
  const stop = machine.runtime.clock.after(ms, () => {
    off()
    machine.enter(() => {
      if (!cancel.cancelled) goOn() // it may have been, in the same turn
    })
  })
  const off = cancel.onCancel(stop)
}

/** A part of the flow that waits for an instant: the run is suspended while all of it waits so. */
export function sleep(frame: Frame, local: string, ms: number, goOn: () => void): void {
  const { machine, cancel } = frame
  const wait = {
    get path() {
      return frame.path(local)
    },
    until: machine.runtime.clock.now() + ms,
  }
  after(frame, ms, () => {
    waited()
    goOn()
  })
  const waited = machine.waits.open(wait, cancel)
}

/** A part of the flow that is at work, and does nothing for so many milliseconds: the wait before another try. */
export function rest(frame: Frame, ms: number, goOn: () => void): void {
  const { waits } = frame.machine
  waits.hold()
  const off = frame.cancel.onCancel(() => waits.end())
  after(frame, ms, () => {
    off()
    waits.end()
    goOn()
  })
}
