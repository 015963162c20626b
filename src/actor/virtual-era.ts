import type { Unsubscribe } from "../data/cancel.js"
import { type Mailbox, memory } from "./mailbox.js"
import type { Entry } from "./question.js"
import { Watchers } from "./watchers.js"

/** Callers who wait until the store has forgotten an id. */
interface Forgetting {
  readonly done: Promise<void>
  readonly settle: (error?: unknown) => void
}

/**
 * What came to a virtual actor between two calls of `deactivate`. One or more activations handle it; when it is closed
 * and handled, the last of them ends, before the next era begins.
 */
export class Era<M, R> {
  readonly box: Mailbox<Entry<M, R>> = memory<Entry<M, R>>(() => {})
  /** Somebody waits for its end: what comes now belongs to the next. */
  closed = false
  #forgetting: Forgetting | undefined
  #watchers: Watchers | undefined

  /** The store is to forget the id when it ends. */
  get forgets(): boolean {
    return this.#forgetting !== undefined
  }

  /** Closed, and nothing is left to handle. */
  get spent(): boolean {
    return this.closed && this.box.size === 0
  }

  close(): void {
    this.closed = true
  }

  forget(): Promise<void> {
    this.closed = true
    this.#forgetting ??= forgettingAnew()
    return this.#forgetting.done
  }

  observe(ended: () => void): Unsubscribe {
    this.#watchers ??= new Watchers()
    return this.#watchers.add(ended)
  }

  /** Tells all who wait; those of `forget` of an error, too. */
  end(error?: unknown): void {
    this.#watchers?.tell()
    this.#forgetting?.settle(error)
  }
}

function forgettingAnew(): Forgetting {
  let settle: (error?: unknown) => void = () => {}
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error))
  })
  return { done, settle }
}
