import type { Cancel } from "../data/cancel.js"
import type { ActorClass, ActorContext } from "./actor.js"
import { Boxless } from "./boxless.js"
import type { Ephemerals } from "./ephemerals.js"
import type { Host } from "./host.js"

/** What one that is run elsewhere is among actors. Whoever runs it ends it. */
export class Presence extends Boxless<never, never> {
  readonly #failed: (error: unknown) => void

  /** @param failed told of what its children fail it with, and of an end that it did not ask for. */
  constructor(host: Host, list: Ephemerals, path: string, cancel: Cancel, failed: (error: unknown) => void) {
    super(host, list, path, cancel)
    this.#failed = failed
    this.enlist()
  }

  get context(): ActorContext<never> {
    return this.live
  }

  protected get takes(): string {
    return "no messages"
  }

  /** Makes an actor for a message: a child that ends by itself. */
  tellNew(source: ActorClass, message: never): void {
    void this.live.tell(source, message)
  }

  interrupt(reason: unknown): void {
    this.fail(reason)
  }

  fail(error: unknown): void {
    if (!this.ended) this.#failed(error)
    this.leave()
  }

  /** A second call does nothing. */
  end(): void {
    this.leave()
  }
}
