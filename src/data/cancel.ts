/** Takes a listener off again. */
export type Unsubscribe = () => void

interface Listener {
  call: ((reason: unknown) => void) | undefined
}

const nothing: Unsubscribe = () => undefined

/**
 * A cancel token: light inside, an `AbortSignal` only at the edge, where an agent asks for one.
 *
 * A child is cancelled with its parent, never the other way round. Listeners are called once, in the order in which they
 * and the children were added, synchronously and without recursion, so that tokens may nest 100,000 deep.
 *
 * @example
 * ```ts
 * import { Cancel } from "troupe/actor"
 * const parent = new Cancel()
 * const child = new Cancel(parent)
 * parent.cancel("too late")
 * child.reason // "too late"
 * child.signal.aborted // true
 * ```
 */
export class Cancel {
  #cancelled = false
  #reason: unknown
  #below: Set<Listener | Cancel> | undefined
  #controller: AbortController | undefined
  #parent: Cancel | undefined

  constructor(parent?: Cancel) {
    if (parent === undefined) return
    if (parent.#cancelled) {
      this.#cancelled = true
      this.#reason = parent.#reason
      return
    }
    this.#parent = parent
    parent.#below ??= new Set()
    parent.#below.add(this)
  }

  /** Whether it has been cancelled. */
  get cancelled(): boolean {
    return this.#cancelled
  }

  /** What `cancel` was given; `undefined` before. */
  get reason(): unknown {
    return this.#reason
  }

  /**
   * Cancels this token and all below it. A second call does nothing. Where listeners throw, the others are called all the
   * same; the first that was thrown is thrown at the end.
   */
  cancel(reason: unknown): void {
    if (this.#cancelled) return
    this.release()
    let threw: { readonly error: unknown } | undefined
    const stack: (Listener | Cancel)[] = [this]
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (!(next instanceof Cancel)) {
        try {
          next.call?.(reason)
        } catch (error) {
          threw ??= { error }
        }
      } else if (!next.#cancelled) {
        next.#cancelled = true
        next.#reason = reason
        next.#parent = undefined
        const below = next.#below === undefined ? [] : [...next.#below]
        next.#below = undefined
        for (const one of below.toReversed()) stack.push(one)
        next.#controller?.abort(reason)
      }
    }
    if (threw !== undefined) throw threw.error
  }

  /** Calls `call` when this token is cancelled; at once if it already is. */
  onCancel(call: (reason: unknown) => void): Unsubscribe {
    if (this.#cancelled) {
      call(this.#reason)
      return nothing
    }
    const listener: Listener = { call }
    this.#below ??= new Set()
    this.#below.add(listener)
    return () => {
      listener.call = undefined // the token may be calling its listeners right now
      this.#below?.delete(listener)
    }
  }

  /** Lets go of the parent once the work under this token is done. */
  release(): void {
    const parent = this.#parent
    if (parent !== undefined) parent.#below?.delete(this)
    this.#parent = undefined
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
