import { Cancel, type Unsubscribe } from "../../../data/cancel.js"
import type { CancelTimer } from "../../../data/clock.js"
import { under } from "../../../data/path.js"
import { memberNames } from "../../members.js"
import { memberSegment } from "../../place.js"
import type { AtLeast } from "../../node.js"
import { countOf } from "./count.js"
import { type Continuation, type Exec, Failed, type Frame, notNeeded, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { type Standing, Tally } from "./tally.js"

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
  hedge: CancelTimer | undefined
}

/** One quorum under way. */
class Quorum {
  readonly #node: AtLeast
  readonly #tally: Tally
  readonly #members: readonly Member[]
  readonly #frame: Frame
  readonly #group: Cancel
  readonly #input: unknown
  readonly #k: Continuation
  readonly #path: string
  readonly #entries: Entry[]
  readonly #off: Unsubscribe
  /** The member that is being started: its outcome is synchronous. */
  #starting = -1
  #closing = false
  #hedges = 0
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
    this.#tally = new Tally(members.length, needed, node.required, node.settle === "quorum" && node.grace === undefined)
    this.#members = members
    this.#frame = frame
    this.#group = new Cancel(frame.cancel)
    this.#input = input
    this.#k = k
    this.#path = path
    this.#entries = members.map(() => ({ cancel: undefined, running: 0, hedge: undefined }))
    this.#off = this.#group.onCancel(() => this.#stopTimers())
  }

  start(from = 0): Outcome {
    const { hedge } = this.#node
    const { machine } = this.#frame
    if (from === 0) this.#judge(true) // a parameter may ask for more members than there are
    for (let i = from; i < this.#entries.length && !this.#group.cancelled && !this.#closing; i++) {
      if (i > from && machine.overdue()) return this.#startLater(i)
      const entry = this.#entries[i]
      if (entry === undefined) break
      entry.cancel = new Cancel(this.#group)
      this.#starting = i
      this.#run(i, 0)
      if (this.#end !== PENDING) return this.#end
      if (hedge !== undefined && this.#tally.settled[i] === undefined && !this.#group.cancelled) {
        entry.hedge = this.#after(hedge.after, () => this.#startCopy(i))
      }
      // A member that is synchronous settles before the next one starts, however deep it is.
      if (machine.postponed) return this.#startLater(i + 1)
    }
    this.#starting = -1
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
        if (this.#end === PENDING && !this.#closing && !this.#group.cancelled) fire()
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
    const outcome = member.exec(this.#frame.members(entry.cancel).at(base), this.#input, {
      resume: (later) => {
        if (this.#end !== PENDING) return
        this.#settle(i, entry, later)
        this.#resume(this.#end)
      },
    })
    if (outcome !== PENDING) this.#settle(i, entry, outcome)
  }

  #startCopy(i: number): void {
    const entry = this.#entries[i]
    const { hedge } = this.#node
    if (hedge === undefined || entry === undefined || this.#tally.settled[i] !== undefined) return
    if (this.#hedges >= hedge.max) return
    this.#hedges++
    this.#frame.machine.emit("hedge_started", this.#path, { index: i, copy: 1 })
    this.#run(i, 1)
    this.#resume(this.#end)
  }

  #settle(i: number, entry: Entry, outcome: Outcome): void {
    if (this.#group.cancelled) return // the member itself, synchronous, may have aborted the run
    entry.running--
    if (outcome instanceof Failed && outcome.fault._tag === "Defect") return this.#decide(outcome)
    if (this.#tally.settled[i] !== undefined || (outcome instanceof Failed && entry.running > 0)) return
    const settled = outcome instanceof Failed ? { fault: outcome.fault } : { value: outcome }
    this.#tally.take(i, settled, this.#frame.machine.runtime.clock.now(), this.#closing)
    entry.hedge?.()
    entry.cancel?.cancel(notNeeded.reason)
    if (!this.#closing) this.#judge(i === this.#starting)
  }

  /** Sees what follows from the members that have settled so far. */
  #judge(final: boolean): void {
    const { grace } = this.#node
    const { machine, level } = this.#frame
    if (!this.#tally.decided) {
      if (grace === undefined || !this.#tally.enough) return
      this.#grace ??= this.#after(grace, () => {
        this.#decide(this.#result())
        this.#resume(this.#end)
      })
    } else if (this.#tally.settleInstant(final)) {
      this.#decide(this.#tally.possible ? this.#result() : this.#notMet())
    } else {
      this.#closing = true
      machine.instant.over(level, this.#group, () => {
        this.#judge(true)
        this.#resume(this.#end)
      })
    }
  }

  #decide(end: Outcome): void {
    this.#end = end
    if (!(end instanceof Failed)) {
      this.#frame.machine.emit("quorum_reached", this.#path, this.#tally.reached)
    }
    this.#off()
    this.#stopTimers()
    this.#group.cancel(notNeeded.reason)
  }

  #stopTimers(): void {
    this.#grace?.()
    for (const entry of this.#entries) entry.hedge?.()
  }

  #result(): Standing {
    return this.#tally.result((i) => this.#members[i]?.name ?? String(i))
  }

  #notMet(): Failed {
    return this.#tally.notMet(this.#path, (i) => this.#members[i]?.name ?? String(i))
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
      segment: of === undefined ? String(i) : memberSegment(of, i, execs.length, node.keys),
    }
  })
  return nested((frame, input, k) => {
    const path = frame.path(local)
    const needed = countOf(node.n, "n", frame.machine.params, path)
    return needed instanceof Failed ? needed : new Quorum(node, needed, members, frame, input, k, path).start()
  })
}
