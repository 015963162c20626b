import type { Clock } from "../data/clock.js"
import { isPromise } from "./promise.js"

/** What makes the chunks: a generator, or what stands for one. */
export type Pulled<R, C> = Iterator<C, R, unknown> | AsyncIterator<C, R, unknown>

/** Who reads the chunks of a generator. */
export interface Reader<C> {
  /** Whether it wants another chunk now. */
  readonly wants: boolean
  take(step: IteratorYieldResult<C>): void
}

/** Told once, when a generator has ended. */
export interface GenerationEnd<R> {
  returned(value: R): void
  threw(error: unknown): void
  /** It was ended by `leave`, and its last block has run. */
  left(): void
}

/** Chunks without a turn of the event loop for timers, input and output. */
const perTurn = 512

/**
 * `inside`: its code runs right now; `later`: it gave a promise of its next step; `paused`: others have their turn;
 * `closing`: its last block runs.
 */
type State = "idle" | "inside" | "later" | "paused" | "closing" | "over"

/** Pulls a generator as fast as its reader wants, one step at a time; without a reader, to its end. */
export class Generation<R, C> {
  readonly #generator: Pulled<R, C>
  readonly #reader: Reader<C> | undefined
  readonly #clock: Clock
  readonly #end: GenerationEnd<R>
  #state: State = "idle"
  #left = false
  #pulled = 0
  /** What its last block threw. */
  #lastly: { readonly error: unknown } | undefined
  #told: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined

  constructor(generator: Pulled<R, C>, reader: Reader<C> | undefined, clock: Clock, end: GenerationEnd<R>) {
    this.#generator = generator
    this.#reader = reader
    this.#clock = clock
    this.#end = end
  }

  /**
   * Resolves when its last block has run after `leave`, and rejects with what that throws. A step that was under way may
   * take any time, and nobody wants it: that is not waited for.
   */
  closed(): Promise<void> {
    if (this.#lastly !== undefined) return Promise.reject(this.#lastly.error)
    if (this.#state !== "closing") return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#told = { resolve, reject }
    })
  }

  /** Makes chunks as long as they are wanted. */
  pull(): void {
    while (this.#state === "idle" && !this.#left && (this.#reader === undefined || this.#reader.wants)) {
      if (++this.#pulled > perTurn) {
        this.#pulled = 0
        this.#state = "paused"
        this.#clock.yield(this.#resume)
        return
      }
      this.#state = "inside"
      let step: IteratorResult<C, R> | Promise<IteratorResult<C, R>>
      try {
        step = this.#generator.next()
      } catch (error) {
        this.#threw(error)
        return
      }
      if (isPromise(step)) {
        this.#state = "later"
        step.then(this.#stepped, this.#threw)
        if (this.#left) this.#close()
        return
      }
      this.#state = "idle"
      this.#step(step)
    }
  }

  /** Ends the generator where it stands, so that its `finally` runs; a step that it is at ends first. */
  leave(): void {
    if (this.#left || this.#state === "over") return
    this.#left = true
    if (this.#state !== "inside") this.#close()
  }

  #step(step: IteratorResult<C, R>): void {
    if (step.done === true) {
      this.#state = "over"
      this.#end.returned(step.value)
    } else if (!this.#left) this.#reader?.take(step)
    else if (this.#state === "idle") this.#close()
  }

  #close(): void {
    let closed: unknown
    try {
      closed = this.#generator.return?.()
    } catch (error) {
      this.#threw(error)
      return
    }
    if (!isPromise(closed)) return this.#over()
    if (this.#state !== "later") this.#state = "closing"
    closed.then(() => this.#over(), this.#threw)
  }

  #over(): void {
    if (this.#state === "over") return
    this.#state = "over"
    this.#end.left()
    this.#told?.resolve()
  }

  readonly #stepped = (step: IteratorResult<C, R>): void => {
    if (this.#state !== "later") return
    if (!this.#left) this.#state = "idle"
    this.#step(step)
    this.pull()
  }

  readonly #threw = (error: unknown): void => {
    if (this.#state === "over") return
    this.#state = "over"
    if (this.#left) this.#lastly = { error }
    this.#end.threw(error)
    this.#told?.reject(error)
  }

  readonly #resume = (): void => {
    if (this.#state !== "paused") return
    this.#state = "idle"
    this.pull()
  }
}
