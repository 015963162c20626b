import type { Fault } from "../../../data/fault.js"
import type { QuorumAbort, QuorumFailure, Succeeded } from "../../types.js"
import { listed, retryOf } from "./faults.js"
import { Failed } from "./outcome.js"

/** How a member settled. */
export type Settled = { readonly value: unknown } | { readonly fault: Fault }

/** Every member of a quorum by how it stands, in order. */
export interface Standing {
  readonly succeeded: readonly Succeeded<number, unknown>[]
  readonly failed: readonly QuorumFailure[]
  readonly aborted: readonly QuorumAbort[]
}

/** The count of a quorum. What settles at one instant counts in the order of the members (see `instant.ts`). */
export class Tally {
  readonly settled: (Settled | undefined)[]
  readonly #needed: number
  readonly #required: ReadonlySet<number>
  readonly #early: boolean
  #won = 0
  #lost = 0
  #requiredWon = 0
  #requiredLost = 0
  /** No member in front of this one is under way. */
  #lowest = 0
  #instant: number | undefined
  /** The members that settled at this instant. */
  #recent: number[] = []

  /** @param early whether it is decided as soon as enough have succeeded, instead of when all have settled. */
  constructor(members: number, needed: number, required: readonly number[] = [], early = false) {
    this.settled = Array.from({ length: members }, () => undefined)
    this.#needed = needed
    this.#required = new Set(required)
    this.#early = early
  }

  /** Takes how a member settled. `same`: at the instant at hand, whatever the clock says. */
  take(i: number, settled: Settled, instant: number, same: boolean): void {
    if (instant !== this.#instant && !same) {
      this.#instant = instant
      this.#recent = []
    }
    this.#recent.push(i)
    this.settled[i] = settled
    this.#count(i, settled, 1)
  }

  /** Whether the quorum can still be met, or is. */
  get possible(): boolean {
    return this.settled.length - this.#lost >= this.#needed && this.#requiredLost === 0
  }

  /** Whether enough have succeeded. */
  get enough(): boolean {
    return this.#won >= this.#needed && this.#requiredWon === this.#required.size
  }

  /** Whether what has settled decides. */
  get decided(): boolean {
    return !this.possible || (this.enough && (this.#early || this.#won + this.#lost === this.settled.length))
  }

  /**
   * Lets those that settled at this instant decide in the order of members; those behind the one that decides are as if
   * they had not settled. False, unless `final`, while a member in front of that one is under way.
   */
  settleInstant(final: boolean): boolean {
    while (this.settled[this.#lowest] !== undefined) this.#lowest++
    const recent = this.#recent.toSorted((a, b) => a - b).map((i) => [i, this.settled[i]] as const)
    for (const [i, settled] of recent) if (settled !== undefined) this.#count(i, settled, -1)
    let counted = 0
    while (counted < recent.length && !this.decided) this.#recount(recent[counted++])
    const by = recent[counted - 1]?.[0] ?? 0
    if (!final && this.#lowest < by) {
      while (counted < recent.length) this.#recount(recent[counted++])
      return false
    }
    for (const [i] of recent.slice(counted)) this.settled[i] = undefined
    return true
  }

  #recount(entry: readonly [number, Settled | undefined] | undefined): void {
    if (entry?.[1] !== undefined) this.#count(entry[0], entry[1], 1)
  }

  #count(i: number, settled: Settled, by: 1 | -1): void {
    const required = this.#required.has(i) ? by : 0
    if ("value" in settled) {
      this.#won += by
      this.#requiredWon += required
    } else {
      this.#lost += by
      this.#requiredLost += required
    }
  }

  /** What is told when the quorum is met. */
  get reached(): { readonly needed: number; readonly succeeded: readonly number[] } {
    const succeeded = this.settled.flatMap((settled, i) => (settled !== undefined && "value" in settled ? [i] : []))
    return { needed: this.#needed, succeeded }
  }

  result(nameOf: (i: number) => string): Standing {
    const succeeded: Succeeded<number, unknown>[] = []
    const failed: QuorumFailure[] = []
    const aborted: QuorumAbort[] = []
    for (const [index, settled] of this.settled.entries()) {
      const name = nameOf(index)
      if (settled === undefined) aborted.push({ index, name })
      else if ("value" in settled) succeeded.push({ index, name, value: settled.value })
      else failed.push({ index, name, fault: settled.fault })
    }
    return { succeeded, failed, aborted }
  }

  notMet(path: string, nameOf: (i: number) => string): Failed {
    const failures = [...this.settled.entries()].flatMap(([i, settled]) =>
      settled !== undefined && "fault" in settled ? [[i, settled.fault] as const] : [],
    )
    const faults = failures.map(([, fault]) => fault)
    const of = this.settled.length
    const needed = this.#needed
    const succeeded = this.#won
    const required = failures.filter(([i]) => this.#required.has(i))
    const why =
      required.length > 0
        ? `required ${required.map(([i]) => nameOf(i)).join(", ")} failed`
        : of < needed
          ? `of ${of} members, ${needed} must succeed`
          : `${faults.length} of ${of} failed, ${needed} must succeed`
    return new Failed({
      _tag: "QuorumNotMet",
      path,
      message: `the quorum cannot be met: ${why}${faults.length === 0 ? "" : ` (${listed(failures.map(([i, fault]) => [nameOf(i), fault]))})`}`,
      needed,
      succeeded,
      faults,
      // It is decided by the first failure too many: one success more would have done.
      retry: required.some(([, fault]) => fault.retry === "no") ? "no" : retryOf(faults),
    })
  }
}
