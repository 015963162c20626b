import type { Cancel } from "../../../data/cancel.js"
import type { Wait } from "../../event.js"

/** How the run tells that all of it waits, and that some of it goes on. */
export interface Teller {
  suspended(waits: readonly Wait[]): void
  resumed(path: string): void
}

/**
 * What the branches of a run wait for that may take days: answers from outside, and instants. The run is suspended while
 * nothing else of it is alive.
 */
export class Waits {
  readonly #run: Cancel
  readonly #tell: Teller
  #open: Set<Wait> | undefined
  /** Asks and decisions under way. */
  #busy = 0
  #suspended = false

  constructor(run: Cancel, tell: Teller) {
    this.#run = run
    this.#tell = tell
  }

  /** A branch waits, until the function that this gives is called (more than once does nothing) or it is cancelled. */
  open(wait: Wait, cancel: Cancel): () => void {
    this.#goOn(wait)
    this.#open ??= new Set()
    const open = this.#open.add(wait)
    const close = (): void => {
      off()
      if (open.delete(wait)) this.#goOn(wait)
    }
    const off = cancel.onCancel(() => {
      if (open.delete(wait)) this.#goOn(wait)
    })
    return close
  }

  /** An ask starts. Its path is read only where it is told. */
  begin(at: { readonly path: string }): void {
    this.#goOn(at)
    this.#busy++
  }

  /** The run is alive until `end`, whatever else of it waits. */
  hold(): void {
    this.#busy++
  }

  /** An ask, or what was held, has ended. */
  end(): void {
    this.#busy--
  }

  /** Nothing more can be done at this moment: the run is suspended where all that is alive waits. */
  idle(): void {
    if (this.#suspended || this.#busy > 0 || this.#open === undefined || this.#open.size === 0) return
    this.#suspended = true
    this.#tell.suspended([...this.#open].map((wait) => ({ ...wait })))
  }

  #goOn(at: { readonly path: string }): void {
    if (!this.#suspended) return
    this.#suspended = false
    if (!this.#run.cancelled) this.#tell.resumed(at.path)
  }
}
