import type { FlowEvent } from "../flow/event.js"
import { noteText } from "./output.js"

/** One agent at work, as a person follows it. */
export interface Row {
  readonly id: string
  readonly agent: string
  readonly path: string
  readonly started: number
  state: "running" | "done" | "failed" | "aborted"
  ended: number | undefined
  tokens: number
  usd: number | undefined
  /** The latest news: a progress report, or why it failed. */
  note: string
}

/** What a run looks like from outside, kept up to date by its events. */
export class TaskBoard {
  readonly rows: Row[] = []
  simulated = false
  readonly #byId = new Map<string, Row>()

  /** Takes an event; gives the row that ended by it, if one did. */
  see(event: FlowEvent): Row | undefined {
    if (event.type === "task_started") {
      const { taskId: id, path, time: started } = event
      const { agent } = event.data
      const row: Row = {
        id,
        agent,
        path,
        started,
        state: "running",
        ended: undefined,
        tokens: 0,
        usd: undefined,
        note: "",
      }
      this.rows.push(row)
      this.#byId.set(id, row)
      return undefined
    }
    const row = this.#byId.get(event.taskId)
    if (row === undefined) return undefined
    switch (event.type) {
      case "task_progress":
        row.note = noteText(event.data)
        return undefined
      case "llm_call_started":
        if (event.data.simulated) this.simulated = true
        row.note = `${event.data.provider} ${event.data.model}${event.data.simulated ? " (simulated)" : ""}`
        return undefined
      case "llm_call_done": {
        const { usage } = event.data
        row.tokens += (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)
        if (usage?.usd !== undefined) row.usd = (row.usd ?? 0) + usage.usd
        return undefined
      }
      case "task_completed":
        return this.#end(row, "done", event.time)
      case "task_failed":
        row.note = event.data._tag === "Aborted" ? "aborted" : event.data.message
        return this.#end(row, "failed", event.time)
      case "task_aborted":
        return this.#end(row, "aborted", event.time)
      default:
        return undefined
    }
  }

  #end(row: Row, state: "done" | "failed" | "aborted", time: number): Row {
    row.state = state
    row.ended = time
    return row
  }

  get running(): readonly Row[] {
    return this.rows.filter(({ state }) => state === "running")
  }
}

/** Milliseconds as a person says them. */
export function spoken(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}
