import type { Cancel } from "../../../data/cancel.js"

/** A piece of work of a run. */
export interface Job {
  /** Who may have cancelled it by the time it is run. */
  readonly cancel: Cancel | undefined
  /** Whether it starts a part of the flow: nothing starts while the run is held. */
  readonly starts: boolean
  work(): void
}

/** The work of one run, in the order in which synchronous calls would have done it. */
export class Jobs {
  /** What came from outside, in order. It waits for what was postponed, but not longer than for a turn of the event loop. */
  readonly #arrivals: Job[] = []
  /** Postponed work, the next one last. */
  readonly #stack: Job[] = []
  /** What came up during the job at hand, in order: it goes before all that waited already. */
  readonly #fresh: Job[] = []
  /** What may not start yet and was on the stack just now, in order. */
  readonly #passed: Job[] = []
  /** What may not start yet, the next one last. */
  readonly #held: Job[] = []

  arrive(job: Job): void {
    this.#arrivals.push(job)
  }

  postpone(cancel: Cancel, starts: boolean, work: () => void): void {
    this.#fresh.push({ cancel, starts, work })
  }

  /** Whether the job at hand has postponed a part of itself. */
  get postponed(): boolean {
    return this.#fresh.length > 0
  }

  /** Whether there is anything to do; while the run is held, without what would start. */
  waits(held: boolean): boolean {
    const due = this.#stack.length > 0 || this.#arrivals.length > 0
    return due || (!held && (this.#held.length > 0 || this.#passed.length > 0))
  }

  /** Whether there is nothing at all. */
  get empty(): boolean {
    return !this.postponed && !this.waits(false)
  }

  /** Puts what the last job postponed before all that waited. */
  stack(): void {
    move(this.#fresh, this.#stack)
  }

  /** Puts what has arrived before all that waited. */
  welcome(): void {
    move(this.#arrivals, this.#stack)
  }

  /** The next job. While the run is held, those that start something are kept for later, in their order. */
  next(held: boolean): Job | undefined {
    if (!held) {
      move(this.#passed, this.#stack)
      return this.#stack.pop() ?? this.#held.pop() ?? this.#arrivals.shift()
    }
    for (let job = this.#stack.pop(); job !== undefined; job = this.#stack.pop()) {
      if (!job.starts) return job
      this.#passed.push(job)
    }
    move(this.#passed, this.#held)
    return this.#arrivals.shift()
  }
}

/** Onto a stack, so that the first of them is the next. */
function move(from: Job[], to: Job[]): void {
  for (let job = from.pop(); job !== undefined; job = from.pop()) to.push(job)
}
