import { nearest } from "../../../data/nearest.js"

/** A suspend that waits for its answer. */
export interface OpenSuspend {
  readonly name: string
  readonly path: string
  /** Takes the answer and goes on with it. Throws `FlowError` with `InvalidInput` where it does not fit, and stays open. */
  take(value: unknown): void
}

/** The way of answers into one run: the suspends that are open in it, by name. */
export class Signals {
  #open: Map<string, OpenSuspend> | undefined
  #waiting: (() => void)[] | undefined
  #working = false

  /** Gives the function that closes it. Of one name there is one at a time: look with `at` first. */
  open(suspend: OpenSuspend): () => void {
    this.#open ??= new Map()
    const open = this.#open.set(suspend.name, suspend)
    return () => {
      if (open.get(suspend.name) === suspend) open.delete(suspend.name)
    }
  }

  /** The open suspend of this name. */
  at(name: string): OpenSuspend | undefined {
    return this.#open?.get(name)
  }

  /** The run gives way to the event loop in the middle of its work. */
  working(): void {
    this.#working = true
  }

  /** The run has done all that it can at this moment. */
  resting(): void {
    if (!this.#working) return
    this.#working = false
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const wake of waiting) wake()
  }

  /**
   * Answers the open suspend of this name, else the one at this path. Where there is none, and the run is in the middle of
   * its work, it may be about to get there: it is waited for.
   */
  async send(runId: string, name: string, value: unknown): Promise<void> {
    let to = this.#find(name)
    while (to === undefined && this.#working) {
      this.#waiting ??= []
      const waiting = this.#waiting
      await new Promise<void>((resolve) => waiting.push(resolve))
      to = this.#find(name)
    }
    if (to === undefined) throw new Error(this.#unknown(runId, name))
    to.take(value)
  }

  #find(name: string): OpenSuspend | undefined {
    return this.at(name) ?? [...(this.#open?.values() ?? [])].find(({ path }) => path === name)
  }

  #unknown(runId: string, name: string): string {
    const names = [...(this.#open?.keys() ?? [])]
    const waits = `the run ${JSON.stringify(runId)} waits for no answer named ${JSON.stringify(name)}`
    if (names.length === 0) return `${waits}: none of its suspends is open`
    const close = nearest(name, names)
    const meant = close === undefined ? "" : `, did you mean ${JSON.stringify(close)}?`
    const listed = names.slice(0, 8).map((one) => JSON.stringify(one))
    return `${waits}: it waits for ${listed.join(", ")}${names.length > 8 ? ", …" : ""}${meant}`
  }
}
