import type { Fault } from "../../../data/fault.js"
import type { All, Race } from "../../node.js"
import { Decision, noneYet } from "./decision.js"
import { listed, retryOf } from "./faults.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"

/** One group of members that live and die together. */
interface Group {
  /** What the members have come to; PENDING for those that have not. */
  readonly outcomes: Outcome[]
  /** What a member's outcome, which is written down by then, makes of the group: its end, or PENDING. */
  settle(index: number, outcome: Outcome): Outcome
  /** Told which member decided. */
  readonly decided?: (index: number, end: Outcome) => void
}

/** Members under way, which all get the same input. */
class Together {
  readonly #members: readonly Exec[]
  readonly #frame: Frame
  readonly #inside: Frame
  readonly #input: unknown
  readonly #k: Continuation
  readonly #group: Group
  readonly #decision: Decision

  constructor(members: readonly Exec[], frame: Frame, input: unknown, k: Continuation, group: Group) {
    this.#members = members
    this.#frame = frame
    this.#input = input
    this.#k = k
    this.#group = group
    this.#decision = new Decision(frame, group.outcomes, k, group.decided)
    this.#inside = frame.members(this.#decision.cancel)
  }

  start(from: number): Outcome {
    const members = this.#members
    const decision = this.#decision
    const inside = this.#inside
    const { machine } = inside
    for (let index = from; index < members.length && decision.open; index++) {
      if (index > from && machine.overdue()) return this.#startLater(index)
      decision.start(index)
      const outcome = members[index]?.(inside, this.#input, new Member(this, index))
      if (outcome !== PENDING) {
        const end = this.take(index, outcome)
        if (end !== PENDING) return end
      } else if (machine.postponed) {
        // A member that is synchronous settles before the next one starts, however deep it is.
        return this.#startLater(index + 1)
      }
    }
    decision.started()
    return PENDING
  }

  resume(end: Outcome): void {
    if (end !== PENDING) this.#frame.machine.resume(this.#frame, this.#k, end)
  }

  /** The outcome of a member arrives. Gives the end of the group, if this was it. */
  take(index: number, outcome: Outcome): Outcome {
    this.#group.outcomes[index] = outcome
    return this.#decision.take(index, this.#group.settle(index, outcome))
  }

  #startLater(from: number): Outcome {
    this.#frame.machine.later(this.#inside, () => this.resume(this.start(from)))
    return PENDING
  }
}

/** Where a member's outcome goes. */
class Member implements Continuation {
  readonly #together: Together
  readonly #index: number
  constructor(together: Together, index: number) {
    this.#together = together
    this.#index = index
  }
  resume(outcome: Outcome): void {
    const together = this.#together
    together.resume(together.take(this.#index, outcome))
  }
}

/**
 * Starts members in declaration order in one turn, until the group is decided; then aborts what is under way. Each member
 * gets the same input.
 */
function together(members: readonly Exec[], open: (frame: Frame) => Group): Exec {
  return nested((frame, input, k) => new Together(members, frame, input, k, open(frame)).start(0))
}

/** Every output, as a tuple or a record; the first failure is the failure of all. */
export function all(node: All, members: readonly Exec[]): Exec {
  const { keys } = node
  const shaped = (outputs: readonly unknown[]): unknown =>
    keys === undefined ? outputs : Object.fromEntries(keys.map((key, i) => [key, outputs[i]]))
  if (members.length === 0) return () => shaped([])
  return together(members, () => {
    const outcomes = noneYet(members.length)
    let missing = members.length
    return {
      outcomes,
      settle(_, outcome) {
        if (outcome instanceof Failed) return outcome
        return --missing === 0 ? shaped(outcomes) : PENDING
      },
    }
  })
}

/** The first success, or the first to settle; every fault when all fail. */
export function race(node: Race, members: readonly Exec[], local: string): Exec {
  return together(members, (frame) => {
    const faults: Fault[] = []
    let running = members.length
    return {
      outcomes: noneYet(members.length),
      settle(index, outcome) {
        if (!(outcome instanceof Failed)) return outcome
        const { fault } = outcome
        if (node.wins === "settled" || fault._tag === "Defect") return outcome
        faults[index] = fault
        if (--running > 0) return PENDING
        const message = `all ${members.length} branches failed: ${listed(faults.map((one, i) => [String(i), one]))}`
        return new Failed({ _tag: "AllFailed", path: frame.path(local), message, faults, retry: retryOf(faults) })
      },
      decided: (index, end) => {
        if (!(end instanceof Failed)) frame.machine.emit("race_won", frame.path(local), { index })
      },
    }
  })
}
