import type { Unsubscribe } from "../data/cancel.js"

/** Those who wait for an actor's end. Made when the first comes: most actors have none. */
export class Watchers {
  // One entry for each call, for the same function may be given twice.
  readonly #all = new Set<{ readonly ended: () => void }>()

  add(ended: () => void): Unsubscribe {
    const watcher = { ended }
    this.#all.add(watcher)
    return () => this.#all.delete(watcher)
  }

  tell(): void {
    for (const { ended } of this.#all) ended()
  }
}
