import type { Fault } from "../../../data/fault.js"
import type { Retry } from "../../node.js"
import { countOf } from "./count.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { rest } from "./pause.js"

/** Whether another try may mend a fault. `on` names what is tried again whatever its verdict. */
const mends = ({ on }: Retry, { _tag, retry }: Fault): boolean =>
  on === undefined ? retry !== "no" : on.includes(_tag)

/** The wait before the n-th repeat, counted from 1. */
function backoff({ backoff: how, base, max, jitter }: Retry, n: number, random: () => number): number {
  const whole = Math.min(max, how === "constant" ? base : base * 2 ** (n - 1))
  return jitter && whole > 0 ? whole * (0.5 + random() / 2) : whole
}

/** One step that is tried again while that may help. */
class Tries implements Continuation {
  readonly #node: Retry
  readonly #of: Exec
  readonly #local: string
  readonly #frame: Frame
  readonly #input: unknown
  readonly #k: Continuation
  /** Tries that have failed. */
  #failed = 0

  constructor(node: Retry, of: Exec, local: string, frame: Frame, input: unknown, k: Continuation) {
    this.#node = node
    this.#of = of
    this.#local = local
    this.#frame = frame
    this.#input = input
    this.#k = k
  }

  start(): Outcome {
    return this.#go(this.#try())
  }

  resume(outcome: Outcome): void {
    const end = this.#go(outcome)
    if (end !== PENDING) this.#frame.machine.resume(this.#frame, this.#k, end)
  }

  #try(): Outcome {
    const frame = this.#frame
    if (this.#failed > 0) return this.#of(frame.at(`${frame.path(this.#local)}!${this.#failed}`), this.#input, this)
    return this.#of(this.#local === "" ? frame : frame.at(frame.path(this.#local)), this.#input, this)
  }

  #again(): void {
    const outcome = this.#try()
    if (outcome !== PENDING) this.resume(outcome)
  }

  /** Goes on from the outcome of a try: with its end, or with the next try, at once where there is nothing to wait for. */
  #go(from: Outcome): Outcome {
    const frame = this.#frame
    let outcome = from
    while (outcome instanceof Failed) {
      const wait = this.#wait(outcome.fault)
      if (wait === undefined) return outcome
      if (wait instanceof Failed) return wait
      if (frame.cancel.cancelled) return PENDING
      if (wait > 0) {
        rest(frame, wait, () => this.#again())
        return PENDING
      }
      if (frame.machine.overdue()) {
        frame.machine.later(frame, () => this.#again())
        return PENDING
      }
      outcome = this.#try()
    }
    return outcome
  }

  /** How long to wait before the next try; undefined: there is none. */
  #wait(fault: Fault): number | Failed | undefined {
    const node = this.#node
    if (!mends(node, fault)) return undefined
    const { machine } = this.#frame
    const path = this.#frame.path(this.#local)
    const times = countOf(node.times, "times", machine.params, path, 0)
    if (times instanceof Failed) return times
    const asked = typeof fault.retry === "object" ? fault.retry.after : 0
    if (this.#failed >= times || asked > node.max) return undefined
    const attempt = ++this.#failed
    const after = Math.max(
      asked,
      backoff(node, attempt, () => machine.runtime.random()),
    )
    machine.emit("retry_scheduled", path, { attempt, after, fault })
    return after
  }
}

/** Tries a step again, whole, on faults that another try may mend. */
export function retrying(node: Retry, of: Exec, local: string): Exec {
  return nested((frame, input, k) => new Tries(node, of, local, frame, input, k).start())
}
