import type { FlowEvent } from "../../event.js"

/** Events held for late consumers. */
const held = 1000

/** Told to a consumer that came too late for some events: those from `from` to `to` are gone. */
export interface Lagged {
  readonly type: "lagged"
  readonly data: { readonly from: number; readonly to: number }
}

/**
 * The events of one run, for any number of consumers: each starts at the first event still held, after a `lagged` where
 * that is not the first of all, and leaving one only unsubscribes.
 */
export class EventLog implements AsyncIterable<FlowEvent | Lagged> {
  readonly #ring: FlowEvent[] = []
  readonly #waiting = new Set<() => void>()
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
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FlowEvent | Lagged, void, undefined> {
    let next = 0
    for (;;) {
      const first = Math.max(0, this.#count - held)
      if (next < first) {
        yield { type: "lagged", data: { from: next, to: first - 1 } }
        next = first
      } else if (next < this.#count) {
        const event = this.#ring[next++ % held]
        if (event !== undefined) yield event
      } else if (this.#closed) return
      else await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }
}
