/** Counts what is under way, and says when nothing is: when no more messages flow, computation has halted. */
export class Activity {
  #count = 0
  #waiting: Array<() => void> = []

  get count(): number {
    return this.#count
  }

  begin(): void {
    this.#count++
  }

  end(): void {
    this.#count--
    if (this.#count === 0 && this.#waiting.length > 0) this.#look()
  }

  /** Resolves when nothing is under way, and nothing new came of what ended last. */
  whenQuiescent(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#count === 0) this.#look()
    })
  }

  /** Gives the continuations of what just ended their chance to begin something: a few links of promises deep. */
  #look(): void {
    let left = 16
    const again = (): void => {
      if (this.#count > 0) return
      if (left-- > 0) {
        queueMicrotask(again)
        return
      }
      const waiting = this.#waiting
      this.#waiting = []
      for (const resolve of waiting) resolve()
    }
    queueMicrotask(again)
  }
}
