import { Listener, type Unsubscribe } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import { AbortedError } from "../data/fault.js"
import type { Generation, Reader } from "./generation.js"
import type { Host } from "./host.js"
import type { AskOptions } from "./ref.js"
import { timedOut } from "./refusal.js"

const nobody = (): void => {}

/** How a question was closed: its handler has ended, or nobody waits for it any more. */
export type Closed = "handled" | "given up"

/** Whoever the asked actor was made by, for this question alone. */
export interface Keeper {
  /** Ends the actor. False while it still ends: then `gone` is called later. `why` is what the asker is told, if anything. */
  dismiss(closed: Closed, gone: () => void, why?: unknown): boolean
}

/**
 * A message with somebody who waits for the answer. It is answered once; whatever comes later is dropped. It listens to the
 * token of its options.
 */
export abstract class Question<M, R> extends Listener {
  readonly message: M
  readonly #host: Host
  #open = true
  #keeper: Keeper | undefined
  #generation: Generation<R, unknown> | undefined
  #stopTimer: CancelTimer | undefined
  #offSignal: Unsubscribe | undefined

  constructor(host: Host, message: M) {
    super()
    this.#host = host
    this.message = message
    host.counts.asks++
  }

  /** Who reads what a generator yields on the way to the answer. */
  abstract readonly reader: Reader<unknown> | undefined

  /** Tells the asker. */
  protected abstract answered(value: R): void

  /** Tells the asker. */
  protected abstract failed(error: unknown, closed: Closed): void

  /** Whether somebody still waits. */
  get open(): boolean {
    return this.#open
  }

  /** The handler of the message, when it is a generator. */
  get generation(): Generation<R, unknown> | undefined {
    return this.#generation
  }

  /** The actor was made for this question: it ends with it, and before the asker is told. */
  keptBy(keeper: Keeper): void {
    this.#keeper = keeper
  }

  /** The handler is a generator: it ends when nobody waits any more. */
  handledBy(generation: Generation<R, unknown>): void {
    this.#generation = generation
  }

  resolve(value: R): void {
    if (!this.#open) return
    this.#close()
    const tell = this.#keeper?.dismiss("handled", () => this.answered(value))
    if (tell ?? true) this.answered(value)
  }

  /** The handler threw. */
  threw(error: unknown): void {
    this.#fail(error, "handled")
  }

  /** There is no answer, whatever the handler does. */
  reject(error: unknown): void {
    this.#fail(error, "given up")
  }

  /** Rejects, without complaint of the process if nobody reads the answer: for an end that the asker did not cause. */
  abstract refuse(why: Error): void

  /** Nobody wants the answer. */
  leave(why: unknown): void {
    if (!this.#open) return
    this.#close()
    this.#keeper?.dismiss("given up", () => {}, why)
  }

  /** Gives up as the options say; at once, if they say so. */
  limit(to: { readonly path: string }, { timeout, signal, cancel }: AskOptions): void {
    if (signal !== undefined) {
      if (signal.aborted) return this.hear(signal.reason)
      const listener = (): void => this.hear(signal.reason)
      signal.addEventListener("abort", listener, { once: true })
      this.#offSignal = () => signal.removeEventListener("abort", listener)
    }
    if (cancel !== undefined) {
      cancel.listen(this)
      if (!this.#open) return
    }
    if (timeout !== undefined) {
      // As a timer of the host that is idle, without its closures.
      this.#host.counts.timers++
      this.#stopTimer = this.#host.clock.after(timeout, () => this.reject(timedOut(to.path, timeout)))
    }
  }

  /** It is given up. */
  override hear(reason: unknown): void {
    if (this.#open) this.refuse(new AbortedError(reason))
  }

  #fail(error: unknown, closed: Closed): void {
    if (!this.#open) return
    this.#close()
    const tell = this.#keeper?.dismiss(closed, () => this.failed(error, closed), error)
    if (tell ?? true) this.failed(error, closed)
  }

  #close(): void {
    this.#open = false
    this.#host.counts.asks--
    if (this.#stopTimer !== undefined) {
      this.#host.counts.timers--
      this.#stopTimer()
    }
    this.above?.forget(this)
    this.#offSignal?.()
    this.#generation?.leave()
  }
}

/** A question with one answer. */
export class Ask<M, R> extends Question<M, R> {
  readonly answer: Promise<R>
  // Not a function of each its own: a closure costs as much as the rest of the question.
  #resolve: (value: R) => void = nobody
  #reject: (error: unknown) => void = nobody

  constructor(host: Host, message: M) {
    super(host, message)
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  override get reader(): undefined {
    return undefined
  }

  override refuse(why: Error): void {
    this.answer.catch(() => {})
    this.reject(why)
  }

  protected override answered(value: R): void {
    this.#resolve(value)
  }

  protected override failed(error: unknown): void {
    this.#reject(error)
  }
}

/** What lies in a mailbox: a message that was told, or one that was asked. */
export type Entry<M, R> = M | Question<M, R>

export function isQuestion<M, R>(entry: Entry<M, R>): entry is Question<M, R> {
  return entry instanceof Question
}
