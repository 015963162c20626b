import type { Fault } from "../data/fault.js"
import type { FlowEvent } from "../flow/event.js"

/** The agents that were aborted before they had answered, for a fault that knows only that the time was up. */
export class Unfinished {
  readonly #started = new Map<string, { readonly agent: string; readonly path: string }>()
  readonly #aborted = new Map<string, string>()

  see(event: FlowEvent): void {
    if (event.type === "task_started") {
      this.#started.set(event.taskId, { agent: event.data.agent, path: event.path })
      return
    }
    if (event.type !== "task_completed" && event.type !== "task_failed" && event.type !== "task_aborted") return
    const task = this.#started.get(event.taskId)
    this.#started.delete(event.taskId)
    if (event.type === "task_aborted" && task !== undefined) this.#aborted.set(task.path, task.agent)
  }

  /** What a fault says, and for a deadline which agents had not answered. */
  describe({ _tag, path, message }: Fault): string {
    if (_tag !== "TimedOut") return message
    const under = [...this.#aborted].filter(([at]) => path === "" || at === path || at.startsWith(`${path}/`))
    const agents = [...new Set(under.map(([, agent]) => agent))].filter((agent) => !message.startsWith(`${agent}: `))
    return agents.length === 0 ? message : `${message}: no answer from ${agents.slice(0, 5).join(", ")}`
  }
}
