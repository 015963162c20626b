import type { Clock } from "../../../data/clock.js"

/** Milliseconds of synchronous work after which the event loop gets its turn (10 are promised). */
const slice = 8
/** The most steps between two looks at the clock; fewer while they are slow. */
const maxStride = 64

/** How long a run has kept the event loop waiting. */
export class Pace {
  readonly #clock: Clock
  /** When the event loop had its last turn; unknown before the first look, which comes before any work. */
  #since: number | undefined
  #looked = 0
  #stride = 1
  #steps = 1
  #late = false
  #asked = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether it has waited long enough. Looks at the clock (40 ns) now and then: as often as steps are slow. */
  late(): boolean {
    if (this.#asked) this.#asked = false
    else if (!this.#late && --this.#steps <= 0) this.#look()
    return this.#late
  }

  /** The same where work arrives. It asks once more before it does anything, which is no step of its own. */
  lateOnArrival(): boolean {
    if (!this.#late && --this.#steps <= 0) this.#look()
    this.#asked = !this.#late
    return this.#late
  }

  /** The event loop has had its turn. */
  afresh(): void {
    this.#since = this.#clock.elapsed()
    this.#late = false
  }

  #look(): void {
    const now = this.#clock.elapsed()
    if (this.#since === undefined) this.#since = now
    else {
      const took = now - this.#looked
      this.#stride = took > 1 ? 1 : Math.min(maxStride, this.#stride * (took > 0.1 ? 2 : 4))
    }
    this.#steps = this.#stride
    this.#looked = now
    this.#late = now - this.#since > slice
  }
}
