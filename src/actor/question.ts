import type { Unsubscribe } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import { AbortedError } from "../data/fault.js"
import type { Host } from "./host.js"
import type { AskOptions } from "./ref.js"
import { timedOut } from "./refusal.js"

/** A message with somebody who waits for the answer. It is answered once; whatever comes later is dropped. */
export class Question<M, R> {
  readonly message: M
  readonly answer: Promise<R>
  readonly #host: Host
  #open = true
  #resolve: (value: R) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #stopTimer: CancelTimer | undefined
  #offCancel: Unsubscribe | undefined
  #offSignal: Unsubscribe | undefined

  constructor(host: Host, path: string, message: M, options: AskOptions | undefined) {
    this.#host = host
    this.message = message
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    host.counts.asks++
    if (options !== undefined) this.#limit(path, options)
  }

  /** Whether somebody still waits. */
  get open(): boolean {
    return this.#open
  }

  resolve(value: R): void {
    if (!this.#open) return
    this.#close()
    this.#resolve(value)
  }

  reject(error: unknown): void {
    if (!this.#open) return
    this.#close()
    this.#reject(error)
  }

  /** Rejects, without complaint of the process if nobody reads the answer: for an end that the asker did not cause. */
  refuse(why: Error): void {
    this.answer.catch(() => {})
    this.reject(why)
  }

  #limit(path: string, { timeout, signal, cancel }: AskOptions): void {
    if (signal !== undefined) {
      if (signal.aborted) return this.#abort(signal.reason)
      const listener = (): void => this.#abort(signal.reason)
      signal.addEventListener("abort", listener, { once: true })
      this.#offSignal = () => signal.removeEventListener("abort", listener)
    }
    if (cancel !== undefined) {
      this.#offCancel = cancel.onCancel((reason) => this.#abort(reason))
      if (!this.#open) return
    }
    if (timeout !== undefined) {
      this.#stopTimer = this.#host.timer(timeout, () => this.reject(timedOut(path, timeout)), "idle")
    }
  }

  #abort(reason: unknown): void {
    this.refuse(new AbortedError(reason))
  }

  #close(): void {
    this.#open = false
    this.#host.counts.asks--
    this.#stopTimer?.()
    this.#offCancel?.()
    this.#offSignal?.()
  }
}

/** What lies in a mailbox: a message that was told, or one that was asked. */
export type Entry<M, R> = M | Question<M, R>

export function isQuestion<M, R>(entry: Entry<M, R>): entry is Question<M, R> {
  return entry instanceof Question
}
