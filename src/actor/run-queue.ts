import type { Clock } from "../data/clock.js"

/** Something with work to do. */
export interface Runnable {
  /** Works on at most `most` messages, and says how many it were. Never throws. */
  run(most: number): number
}

/** Messages per turn of the event loop, after which timers, input and output have theirs. */
const perTurn = 512
/** Messages that one actor may have before the next in line. */
const perActor = 64
/** Messages between two looks at the time, and the milliseconds after which a turn ends early. */
const perLook = 32
const longestTurn = 8
/** Its continuations are microtasks, for half of what `queueMicrotask` costs. */
const settled = Promise.resolve()

/** The one line of all actors of a system that have messages: it keeps them fair, and timers punctual. */
export class RunQueue {
  readonly #clock: Clock
  #line: Array<Runnable | undefined> = []
  #head = 0
  #spent = 0
  #awake = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(next: Runnable): void {
    this.#line.push(next)
    if (this.#awake) return
    this.#awake = true
    void settled.then(this.#work)
  }

  readonly #work = (): void => {
    const began = this.#clock.elapsed()
    let look = this.#spent + perLook
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#spent += Math.max(1, next.run(perActor))
      if (this.#spent < look) continue
      look = this.#spent + perLook
      if (this.#spent < perTurn && this.#clock.elapsed() - began < longestTurn) continue
      this.#spent = 0
      this.#clock.yield(this.#work)
      return
    }
    this.#awake = false
  }

  #take(): Runnable | undefined {
    const next = this.#line[this.#head]
    if (next === undefined) {
      this.#line.length = 0
      this.#head = 0
      return undefined
    }
    this.#line[this.#head++] = undefined
    if (this.#head >= 1_024 && this.#head * 2 >= this.#line.length) {
      this.#line.splice(0, this.#head)
      this.#head = 0
    }
    return next
  }
}
