import type { AnyAgentRef } from "../../../data/agent-ref.js"
import type { Cancel, Unsubscribe } from "../../../data/cancel.js"
import { tidy } from "../../../data/tidy.js"
import type { Usage } from "../../event.js"
import type { Limits } from "../../node.js"
import { Failed, type Outcome, PENDING } from "./outcome.js"

/** Whose place an ask may take over: so no agent waits for a place that it holds itself. */
interface Lender {
  borrow(): boolean
  giveBack(): boolean
}

/** An ask that would start. */
export interface Asked {
  readonly ref: AnyAgentRef
  readonly cancel: Cancel
  /** The agent that asks, if one does: it has a place, and waits. */
  readonly lender: Lender | undefined
  /** Where it is. */
  path(): string
  /** Starts it, and gives its outcome as nodes do. Its end is told to `Limiter.leave`. */
  start(): Outcome
  /** Where the outcome goes when the ask had to wait. */
  resume(outcome: Outcome): void
  /** Calls back when the work at hand is done. */
  enter(work: () => void): void
}

/** Made when a limit is first told of: it takes longer than most commands run. */
let figure: Intl.NumberFormat | undefined
const written = (amount: number): string =>
  (figure ??= new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 })).format(amount)

/** What an agent declares that one ask takes at most: 0 where it calls no model, undefined where it does not say. */
function most({ caps }: AnyAgentRef, of: "tokens" | "usd"): number | undefined {
  return caps?.requests === 0 ? 0 : caps?.[of]
}

/** What an ask took, where that is known. */
function taken(usage: Usage | undefined, of: "tokens" | "usd"): number | undefined {
  if (of === "usd" || usage === undefined) return usage?.usd
  const { inputTokens, outputTokens } = usage
  return inputTokens === undefined && outputTokens === undefined ? undefined : (inputTokens ?? 0) + (outputTokens ?? 0)
}

/**
 * One scope of limits, shared by all asks within. Asks over the `concurrency` wait in the order in which they came. An ask
 * that the budget does not cover is refused before it starts; what it may take at most, where its agent declares that, is
 * set aside until it is known what it did take. What nobody tells stays set aside: the bound holds all the same.
 */
export class Limiter {
  /** The limit around this one, through which every ask goes as well. */
  readonly outer: Limiter | undefined
  readonly #limits: Limits
  readonly #path: () => string
  #queue: Admission[] = []
  #head = 0
  #running = 0
  #calls = 0
  readonly #spent = { tokens: 0, usd: 0 }

  constructor(limits: Limits, outer: Limiter | undefined, path: () => string) {
    this.#limits = limits
    this.outer = outer
    this.#path = path
  }

  /** Starts an ask as soon as this limit and those around it let it, or refuses it. */
  admit(asked: Asked): Outcome {
    return new Admission(asked, this).go()
  }

  /** An ask that was admitted here has ended. Its place becomes free, unless another has it. */
  leave(ref: AnyAgentRef, usage: Usage | undefined, holds: boolean): void {
    this.#settle(ref, usage, holds)
    for (let at = this.outer; at !== undefined; at = at.outer) at.#settle(ref, usage, holds)
  }

  #settle(ref: AnyAgentRef, usage: Usage | undefined, holds: boolean): void {
    for (const of of ["tokens", "usd"] as const) {
      const used = taken(usage, of)
      if (used !== undefined) this.#spent[of] = tidy(this.#spent[of] + used - (most(ref, of) ?? 0))
    }
    if (holds) this.free()
  }

  /** Gives a place, or puts at the end of the queue. */
  take(admission: Admission): boolean {
    const { concurrency } = this.#limits
    if (concurrency === undefined) return true
    if (this.#running < concurrency) {
      this.#running++
      return true
    }
    this.#queue.push(admission)
    return false
  }

  /** Counts an agent that goes on after its place went to others: until one becomes free, there is one too many. */
  retake(): void {
    this.#running++
    for (let at = this.outer; at !== undefined; at = at.outer) at.#running++
  }

  /** Hands a place on to the one that has waited longest. */
  free(): void {
    const { concurrency } = this.#limits
    if (concurrency === undefined) return
    while (this.#running <= concurrency && this.#head < this.#queue.length) {
      const next = this.#queue[this.#head++]
      if (this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head)
        this.#head = 0
      }
      if (next?.waits === true) return next.granted()
    }
    this.#running--
  }

  /** Why an ask may not start; undefined: it may. */
  refusal(ref: AnyAgentRef): string | undefined {
    const { calls } = this.#limits
    const refused = `${ref.name} was not asked`
    const whose = (): string => `the limit at ${this.#path() || "the root"}`
    if (calls !== undefined && this.#calls >= calls) {
      return `${refused}: ${whose()} allows ${calls} ${calls === 1 ? "ask" : "asks"}, and so many have started`
    }
    for (const of of ["tokens", "usd"] as const) {
      const limit = this.#limits[of]
      if (limit === undefined) continue
      const spent = this.#spent[of]
      const cap = most(ref, of)
      if (cap === undefined ? spent < limit : tidy(spent + cap) <= limit) continue
      const unit = of === "usd" ? "US dollars" : of
      const gone = `${written(limit)} ${unit}, of which ${written(spent)} are spent or set aside`
      const wants = cap === undefined ? "" : `; one ask may take ${written(cap)}`
      return `${refused}: ${whose()} allows ${gone}${wants}`
    }
    return undefined
  }

  /** Sets aside what an ask may take. */
  reserve(ref: AnyAgentRef): void {
    this.#calls++
    this.#spent.tokens += most(ref, "tokens") ?? 0
    this.#spent.usd = tidy(this.#spent.usd + (most(ref, "usd") ?? 0))
  }
}

/** One ask on its way through the limits, from the innermost outwards: it holds a place in those that it has passed. */
class Admission {
  readonly #asked: Asked
  readonly #inner: Limiter
  readonly #borrowed: boolean
  #next: Limiter | undefined
  #off: Unsubscribe | undefined
  /** Whether it is still wanted. */
  waits = true

  constructor(asked: Asked, inner: Limiter) {
    this.#asked = asked
    this.#inner = inner
    this.#borrowed = asked.lender?.borrow() ?? false
    this.#next = this.#borrowed ? undefined : inner
  }

  go(): Outcome {
    const asked = this.#asked
    for (; this.#next !== undefined; this.#next = this.#next.outer) {
      if (this.#next.take(this)) continue
      this.#off ??= asked.cancel.onCancel(() => {
        this.waits = false
        this.#giveBack()
      })
      return PENDING
    }
    this.#off?.()
    const message = this.#refusal()
    if (message === undefined) {
      for (let at: Limiter | undefined = this.#inner; at !== undefined; at = at.outer) at.reserve(asked.ref)
      return asked.start()
    }
    if (!this.#borrowed || this.#asked.lender?.giveBack() !== true) this.#giveBack()
    return new Failed({ _tag: "BudgetExceeded", path: asked.path(), message, retry: "no" })
  }

  /** A place was handed over. The ask goes on when the work at hand is done, unless it is aborted before. */
  granted(): void {
    this.#next = this.#next?.outer
    this.#asked.enter(() => {
      if (!this.waits) return
      const outcome = this.go()
      if (outcome !== PENDING) this.#asked.resume(outcome)
    })
  }

  #refusal(): string | undefined {
    for (let at: Limiter | undefined = this.#inner; at !== undefined; at = at.outer) {
      const message = at.refusal(this.#asked.ref)
      if (message !== undefined) return message
    }
    return undefined
  }

  #giveBack(): void {
    for (let at: Limiter | undefined = this.#inner; at !== undefined && at !== this.#next; at = at.outer) at.free()
  }
}
