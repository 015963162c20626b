import type { Cancel } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import type { Ephemerals } from "./ephemerals.js"
import type { Host } from "./host.js"
import { Presence } from "./presence.js"
import { unavailable } from "./refusal.js"

/**
 * Actors of one message that need no mailbox, no children and no reference: whoever runs them tells of their begin and end,
 * and they count like any other (`stats`, `whenQuiescent`).
 */
export class Visitors {
  readonly #host: Host
  readonly #name: string
  readonly #list: Ephemerals

  constructor(host: Host, name: string, list: Ephemerals) {
    this.#host = host
    this.#name = name
    this.#list = list
  }

  /** One begins. Throws a `FaultError` of `Unavailable` after `shutdown`. */
  begin(): void {
    if (this.#host.closed) throw unavailable(`${this.#name} has shut down`)
    this.#host.counts.actors++
    this.#host.activity.begin()
  }

  /** One has ended: it answered, failed, or was aborted. */
  end(): void {
    this.#host.counts.actors--
    this.#host.activity.end()
  }

  /** One was aborted and goes on: it counts as `abandoned`. */
  stray(): void {
    this.#host.strays.begin()
  }

  /** Such a one has settled. */
  strayed(): void {
    this.#host.strays.end()
  }

  /** Starts a timer for one. */
  after(ms: number, fire: () => void): CancelTimer {
    return this.#host.timer(ms, fire, "work")
  }

  /** Puts one that is under way among the actors, because it makes children or watches others. */
  presence(path: string, cancel: Cancel, failed: (error: unknown) => void): Presence {
    return new Presence(this.#host, this.#list, path, cancel, failed)
  }
}
