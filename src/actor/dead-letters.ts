import type { Unsubscribe } from "../data/cancel.js"

/** A told message that no actor handled. An ask is never one: its asker knows. */
export interface DeadLetter {
  /** The path of the actor that it was for. */
  readonly to: string
  readonly message: unknown
  /** The actor has ended or never was; its mailbox was full; the message cannot cross to the thread where the actor is. */
  readonly reason: "stopped" | "full" | "refused"
}

/** Where messages go that no actor handled. */
export class DeadLetters {
  readonly #readers = new Set<{ readonly read: (letter: DeadLetter) => void }>()
  #count = 0

  /** How many there were. */
  get count(): number {
    return this.#count
  }

  /** Calls `read` for each dead letter from now on; what it throws is dropped. */
  subscribe(read: (letter: DeadLetter) => void): Unsubscribe {
    const reader = { read }
    this.#readers.add(reader)
    return () => this.#readers.delete(reader)
  }

  /** For the runtime: takes one in. */
  add(to: string, message: unknown, reason: DeadLetter["reason"]): void {
    this.#count++
    for (const { read } of this.#readers) {
      try {
        read({ to, message, reason })
      } catch {
        // A reader of dead letters has nobody to complain to.
      }
    }
  }
}
