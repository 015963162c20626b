import { Cancel } from "../../../data/cancel.js"
import type { Fault } from "../../../data/fault.js"
import type { All, Race } from "../../node.js"
import { listed, retryOf } from "./faults.js"
import { type Exec, Failed, nested, notNeeded, type Outcome, PENDING } from "./machine.js"

/** One group of members that live and die together. */
interface Group {
  /** Takes a member's outcome; gives the group's, or PENDING while it is undecided. */
  settle(index: number, outcome: Outcome): Outcome
}

/**
 * Starts members in declaration order in one turn, until the group is decided; then aborts what is under way. Each member
 * gets the same input.
 */
function together(
  members: readonly Exec[],
  open: (machine: { path: string; emit: Emit }) => Group,
  local: string,
): Exec {
  return nested((frame, input, k) => {
    const { machine } = frame
    const cancel = new Cancel(frame.cancel)
    const inside = frame.under(cancel)
    const path = frame.path(local)
    const group = open({ path, emit: (index) => machine.emit("race_won", path, { index }) })
    let decided = false
    const settle = (index: number, outcome: Outcome): Outcome => {
      if (decided) return PENDING
      const end = group.settle(index, outcome)
      if (end === PENDING) return PENDING
      decided = true
      cancel.cancel(notNeeded.reason)
      return end
    }
    const startLater = (from: number): Outcome => {
      machine.later(inside, () => {
        const end = start(from)
        if (end !== PENDING) machine.resume(frame, k, end)
      })
      return PENDING
    }
    const start = (from: number): Outcome => {
      for (let index = from; index < members.length && !cancel.cancelled; index++) {
        if (machine.overdue()) return startLater(index)
        const outcome = members[index]?.(inside, input, {
          resume(later) {
            const end = settle(index, later)
            if (end !== PENDING) machine.resume(frame, k, end)
          },
        })
        if (outcome !== PENDING) {
          const end = settle(index, outcome)
          if (end !== PENDING) return end
        } else if (machine.postponed) {
          // A member that is synchronous settles before the next one starts, however deep it is.
          return startLater(index + 1)
        }
      }
      return PENDING
    }
    return start(0)
  })
}

type Emit = (index: number) => void

/** Every output, as a tuple or a record; the first failure is the failure of all. */
export function all(node: All, members: readonly Exec[], local: string): Exec {
  const { keys } = node
  const shaped = (outputs: readonly unknown[]): unknown =>
    keys === undefined ? outputs : Object.fromEntries(keys.map((key, i) => [key, outputs[i]]))
  if (members.length === 0) return () => shaped([])
  const open = (): Group => {
    const outputs: unknown[] = Array.from({ length: members.length })
    let missing = members.length
    return {
      settle(index, outcome) {
        if (outcome instanceof Failed) return outcome
        outputs[index] = outcome
        return --missing === 0 ? shaped(outputs) : PENDING
      },
    }
  }
  return together(members, open, local)
}

/** The first success, or the first to settle; every fault when all fail. */
export function race(node: Race, members: readonly Exec[], local: string): Exec {
  return together(
    members,
    ({ path, emit }) => {
      const faults: Fault[] = []
      let running = members.length
      return {
        settle(index, outcome) {
          if (!(outcome instanceof Failed)) {
            emit(index)
            return outcome
          }
          const { fault } = outcome
          if (node.wins === "settled" || fault._tag === "Defect") return outcome
          faults[index] = fault
          if (--running > 0) return PENDING
          const message = `all ${members.length} branches failed: ${listed(faults)}`
          return new Failed({ _tag: "AllFailed", path, message, faults, retry: retryOf(faults) })
        },
      }
    },
    local,
  )
}
