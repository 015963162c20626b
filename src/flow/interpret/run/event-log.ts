import type { FlowEvent } from "../../event.js"

/** Events held for late consumers. */
const held = 1000

/** Told to a consumer that came too late for some events: those from `from` to `to` are gone. */
export interface Lagged {
  readonly type: "lagged"
  readonly data: { readonly from: number; readonly to: number }
}

type Step = IteratorResult<FlowEvent | Lagged, undefined>

const over: Step = { done: true, value: undefined }

/**
 * The events of one run, for any number of consumers: each starts at the first event still held, after a `lagged` where
 * that is not the first of all, and leaving one only unsubscribes.
 */
export class EventLog implements AsyncIterable<FlowEvent | Lagged> {
  readonly #ring: FlowEvent[] = []
  readonly #readers = new Set<() => void>()
  #count = 0
  #closed = false

  push(event: FlowEvent): void {
    this.#ring[this.#count++ % held] = event
    this.#wake()
  }

  /** No more events come: consumers end once they have had the last. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  #wake(): void {
    if (this.#readers.size === 0) return
    const woken = [...this.#readers]
    this.#readers.clear()
    for (const wake of woken) wake()
  }

  [Symbol.asyncIterator](): AsyncIterator<FlowEvent | Lagged, undefined> {
    /** The number of the next event. */
    let next = 0
    let left = false
    /** Calls of `next` that wait for an event, in order. */
    const waiting: ((step: Step) => void)[] = []
    const take = (): Step | undefined => {
      if (left) return over
      const first = Math.max(0, this.#count - held)
      if (next < first) {
        const data = { from: next, to: first - 1 }
        next = first
        return { done: false, value: { type: "lagged", data } }
      }
      const event = next < this.#count ? this.#ring[next % held] : undefined
      if (event === undefined) return this.#closed ? over : undefined
      next++
      return { done: false, value: event }
    }
    const serve = (): void => {
      for (let asked = waiting[0]; asked !== undefined; asked = waiting[0]) {
        const step = take()
        if (step === undefined) {
          this.#readers.add(serve)
          return
        }
        waiting.shift()
        asked(step)
      }
    }
    return {
      next: () =>
        new Promise((resolve) => {
          waiting.push(resolve)
          serve()
        }),
      return: async () => {
        left = true
        this.#readers.delete(serve)
        serve()
        return over
      },
    }
  }
}
