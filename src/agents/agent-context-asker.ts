import type { AskOptions } from "../actor/ref.js"
import { Cancel } from "../data/cancel.js"
import { AbortedError, type Fault, FlowError } from "../data/fault.js"
import type { FlowEvent } from "../flow/event.js"
import type { Told } from "../flow/runtime.js"
import type { TaskResult } from "./agent-context.js"

/** Who waits for the answers of one call or several, each under its index. */
export interface Receiver {
  answered(index: number, answer: TaskResult<unknown>): void
  failed(index: number, error: unknown): void
  giveUp(reason: unknown): void
}

/** What one ask of an agent by an agent is told of. */
export class Asker implements Told {
  readonly cancel: Cancel | undefined
  readonly timeout: number | undefined
  readonly heard: ((event: FlowEvent) => void) | undefined
  readonly #receiver: Receiver
  readonly #index: number
  #over: (() => void) | undefined

  constructor(
    receiver: Receiver,
    index: number,
    { timeout, signal, cancel }: AskOptions,
    heard?: (event: FlowEvent) => void,
  ) {
    if (timeout !== undefined && !(timeout >= 0)) {
      throw new RangeError(`the timeout is ${timeout}: expected milliseconds, 0 or more`)
    }
    this.cancel = signal === undefined ? cancel : this.#heeding(signal, new Cancel(cancel))
    this.timeout = timeout
    this.heard = heard
    this.#receiver = receiver
    this.#index = index
  }

  answered(output: unknown, taskId: string): void {
    this.#over?.()
    this.#receiver.answered(this.#index, { output, taskId })
  }

  failed(fault: Fault): void {
    this.#over?.()
    this.#receiver.failed(this.#index, new FlowError(fault))
  }

  aborted(reason: unknown): void {
    this.#over?.()
    this.#receiver.giveUp(reason)
  }

  #heeding(signal: AbortSignal, token: Cancel): Cancel {
    if (signal.aborted) token.cancel(signal.reason)
    else {
      const abort = (): void => token.cancel(signal.reason)
      signal.addEventListener("abort", abort, { once: true })
      this.#over = () => {
        signal.removeEventListener("abort", abort)
        token.release()
      }
    }
    return token
  }
}

/** Waits for one answer. */
export class One implements Receiver {
  readonly result: Promise<TaskResult<unknown>>
  #resolve: (answer: TaskResult<unknown>) => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor() {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  answered(_index: number, answer: TaskResult<unknown>): void {
    this.#resolve(answer)
  }

  failed(_index: number, error: unknown): void {
    this.#reject(error)
  }

  /** Nobody may be there to hear of an end that comes from outside: the process does not complain of it. */
  giveUp(reason: unknown): void {
    this.result.catch(() => {})
    this.#reject(new AbortedError(reason))
  }
}

/** Gathers the events of one task, and then its answer, for one who reads them. */
export class Reading implements Receiver {
  readonly #events: FlowEvent[] = []
  #end: { readonly answer: TaskResult<unknown> } | { readonly error: unknown } | undefined
  #wake: () => void = () => {}

  readonly heard = (event: FlowEvent): void => {
    this.#events.push(event)
    this.#wake()
  }

  /** The next event; after the last one the answer. Throws what the ask failed with. */
  async next(): Promise<{ readonly event: FlowEvent } | { readonly answer: TaskResult<unknown> }> {
    for (;;) {
      const event = this.#events.shift()
      if (event !== undefined) return { event }
      if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error
        return this.#end
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  answered(_index: number, answer: TaskResult<unknown>): void {
    this.#end = { answer }
    this.#wake()
  }

  failed(_index: number, error: unknown): void {
    this.#end = { error }
    this.#wake()
  }

  giveUp(reason: unknown): void {
    this.failed(0, new AbortedError(reason))
  }
}
