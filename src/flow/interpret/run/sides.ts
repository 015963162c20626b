import { Cancel } from "../../../data/cancel.js"
import type { CancelTimer, Clock } from "../../../data/clock.js"
import type { Failure, Fault } from "../../../data/fault.js"

/** A side flow under way. */
export interface Side {
  readonly cancel: Cancel
  /** Its end, with its fault if it failed. What comes after an abort is not heard. */
  ended(fault: Fault | undefined): void
}

/** What side flows need of their run. */
export interface SideRun {
  readonly cancel: Cancel
  readonly clock: Clock
  enter(work: () => void): void
  failed(path: string, fault: Failure): void
}

/** The side flows of a run: they hold up no value, but the run has not ended before they have. */
export class Sides {
  readonly #run: SideRun
  #open: Map<Side, string> | undefined
  #done: (() => void) | undefined
  #timer: CancelTimer | undefined

  constructor(run: SideRun) {
    this.#run = run
  }

  open(path: string): Side {
    this.#open ??= new Map()
    const open = this.#open
    const cancel = new Cancel(this.#run.cancel)
    const side: Side = {
      cancel,
      ended: (fault) => {
        if (!open.delete(side)) return
        cancel.release()
        if (fault !== undefined) this.#run.failed(path, fault)
        if (open.size === 0) this.#end()
      },
    }
    open.set(side, path)
    return side
  }

  /** Calls `done` once all have ended, or after so many milliseconds, when the rest are aborted. */
  drain(ms: number, done: () => void): void {
    const open = this.#open
    if (open === undefined || open.size === 0) return done()
    this.#done = done
    this.#timer = this.#run.clock.after(ms, () => this.#run.enter(() => this.#abort(ms)))
    this.#run.cancel.onCancel(() => {
      this.#timer?.()
      open.clear()
    })
  }

  #abort(ms: number): void {
    if (this.#done === undefined || this.#run.cancel.cancelled) return // all may have ended in the same turn
    const reason = `a side flow was not done ${ms} ms after the flow`
    for (const [side, path] of this.#open ?? []) {
      this.#open?.delete(side)
      side.cancel.cancel(reason)
      this.#run.failed(path, { _tag: "Aborted", reason })
    }
    this.#end()
  }

  #end(): void {
    const done = this.#done
    if (done === undefined) return
    this.#done = undefined
    this.#timer?.()
    done()
  }
}
