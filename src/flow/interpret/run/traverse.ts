import type { Traverse } from "../../node.js"
import { countOf } from "./count.js"
import { Decision, noneYet } from "./decision.js"
import { ElementQuorum } from "./element-quorum.js"
import { functionFailed, kindOf } from "./faults.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { ended, goLater, nested } from "./nested.js"

/** What becomes of elements: see `Decision`. */
interface Judge extends Pick<Decision, "cancel" | "open" | "start" | "started"> {
  /** Takes the outcome of an element; gives the end of the whole, if it is that. */
  take(index: number, outcome: Outcome): Outcome
}

/** Every output in order, or the first failure. */
function everyOutput(frame: Frame, size: number, k: Continuation): Judge {
  const outcomes = noneYet(size)
  const decision = new Decision(frame, outcomes, k)
  let missing = size
  return {
    cancel: decision.cancel,
    get open() {
      return decision.open
    },
    start: (index) => decision.start(index),
    started: () => decision.started(),
    take(index, outcome) {
      outcomes[index] = outcome
      if (outcome instanceof Failed) return decision.take(index, outcome)
      return decision.take(index, --missing === 0 ? outcomes : PENDING)
    },
  }
}

/** The elements of one list, as many at a time as may be. */
class Elements {
  readonly #body: Exec
  readonly #list: readonly unknown[]
  readonly #most: number
  readonly #judge: Judge
  readonly #path: string
  readonly #frame: Frame
  readonly #inside: Frame
  readonly #k: Continuation
  #next = 0
  #running = 0

  constructor(
    body: Exec,
    list: readonly unknown[],
    most: number,
    judge: Judge,
    path: string,
    frame: Frame,
    k: Continuation,
  ) {
    this.#body = body
    this.#list = list
    this.#most = most
    this.#judge = judge
    this.#path = path
    this.#frame = frame
    this.#inside = frame.members(judge.cancel)
    this.#k = k
  }

  /** Starts elements in order until so many are under way. Gives the end of the whole, if this was it. */
  go(): Outcome {
    const { machine } = this.#frame
    const judge = this.#judge
    const first = this.#next
    while (this.#next < this.#list.length && this.#running < this.#most && judge.open) {
      if (this.#next > first && machine.overdue()) return goLater(this.#inside, this.#frame, this.#k, () => this.go())
      const i = this.#next++
      judge.start(i)
      this.#running++
      const outcome = this.#body(this.#inside.at(`${this.#path}[${i}]`), this.#list[i], {
        resume: (later) => {
          this.#running--
          const end = judge.take(i, later)
          ended(this.#frame, this.#k, end === PENDING ? this.go() : end)
        },
      })
      if (outcome !== PENDING) {
        this.#running--
        const end = judge.take(i, outcome)
        if (end !== PENDING) return end
      } else if (machine.postponed) {
        // An element that is synchronous settles before the next one starts, however deep it is.
        return goLater(this.#inside, this.#frame, this.#k, () => this.go())
      }
    }
    judge.started()
    return PENDING
  }
}

/** The list may be changed while its elements are under way. An element may be a getter, and throw. */
function copied(list: readonly unknown[], path: string): readonly unknown[] | Failed {
  try {
    return list.slice()
  } catch (thrown) {
    return functionFailed("an element of the list", thrown, path)
  }
}

/** The body on every element of a list. */
export function traversing(node: Traverse, body: Exec, local: string): Exec {
  const { concurrency = Infinity, atLeast } = node
  return nested((frame, input, k) => {
    const path = frame.path(local)
    if (!Array.isArray(input)) {
      const message = `for each element of a list, but what arrived is ${kindOf(input)}: expected a list`
      const issues = [{ at: "", message }]
      return new Failed({ _tag: "InvalidInput", path, message, value: input, issues, retry: "no" })
    }
    const list = copied(input, path)
    if (list instanceof Failed) return list
    if (atLeast === undefined) {
      if (list.length === 0) return []
      return new Elements(body, list, concurrency, everyOutput(frame, list.length, k), path, frame, k).go()
    }
    const needed = countOf(atLeast, "at_least", frame.machine.params, path)
    if (needed instanceof Failed) return needed
    const quorum = new ElementQuorum(frame, list.length, needed, path, k)
    const end = quorum.end()
    return end === PENDING ? new Elements(body, list, concurrency, quorum, path, frame, k).go() : end
  })
}
