import { Cancel, type Unsubscribe } from "../../../data/cancel.js"
import type { CancelTimer } from "../../../data/clock.js"
import type { Fault } from "../../../data/fault.js"
import { asText, own } from "../../../data/json.js"
import { under } from "../../../data/path.js"
import { memberNames } from "../../members.js"
import { memberSegment } from "../../place.js"
import type { AtLeast, Count } from "../../node.js"
import type { Params } from "../../runtime.js"
import type { QuorumAbort, QuorumFailure, Succeeded } from "../../types.js"
import { listed, retryOf } from "./faults.js"
import {
  type Continuation,
  type Exec,
  Failed,
  type Frame,
  nested,
  notNeeded,
  type Outcome,
  PENDING,
} from "./machine.js"

/** A count with the run's parameters put in. A flow that is run without its document may lack one. */
export function countOf(count: Count, what: string, params: Params, path: string): number | Failed {
  if (typeof count === "number") return count
  const value = own(params, count.name)
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value
  const message = `the parameter ${count.name} is ${asText(value) || "missing"}: expected a whole number, 1 or more`
  const issues = [{ at: `/${count.name}`, message }]
  return new Failed({ _tag: "InvalidInput", path, message: `${what}: ${message}`, value, issues, retry: "no" })
}

type Settled = { readonly value: unknown } | { readonly fault: Fault }

interface Member {
  readonly name: string
  readonly segment: string
  readonly exec: Exec
}

/** One member under way: its first run and its hedged copies. */
interface Entry {
  cancel: Cancel | undefined
  /** Copies that have not failed. */
  running: number
  settled: Settled | undefined
  hedge: CancelTimer | undefined
}

const faultOf = (entry: Entry | undefined): Fault | undefined =>
  entry?.settled !== undefined && "fault" in entry.settled ? entry.settled.fault : undefined

/** One quorum under way. */
class Quorum {
  readonly #node: AtLeast
  readonly #needed: number
  readonly #members: readonly Member[]
  readonly #frame: Frame
  readonly #group: Cancel
  readonly #input: unknown
  readonly #k: Continuation
  readonly #path: string
  readonly #entries: Entry[]
  readonly #off: Unsubscribe
  #hedges = 0
  #won = 0
  #lost = 0
  #grace: CancelTimer | undefined
  #end: Outcome = PENDING

  constructor(
    node: AtLeast,
    needed: number,
    members: readonly Member[],
    frame: Frame,
    input: unknown,
    k: Continuation,
    path: string,
  ) {
    this.#node = node
    this.#needed = needed
    this.#members = members
    this.#frame = frame
    this.#group = new Cancel(frame.cancel)
    this.#input = input
    this.#k = k
    this.#path = path
    this.#entries = members.map(() => ({ cancel: undefined, running: 0, settled: undefined, hedge: undefined }))
    this.#off = this.#group.onCancel(() => this.#stopTimers())
  }

  start(from = 0): Outcome {
    const { hedge } = this.#node
    const { machine } = this.#frame
    if (from === 0) this.#judge() // a parameter may ask for more members than there are
    for (let i = from; i < this.#entries.length && !this.#group.cancelled; i++) {
      const entry = this.#entries[i]
      if (entry === undefined) break
      if (machine.overdue()) return this.#startLater(i)
      entry.cancel = new Cancel(this.#group)
      this.#run(i, 0)
      if (this.#end !== PENDING) return this.#end
      if (hedge !== undefined && entry.settled === undefined && !this.#group.cancelled) {
        entry.hedge = this.#after(hedge.after, () => this.#startCopy(i))
      }
      // A member that is synchronous settles before the next one starts, however deep it is.
      if (machine.postponed) return this.#startLater(i + 1)
    }
    return this.#end
  }

  #startLater(from: number): Outcome {
    this.#frame.machine.later(this.#frame, () => {
      if (this.#end === PENDING) this.#resume(this.start(from))
    })
    return PENDING
  }

  #resume(end: Outcome): void {
    if (end !== PENDING) this.#frame.machine.resume(this.#frame, this.#k, end)
  }

  #after(ms: number, fire: () => void): CancelTimer {
    const { machine } = this.#frame
    return machine.runtime.clock.after(ms, () =>
      machine.enter(() => {
        // It may have been decided or aborted in the same turn of the event loop.
        if (this.#end === PENDING && !this.#group.cancelled) fire()
      }),
    )
  }

  /** Runs one copy of a member; a synchronous outcome is settled at once. */
  #run(i: number, copy: number): void {
    const member = this.#members[i]
    const entry = this.#entries[i]
    if (member === undefined || entry?.cancel === undefined) return
    const base = under(this.#path, member.segment) + (copy === 0 ? "" : `~${copy}`)
    entry.running++
    const outcome = member.exec(this.#frame.under(entry.cancel).at(base), this.#input, {
      resume: (later) => {
        if (this.#end !== PENDING) return
        this.#settle(entry, later)
        this.#resume(this.#end)
      },
    })
    if (outcome !== PENDING) this.#settle(entry, outcome)
  }

  #startCopy(i: number): void {
    const entry = this.#entries[i]
    const { hedge } = this.#node
    if (hedge === undefined || entry === undefined || entry.settled !== undefined) return
    if (this.#hedges >= hedge.max) return
    this.#hedges++
    this.#frame.machine.emit("hedge_started", this.#path, { index: i, copy: 1 })
    this.#run(i, 1)
    this.#resume(this.#end)
  }

  #settle(entry: Entry, outcome: Outcome): void {
    entry.running--
    if (outcome instanceof Failed && outcome.fault._tag === "Defect") return this.#decide(outcome)
    if (entry.settled !== undefined || (outcome instanceof Failed && entry.running > 0)) return
    if (outcome instanceof Failed) {
      this.#lost++
      entry.settled = { fault: outcome.fault }
    } else {
      this.#won++
      entry.settled = { value: outcome }
    }
    entry.hedge?.()
    entry.cancel?.cancel(notNeeded.reason)
    this.#judge()
  }

  #judge(): void {
    const { required = [], settle, grace } = this.#node
    const has = (key: "value" | "fault", i: number): boolean => {
      const settled = this.#entries[i]?.settled
      return settled !== undefined && key in settled
    }
    const possible = this.#entries.length - this.#lost >= this.#needed && !required.some((i) => has("fault", i))
    if (!possible) return this.#decide(this.#notMet())
    const met = this.#won >= this.#needed && required.every((i) => has("value", i))
    if (!met) return
    if (this.#won + this.#lost === this.#entries.length) return this.#decide(this.#result())
    if (settle === "all") return
    if (grace === undefined) return this.#decide(this.#result())
    this.#grace ??= this.#after(grace, () => {
      this.#decide(this.#result())
      this.#resume(this.#end)
    })
  }

  #decide(end: Outcome): void {
    this.#end = end
    if (!(end instanceof Failed)) {
      const succeeded = this.#entries.flatMap(({ settled }, i) =>
        settled !== undefined && "value" in settled ? [i] : [],
      )
      this.#frame.machine.emit("quorum_reached", this.#path, { needed: this.#needed, succeeded })
    }
    this.#off()
    this.#stopTimers()
    this.#group.cancel(notNeeded.reason)
  }

  #stopTimers(): void {
    this.#grace?.()
    for (const entry of this.#entries) entry.hedge?.()
  }

  #result(): unknown {
    const succeeded: Succeeded<number, unknown>[] = []
    const failed: QuorumFailure[] = []
    const aborted: QuorumAbort[] = []
    for (const [index, { settled }] of this.#entries.entries()) {
      const name = this.#members[index]?.name ?? String(index)
      if (settled === undefined) aborted.push({ index, name })
      else if ("value" in settled) succeeded.push({ index, name, value: settled.value })
      else failed.push({ index, name, fault: settled.fault })
    }
    return { succeeded, failed, aborted }
  }

  #notMet(): Failed {
    const succeeded = this.#won
    const faults = this.#entries.map(faultOf).filter((fault) => fault !== undefined)
    const of = this.#entries.length
    const needed = this.#needed
    const required = (this.#node.required ?? []).filter((i) => faultOf(this.#entries[i]) !== undefined)
    const names = required.map((i) => this.#members[i]?.name).join(", ")
    const why =
      required.length > 0 ? `required ${names} failed` : `${faults.length} of ${of} failed, ${needed} must succeed`
    return new Failed({
      _tag: "QuorumNotMet",
      path: this.#path,
      message: `the quorum cannot be met: ${why}: ${listed(faults)}`,
      needed,
      succeeded,
      faults,
      // It is decided by the first failure too many: one success more would have done.
      retry: required.some((i) => faultOf(this.#entries[i])?.retry === "no") ? "no" : retryOf(faults),
    })
  }
}

/** At least `n` successes of the members. */
export function quorum(node: AtLeast, execs: readonly Exec[], local: string): Exec {
  const names = memberNames(node)
  const members = execs.map((exec, i): Member => {
    const of = node.of[i]
    return {
      exec,
      name: names[i] ?? String(i),
      segment: of === undefined ? String(i) : memberSegment(of, i, node.keys),
    }
  })
  return nested((frame, input, k) => {
    const path = frame.path(local)
    const needed = countOf(node.n, "n", frame.machine.params, path)
    return needed instanceof Failed ? needed : new Quorum(node, needed, members, frame, input, k, path).start()
  })
}
