import { Cancel } from "../../../data/cancel.js"
import type { CancelTimer } from "../../../data/clock.js"
import { formatDuration } from "../../../data/duration.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"

/** A step with a deadline, under way: the token that it runs under is also what hears of an abort from above. */
class Timed extends Cancel implements Continuation {
  readonly #frame: Frame
  readonly #k: Continuation
  readonly #late: (frame: Frame) => Failed
  readonly #deadline: number
  #open = true
  #stop: CancelTimer | undefined

  constructor(frame: Frame, ms: number, late: (frame: Frame) => Failed, k: Continuation) {
    super(frame.cancel)
    this.#frame = frame
    this.#k = k
    this.#late = late
    this.#deadline = frame.machine.runtime.clock.now() + ms
  }

  start(of: Exec, input: unknown): Outcome {
    const frame = this.#frame
    const { clock } = frame.machine.runtime
    const nearest = frame.deadline === undefined ? this.#deadline : Math.min(this.#deadline, frame.deadline)
    const outcome = of(frame.under(this, nearest), input, this)
    if (outcome !== PENDING) return this.#inTime(outcome)
    if (this.cancelled) return PENDING
    this.#stop = clock.after(Math.max(0, this.#deadline - clock.now()), () => this.#fire())
    return PENDING
  }

  resume(outcome: Outcome): void {
    this.#stop?.()
    this.#frame.machine.resume(this.#frame, this.#k, this.#inTime(outcome))
  }

  /** Cancelled from above, or at the deadline. */
  override hear(reason: unknown): void {
    super.hear(reason)
    this.#stop?.()
  }

  /** An answer at the deadline is too late. */
  #inTime(outcome: Outcome): Outcome {
    this.#open = false
    this.release()
    const broken = outcome instanceof Failed && outcome.fault._tag === "Defect"
    return this.#frame.machine.runtime.clock.now() >= this.#deadline && !broken ? this.#late(this.#frame) : outcome
  }

  #fire(): void {
    const { machine } = this.#frame
    machine.enter(() => {
      if (!this.#open || this.cancelled) return // the answer may have come in the same turn of the event loop
      this.#open = false
      this.cancel("timed out")
      machine.resume(this.#frame, this.#k, this.#late(this.#frame))
    })
  }
}

/** Aborts what it holds at the deadline. */
export function within(ms: number, of: Exec, local: string, agent?: string): Exec {
  const late = (frame: Frame): Failed => {
    const message = `${agent === undefined ? "" : `${agent}: `}not done within ${formatDuration(ms)}`
    return new Failed({ _tag: "TimedOut", path: frame.path(local), message, after: ms, retry: "yes" })
  }
  return nested((frame, input, k) => new Timed(frame, ms, late, k).start(of, input))
}
