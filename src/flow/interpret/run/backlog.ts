import type { FlowEvent } from "../../event.js"

/** Events that were taken are let go of in batches of so many. */
const batch = 1_024

/** The events of a run that its one consumer has not taken yet. None is dropped: where many wait, the run starts no more. */
export class Backlog {
  /** Whether so many wait that nothing may start. */
  full = false
  /** Called when it is full no longer. */
  onRoom: () => void = () => undefined
  readonly #most: number
  #events: FlowEvent[] = []
  #taken = 0

  /** @param most how many may wait before the run starts nothing more. */
  constructor(most = 10_000) {
    this.#most = most
  }

  push(event: FlowEvent): void {
    this.#events.push(event)
    this.full = this.#events.length - this.#taken >= this.#most
  }

  /** The oldest event. */
  take(): FlowEvent | undefined {
    const event = this.#events[this.#taken]
    if (event === undefined) return undefined
    if (++this.#taken >= batch || this.#taken === this.#events.length) {
      this.#events = this.#events.slice(this.#taken)
      this.#taken = 0
    }
    if (this.full) {
      this.full = this.#events.length - this.#taken >= this.#most
      if (!this.full) this.onRoom()
    }
    return event
  }
}
