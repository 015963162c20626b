import type { Loop } from "../../node.js"
import { countOf } from "./count.js"
import { functionFailed, kindOf } from "./faults.js"
import { TurnPath } from "./late-path.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"

/** What a body gave instead of a turn: its tag, but of no other field the value, which may be long or secret. */
function given(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return kindOf(value)
  const fields = Object.entries(value)
    .slice(0, 8)
    .map(([key, of]) => (key === "_tag" && typeof of === "string" ? `_tag ${JSON.stringify(of)}` : key))
  return fields.length === 0 ? "an object without fields" : `an object with ${fields.join(", ")}`
}

/** A loop under way: one object however many turns it takes. */
class Turns implements Continuation {
  readonly #node: Loop
  readonly #body: Exec
  readonly #frame: Frame
  readonly #k: Continuation
  readonly #path: string
  readonly #max: number
  readonly #place: TurnPath
  #inside: Frame
  #turn = 0
  /** What the next turn gets. */
  #next: unknown
  /** What the loop comes to, once it is over. */
  #end: Outcome = PENDING

  constructor(node: Loop, body: Exec, frame: Frame, path: string, max: number, input: unknown, k: Continuation) {
    this.#node = node
    this.#body = body
    this.#frame = frame
    this.#k = k
    this.#path = path
    this.#max = max
    this.#next = input
    this.#place = new TurnPath(path, 0)
    this.#inside = frame.at(this.#place)
  }

  go(): Outcome {
    const frame = this.#frame
    const { machine, cancel } = frame
    while (!cancel.cancelled) {
      if (machine.overdue()) {
        machine.later(frame, () => {
          const outcome = this.#take()
          if (outcome !== PENDING) this.resume(outcome)
        })
        return PENDING
      }
      const outcome = this.#take()
      if (outcome === PENDING) return PENDING
      if (this.#ends(outcome)) return this.#end
    }
    return PENDING
  }

  resume(outcome: Outcome): void {
    const end = this.#ends(outcome) ? this.#end : this.go()
    if (end !== PENDING) this.#frame.machine.resume(this.#frame, this.#k, end)
  }

  #take(): Outcome {
    // A pure body is over when it answers: nothing of it looks at its turn any more.
    if (this.#node.body._tag === "Pure") this.#place.turn = this.#turn
    else if (this.#turn > 0) this.#inside = this.#frame.at(new TurnPath(this.#path, this.#turn))
    return this.#body(this.#inside, this.#next, this)
  }

  /** Whether a turn's outcome is the last. */
  #ends(outcome: Outcome): boolean {
    if (outcome instanceof Failed) return this.#endWith(outcome)
    let tag: unknown
    let value: unknown
    try {
      // Read once: its fields may be getters, and throw.
      if (typeof outcome === "object" && outcome !== null && "_tag" in outcome && "value" in outcome) {
        tag = outcome._tag
        value = outcome.value
      }
      if (tag === "Done") return this.#endWith(value)
      if (tag !== "Continue") return this.#endWith(this.#neither(outcome))
    } catch (thrown) {
      return this.#endWith(functionFailed("what the turn gave", thrown, `${this.#path}#${this.#turn}`))
    }
    return this.#continues(value)
  }

  #continues(value: unknown): boolean {
    const { machine } = this.#frame
    const path = this.#path
    const max = this.#max
    if (++this.#turn < max) {
      if (machine.telling !== undefined) machine.emit("loop_continued", path, { turn: this.#turn })
      this.#next = value
      return false
    }
    if (this.#node.exhausted === "last") return this.#endWith(value)
    const message = `not done after ${max} turns`
    return this.#endWith(new Failed({ _tag: "LoopExceeded", path, message, last: value, turns: max, retry: "no" }))
  }

  #endWith(end: Outcome): true {
    this.#end = end
    return true
  }

  #neither(value: unknown): Failed {
    const path = `${this.#path}#${this.#turn}`
    const message = `the body of a loop gave ${given(value)}: expected Continue or Done, as { _tag, value }`
    const issues = [{ at: "", message }]
    return new Failed({ _tag: "InvalidOutput", path, message, value, issues, retry: "yes" })
  }
}

/** Turns until the body is done, or too many. */
export function looping(node: Loop, body: Exec, local: string): Exec {
  return nested((frame, input, k) => {
    const path = frame.path(local)
    const max = countOf(node.max, "max", frame.machine.params, path)
    return max instanceof Failed ? max : new Turns(node, body, frame, path, max, input, k).go()
  })
}
