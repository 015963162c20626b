import type { EventTask } from "../../event.js"

/** The events that are pieces of a text. */
export type DeltaType = "task_chunk" | "text_delta"

interface Delta {
  readonly type: DeltaType
  readonly path: string
  readonly task: EventTask
  text: string
}

/** Pieces of text whose consumer lags behind: those of one task are joined before they are told of. */
export class Deltas {
  readonly #waiting = new Map<string, Delta>()

  get empty(): boolean {
    return this.#waiting.size === 0
  }

  add(type: DeltaType, path: string, task: EventTask, text: string): void {
    const key = `${type} ${task.taskId}`
    const delta = this.#waiting.get(key)
    if (delta === undefined) this.#waiting.set(key, { type, path, task, text })
    else delta.text += text
  }

  /** Takes those of one task out, or all of them. */
  take(taskId: string | undefined): readonly Delta[] {
    const taken: Delta[] = []
    for (const [key, delta] of this.#waiting) {
      if (taskId !== undefined && delta.task.taskId !== taskId) continue
      this.#waiting.delete(key)
      taken.push(delta)
    }
    return taken
  }
}
