import type { Clock } from "../data/clock.js"

/** Something with work to do. */
export interface Runnable {
  /** Works on at most `most` messages, and says how many it were. What it throws is an error of the whole process. */
  run(most: number): number
}

/** Messages per turn of the event loop, after which timers, input and output have theirs. */
const perTurn = 512
/** Messages that one actor may have before the next in line. */
const perActor = 64
/** An actor's start and a message. */
const aLone = 2
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
  /** Messages that came one by one since the time was looked at, and that time. */
  #lone = 0
  #looked = 0

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
    try {
      const first = this.#take()
      if (first !== undefined) this.#spent += Math.max(1, first.run(aLone))
      if (this.#head < this.#line.length) this.#goOn()
      else this.#alone()
    } catch (error) {
      // The process hears of it, and the others go on, in a turn of their own.
      this.#spent = perTurn
      throw error
    } finally {
      this.#rest()
    }
  }

  #rest(): void {
    if (this.#spent < perTurn) {
      this.#awake = false
    } else {
      this.#spent = 0
      this.#clock.yield(this.#work)
    }
  }

  /** Works until the line is empty or the turn is over. */
  #goOn(): void {
    const began = this.#clock.elapsed()
    let look = this.#spent + perLook
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#spent += Math.max(1, next.run(perActor))
      if (this.#spent < look) continue
      look = this.#spent + perLook
      if (this.#spent >= perTurn) return
      if (this.#clock.elapsed() - began < longestTurn) continue
      this.#spent = perTurn
      return
    }
  }

  /** One message was all there was. To look at the time for each would cost as much as the rest of its turn. */
  #alone(): void {
    if (++this.#lone < perLook) return
    this.#lone = 0
    const now = this.#clock.elapsed()
    if (now - this.#looked >= longestTurn) this.#spent = perTurn
    this.#looked = now
  }

  #take(): Runnable | undefined {
    const next = this.#line[this.#head]
    if (next === undefined) return undefined
    this.#line[this.#head++] = undefined
    // To shorten an array costs as much as a few messages.
    if (this.#head === this.#line.length && this.#head >= 32) {
      this.#line.length = 0
      this.#head = 0
    } else if (this.#head >= 1_024 && this.#head * 2 >= this.#line.length) {
      this.#line.splice(0, this.#head)
      this.#head = 0
    }
    return next
  }
}
