import type { Graph } from "../../node.js"
import { Decision, noneYet } from "./decision.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { ended, goLater, nested } from "./nested.js"

/** What a graph is made of, known before it runs. */
interface Plan {
  readonly ids: readonly string[]
  readonly members: readonly Exec[]
  readonly dependsOn: ReadonlyArray<readonly number[]>
  readonly dependents: ReadonlyArray<readonly number[]>
  readonly sinks: readonly number[]
}

/** One graph under way. */
class Members {
  readonly #plan: Plan
  readonly #frame: Frame
  readonly #inside: Frame
  readonly #input: unknown
  readonly #k: Continuation
  readonly #decision: Decision
  readonly #outcomes: Outcome[]
  /** For each member, how many that it depends on have not ended. */
  readonly #missing: number[]
  /** Members that may start, in the order in which they became so. */
  readonly #ready: number[] = []
  #next = 0
  #left: number

  constructor(plan: Plan, frame: Frame, input: unknown, k: Continuation) {
    this.#plan = plan
    this.#frame = frame
    this.#input = input
    this.#k = k
    const { length } = plan.members
    this.#outcomes = noneYet(length)
    this.#decision = new Decision(frame, this.#outcomes, k)
    this.#inside = frame.members(this.#decision.cancel)
    this.#missing = plan.dependsOn.map((deps) => deps.length)
    this.#left = length
    for (const [i, missing] of this.#missing.entries()) if (missing === 0) this.#ready.push(i)
  }

  /** Starts what may start. Gives the end of the graph, if this was it. */
  go(): Outcome {
    const { machine } = this.#frame
    const first = this.#next
    while (this.#next < this.#ready.length && this.#decision.open) {
      if (this.#next > first && machine.overdue()) return goLater(this.#inside, this.#frame, this.#k, () => this.go())
      const i = this.#ready[this.#next++] ?? 0
      this.#decision.start(i)
      const outcome = this.#plan.members[i]?.(this.#inside, this.#inputOf(i), {
        resume: (later) => {
          const end = this.#settle(i, later)
          ended(this.#frame, this.#k, end === PENDING ? this.go() : end)
        },
      })
      if (outcome !== PENDING) {
        const end = this.#settle(i, outcome)
        if (end !== PENDING) return end
      } else if (machine.postponed) return goLater(this.#inside, this.#frame, this.#k, () => this.go())
    }
    this.#decision.started()
    return PENDING
  }

  #inputOf(i: number): unknown {
    const { dependsOn, ids } = this.#plan
    const deps = dependsOn[i] ?? []
    if (deps.length === 0) return this.#input
    return { input: this.#input, results: Object.fromEntries(deps.map((dep) => [ids[dep], this.#outcomes[dep]])) }
  }

  #settle(i: number, outcome: Outcome): Outcome {
    this.#outcomes[i] = outcome
    if (outcome instanceof Failed) return this.#decision.take(i, outcome)
    for (const dependent of this.#plan.dependents[i] ?? []) {
      const missing = (this.#missing[dependent] ?? 0) - 1
      this.#missing[dependent] = missing
      if (missing === 0) this.#ready.push(dependent)
    }
    return this.#decision.take(i, --this.#left === 0 ? this.#result() : PENDING)
  }

  #result(): unknown {
    const { sinks, ids } = this.#plan
    const [only, second] = sinks
    if (only !== undefined && second === undefined) return this.#outcomes[only]
    return Object.fromEntries(sinks.map((sink) => [ids[sink], this.#outcomes[sink]]))
  }
}

/**
 * Starts each member when the last that it depends on has ended. The first failure, at one instant that of the member
 * written first, aborts the rest.
 */
export function graphing({ ids, dependsOn }: Graph, members: readonly Exec[]): Exec {
  const dependents: number[][] = ids.map(() => [])
  for (const [i, deps] of dependsOn.entries()) for (const dep of deps) dependents[dep]?.push(i)
  const sinks = [...dependents.keys()].filter((i) => dependents[i]?.length === 0)
  const plan: Plan = { ids, members, dependsOn, dependents, sinks }
  return nested((frame, input, k) => new Members(plan, frame, input, k).go())
}
