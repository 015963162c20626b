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
  readonly #open = new Map<string, OpenSuspend>()

  /** Gives the function that closes it. Of one name there is one at a time: look with `at` first. */
  open(suspend: OpenSuspend): () => void {
    this.#open.set(suspend.name, suspend)
    return () => {
      if (this.#open.get(suspend.name) === suspend) this.#open.delete(suspend.name)
    }
  }

  /** The open suspend of this name. */
  at(name: string): OpenSuspend | undefined {
    return this.#open.get(name)
  }

  /** Answers the open suspend of this name, else the one at this path. */
  send(runId: string, name: string, value: unknown): void {
    const open = [...this.#open.values()]
    const to = this.at(name) ?? open.find(({ path }) => path === name)
    if (to === undefined) throw new Error(this.#unknown(runId, name))
    to.take(value)
  }

  #unknown(runId: string, name: string): string {
    const names = [...this.#open.keys()]
    const waits = `the run ${JSON.stringify(runId)} waits for no answer named ${JSON.stringify(name)}`
    if (names.length === 0) return `${waits}: none of its suspends is open`
    const close = nearest(name, names)
    const meant = close === undefined ? "" : `, did you mean ${JSON.stringify(close)}?`
    const listed = names.slice(0, 8).map((one) => JSON.stringify(one))
    return `${waits}: it waits for ${listed.join(", ")}${names.length > 8 ? ", …" : ""}${meant}`
  }
}
