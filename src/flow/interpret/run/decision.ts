import { Cancel } from "../../../data/cancel.js"
import { type Continuation, type Frame, notNeeded, type Outcome, PENDING } from "./machine.js"

/** The outcomes of so many members before they start. */
export function noneYet(members: number): Outcome[] {
  const outcomes: Outcome[] = []
  for (let i = 0; i < members; i++) outcomes.push(PENDING) // a third of what `Array.from` takes
  return outcomes
}

/** Decides a group of members by the first of them whose outcome does, the lowest at one instant; then aborts the rest. */
export class Decision {
  /** What the members run under. */
  readonly cancel: Cancel
  readonly #frame: Frame
  readonly #k: Continuation
  readonly #told: ((index: number, end: Outcome) => void) | undefined
  readonly #outcomes: readonly Outcome[]
  /** No member in front of this one is under way. */
  #lowest = 0
  /** The member that is being started in the group's first turn: its outcome is synchronous. */
  #starting = -1
  #first = true
  /** The lowest member whose outcome decides, and the end that it makes. */
  #by = -1
  #end: Outcome = PENDING
  #waits = false
  #over = false

  /** @param outcomes of the members; PENDING for those that have none yet. Whoever calls `take` writes it down before. */
  constructor(
    frame: Frame,
    outcomes: readonly Outcome[],
    k: Continuation,
    told?: (index: number, end: Outcome) => void,
  ) {
    this.#frame = frame
    this.#k = k
    this.#told = told
    this.#outcomes = outcomes
    this.cancel = new Cancel(frame.cancel)
  }

  /** Whether members may still start. */
  get open(): boolean {
    return this.#by === -1 && !this.cancel.cancelled
  }

  /** A member is about to be started. */
  start(index: number): void {
    if (this.#first) this.#starting = index
  }

  /** All that can be started for now has been: outcomes arrive from outside from here on. */
  started(): void {
    this.#first = false
    this.#starting = -1
  }

  /** Takes a member's outcome, by which the group would end so; PENDING: it goes on. Gives the end once that is certain. */
  take(index: number, end: Outcome): Outcome {
    if (this.#over || this.cancel.cancelled) return PENDING
    if (end !== PENDING && (this.#by === -1 || index < this.#by)) {
      this.#by = index
      this.#end = end
    }
    if (this.#by === -1) return PENDING
    while (this.#lowest < this.#by && this.#outcomes[this.#lowest] !== PENDING) this.#lowest++
    if (this.#lowest >= this.#by || (end !== PENDING && index === this.#starting)) return this.#close()
    if (this.#waits) return PENDING
    this.#waits = true
    const { machine, level } = this.#frame
    machine.instant.over(level, this.cancel, () => machine.resume(this.#frame, this.#k, this.#close()))
    return PENDING
  }

  #close(): Outcome {
    this.#over = true
    this.#told?.(this.#by, this.#end)
    this.cancel.cancel(notNeeded.reason)
    return this.#end
  }
}
