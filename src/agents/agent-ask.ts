import type { AgentClass, AgentRef } from "../data/agent-ref.js"
import { agent } from "../flow/constructors.js"
import type { Flow } from "../flow/types.js"
import type { TaskResult } from "./agent-context.js"
import type { AgentSystem, SystemRunOptions } from "./system.js"

/**
 * Asks one agent from outside of any agent or flow: a run of its own. Within an agent it is `context.ask`.
 *
 * Rejects as `system.run` does: with `FlowError`, or with `AbortedError` when the run is aborted.
 *
 * @example
 * ```ts
 * import { AgentSystem, defineAgent } from "troupe"
 * import { ask } from "troupe/agents"
 * const count = defineAgent({ name: "count" }, (text: string) => text.length)
 * await using system = new AgentSystem()
 * const { output, taskId } = await ask(system, count, "bees", { runId: "r1" })
 * output // 4
 * taskId // "r1.1"
 * ```
 */
export async function ask<I, O>(
  system: AgentSystem,
  of: AgentClass<I, O> | AgentRef<I, O>,
  input: NoInfer<I>,
  options?: SystemRunOptions,
): Promise<TaskResult<O>> {
  const flow: Flow<I, O> = typeof of === "function" ? agent(of) : agent(of)
  const { runId, result } = system.start(flow, input, options)
  return { output: await result, taskId: `${runId}.1` }
}
