/** Takes a listener off again. */
export type Unsubscribe = () => void

interface Listener {
  readonly call: (reason: unknown) => void
}

/**
 * A cancel token: light inside, an `AbortSignal` only at the edge, where an agent asks for one.
 *
 * A child is cancelled with its parent, never the other way round. Listeners are called once, in order, synchronously.
 */
export class Cancel {
  #cancelled = false
  #reason: unknown
  #listeners: Set<Listener> | undefined
  #controller: AbortController | undefined
  readonly #detach: Unsubscribe | undefined

  constructor(parent?: Cancel) {
    this.#detach = parent?.onCancel((reason) => this.cancel(reason))
  }

  get cancelled(): boolean {
    return this.#cancelled
  }

  get reason(): unknown {
    return this.#reason
  }

  /** Cancels this token and all below it. A second call does nothing. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return
    this.#cancelled = true
    this.#reason = reason
    this.#detach?.()
    this.#controller?.abort(reason)
    const listeners = this.#listeners
    this.#listeners = undefined
    if (listeners !== undefined) for (const listener of listeners) listener.call(reason)
  }

  /** Calls `call` when this token is cancelled; at once if it already is. */
  onCancel(call: (reason: unknown) => void): Unsubscribe {
    if (this.#cancelled) {
      call(this.#reason)
      return () => {}
    }
    const listener: Listener = { call }
    this.#listeners ??= new Set()
    this.#listeners.add(listener)
    return () => this.#listeners?.delete(listener)
  }

  /** Lets go of the parent once the work under this token is done. */
  release(): void {
    this.#detach?.()
  }

  /** The same as an `AbortSignal`, made on first use. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#cancelled) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }
}
