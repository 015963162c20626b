import { Cancel } from "../../../data/cancel.js"
import { type Continuation, Failed, type Frame, notNeeded, type Outcome, PENDING } from "./machine.js"
import { Tally } from "./tally.js"

/** A quorum over the elements of a list: every one is awaited, unless so many fail that it has become impossible. */
export class ElementQuorum {
  readonly cancel: Cancel
  readonly #tally: Tally
  readonly #frame: Frame
  readonly #path: string
  readonly #k: Continuation
  #starting = -1
  #first = true
  #closing = false

  constructor(frame: Frame, size: number, needed: number, path: string, k: Continuation) {
    this.cancel = new Cancel(frame.cancel)
    this.#tally = new Tally(size, needed)
    this.#frame = frame
    this.#path = path
    this.#k = k
  }

  get open(): boolean {
    return !this.#closing && !this.cancel.cancelled
  }

  start(index: number): void {
    if (this.#first) this.#starting = index
  }

  started(): void {
    this.#first = false
    this.#starting = -1
  }

  take(index: number, outcome: Outcome): Outcome {
    if (this.cancel.cancelled) return PENDING
    if (outcome instanceof Failed && outcome.fault._tag === "Defect") return this.#close(outcome)
    const settled = outcome instanceof Failed ? { fault: outcome.fault } : { value: outcome }
    this.#tally.take(index, settled, this.#frame.machine.runtime.clock.now(), this.#closing)
    return this.#closing ? PENDING : this.end(index === this.#starting)
  }

  /** The end, once what has settled decides; before any has, there may be too few elements. */
  end(final = true): Outcome {
    const tally = this.#tally
    const nameOf = String
    const { machine, level } = this.#frame
    if (!tally.decided) return PENDING
    if (tally.settleInstant(final)) {
      if (!tally.possible) return this.#close(tally.notMet(this.#path, nameOf))
      machine.emit("quorum_reached", this.#path, tally.reached)
      return this.#close(tally.result(nameOf))
    }
    this.#closing = true
    machine.instant.over(level, this.cancel, () => machine.resume(this.#frame, this.#k, this.end()))
    return PENDING
  }

  #close(end: Outcome): Outcome {
    this.cancel.cancel(notNeeded.reason)
    return end
  }
}
