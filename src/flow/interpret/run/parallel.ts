import type { Fault } from "../../../data/fault.js"
import type { All, Race } from "../../node.js"
import { Decision } from "./decision.js"
import { listed, retryOf } from "./faults.js"
import { type Exec, Failed, type Frame, nested, type Outcome, PENDING } from "./machine.js"

/** One group of members that live and die together. */
interface Group {
  /** What a member's outcome makes of the group: its end, or PENDING. */
  settle(index: number, outcome: Outcome): Outcome
  /** Told which member decided. */
  readonly decided?: (index: number, end: Outcome) => void
}

/**
 * Starts members in declaration order in one turn, until the group is decided; then aborts what is under way. Each member
 * gets the same input.
 */
function together(members: readonly Exec[], open: (frame: Frame) => Group): Exec {
  return nested((frame, input, k) => {
    const { machine } = frame
    const group = open(frame)
    const decision = new Decision(frame, members.length, k, group.decided)
    const inside = frame.members(decision.cancel)
    const startLater = (from: number): Outcome => {
      machine.later(inside, () => {
        const end = start(from)
        if (end !== PENDING) machine.resume(frame, k, end)
      })
      return PENDING
    }
    const start = (from: number): Outcome => {
      for (let index = from; index < members.length && decision.open; index++) {
        if (index > from && machine.overdue()) return startLater(index)
        decision.start(index)
        const outcome = members[index]?.(inside, input, {
          resume(later) {
            const end = decision.take(index, group.settle(index, later))
            if (end !== PENDING) machine.resume(frame, k, end)
          },
        })
        if (outcome !== PENDING) {
          const end = decision.take(index, group.settle(index, outcome))
          if (end !== PENDING) return end
        } else if (machine.postponed) {
          // A member that is synchronous settles before the next one starts, however deep it is.
          return startLater(index + 1)
        }
      }
      decision.started()
      return PENDING
    }
    return start(0)
  })
}

/** Every output, as a tuple or a record; the first failure is the failure of all. */
export function all(node: All, members: readonly Exec[]): Exec {
  const { keys } = node
  const shaped = (outputs: readonly unknown[]): unknown =>
    keys === undefined ? outputs : Object.fromEntries(keys.map((key, i) => [key, outputs[i]]))
  if (members.length === 0) return () => shaped([])
  return together(members, () => {
    const outputs: unknown[] = Array.from({ length: members.length })
    let missing = members.length
    return {
      settle(index, outcome) {
        if (outcome instanceof Failed) return outcome
        outputs[index] = outcome
        return --missing === 0 ? shaped(outputs) : PENDING
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
      settle(index, outcome) {
        if (!(outcome instanceof Failed)) return outcome
        const { fault } = outcome
        if (node.wins === "settled" || fault._tag === "Defect") return outcome
        faults[index] = fault
        if (--running > 0) return PENDING
        const message = `all ${members.length} branches failed: ${listed(faults)}`
        return new Failed({ _tag: "AllFailed", path: frame.path(local), message, faults, retry: retryOf(faults) })
      },
      decided: (index, end) => {
        if (!(end instanceof Failed)) frame.machine.emit("race_won", frame.path(local), { index })
      },
    }
  })
}
