import type { CancelTimer, Clock } from "../../../data/clock.js"

/** A timer that has not fired. Without `fire` it was stopped. */
interface Timer {
  readonly due: number
  /** Timers due at one instant fire in order of start. */
  readonly nth: number
  fire: (() => void) | undefined
}

const before = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.nth < b.nth)

/** What the clock of a simulation can do next: something at once, something after real work gave way, or nothing. */
export type Next = "went on" | "gives way" | "nothing"

/**
 * The clock of one simulated run. It starts at 0 and jumps from instant to instant: a wait of an hour takes no time. All
 * is synchronous; only where a run gives way to the event loop does it wait for `resume`.
 */
export class SimulatedClock implements Clock {
  #now = 0
  #started = 0
  /** A binary heap: the first is due next. */
  readonly #timers: Timer[] = []
  #settled: (() => void)[] = []
  #yielded: (() => void)[] = []
  readonly elapsed: () => number

  /** @param elapsed real time, for the rule that the event loop is not held for long. */
  constructor(elapsed: () => number) {
    this.elapsed = elapsed
  }

  now(): number {
    return this.#now
  }

  after(ms: number, fire: () => void): CancelTimer {
    const timer: Timer = { due: this.#now + Math.max(0, ms), nth: this.#started++, fire }
    this.#push(timer)
    return () => {
      timer.fire = undefined
    }
  }

  yield(resume: () => void): void {
    this.#yielded.push(resume)
  }

  settled(resume: () => void): void {
    this.#settled.push(resume)
  }

  /** Goes on with what gave way to the event loop. */
  resume(): void {
    for (const go of this.#yielded.splice(0)) go()
  }

  /** Does what comes next: at this instant as long as there is anything, then at the next one. */
  step(): Next {
    if (this.#yielded.length > 0) return "gives way"
    let timer = this.#timers[0]
    while (timer !== undefined && timer.fire === undefined) {
      this.#pop()
      timer = this.#timers[0]
    }
    if (this.#settled.length > 0 && (timer === undefined || timer.due > this.#now)) {
      for (const go of this.#settled.splice(0)) go()
      return "went on"
    }
    if (timer === undefined) return "nothing"
    this.#pop()
    this.#now = timer.due
    timer.fire?.()
    return "went on"
  }

  #push(timer: Timer): void {
    const heap = this.#timers
    let at = heap.length
    heap.push(timer)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || before(parent, timer)) break
      heap[at] = parent
      at = up
    }
    heap[at] = timer
  }

  #pop(): void {
    const heap = this.#timers
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let down = at * 2 + 1
      let child = heap[down]
      const other = heap[down + 1]
      if (child !== undefined && other !== undefined && before(other, child)) {
        down++
        child = other
      }
      if (child === undefined || before(last, child)) break
      heap[at] = child
      at = down
    }
    heap[at] = last
  }
}
