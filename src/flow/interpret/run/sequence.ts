import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"

/** A sequence under way: one object however long it is. */
class Steps implements Continuation {
  readonly #steps: readonly Exec[]
  readonly #frame: Frame
  readonly #k: Continuation
  #next = 0

  constructor(steps: readonly Exec[], frame: Frame, k: Continuation) {
    this.#steps = steps
    this.#frame = frame
    this.#k = k
  }
  go(from: Outcome): Outcome {
    const steps = this.#steps
    const { machine, cancel } = this.#frame
    let value = from
    while (this.#next < steps.length) {
      if (value instanceof Failed) return value
      if (cancel.cancelled) return PENDING
      if (machine.overdue()) {
        const arrived = value
        machine.later(this.#frame, () => this.#resumeWith(this.#step(arrived)))
        return PENDING
      }
      value = this.#step(value)
      if (value === PENDING) return PENDING
    }
    return value
  }
  #step(value: unknown): Outcome {
    const step = this.#steps[this.#next++]
    return step === undefined ? value : step(this.#frame, value, this)
  }
  #resumeWith(outcome: Outcome): void {
    const end = outcome === PENDING ? PENDING : this.go(outcome)
    if (end !== PENDING) this.#frame.machine.resume(this.#frame, this.#k, end)
  }
  resume(outcome: Outcome): void {
    this.#resumeWith(outcome)
  }
}

/** Each step on the output of the one before. */
export function sequence(steps: readonly Exec[]): Exec {
  return nested((frame, input, k) => new Steps(steps, frame, k).go(input))
}

/** `of`, then `body` on the same value, which `name` means there. */
export function binding(name: string, of: Exec, body: Exec): Exec {
  return nested((frame, input, k) => {
    const go = (value: Outcome): Outcome => (value instanceof Failed ? value : body(frame.bind(name, value), value, k))
    const outcome = of(frame, input, {
      resume(later) {
        const end = go(later)
        if (end !== PENDING) frame.machine.resume(frame, k, end)
      },
    })
    return outcome === PENDING ? PENDING : go(outcome)
  })
}
