// An agent that asks others by code: as a class, for state and hooks, and as a function.
import assert from "node:assert/strict"
import { AgentSystem, agent, defineAgent } from "troupe"
import { AgentActor, ask } from "troupe/agents"
import { z } from "zod"

const researcher = defineAgent(
  { name: "researcher", input: z.string(), output: z.object({ facts: z.array(z.string()) }) },
  async (question, ctx) => {
    ctx.progress("searching")
    return { facts: [question] }
  },
)
const analyst = defineAgent({ name: "analyst", input: z.string(), output: z.string() }, async (q) => `view on ${q}`)
const tokens = defineAgent({ name: "tokens", input: z.string(), output: z.string() }, async function* (q) {
  yield "a "
  yield q
})

const Report = z.object({ title: z.string(), facts: z.array(z.string()), views: z.array(z.string()) })
type Report = z.infer<typeof Report>

class Orchestrator extends AgentActor<string, Report> {
  static readonly spec = { name: "orchestrator", input: z.string(), output: Report }

  override onStarted() {
    console.log(`at work at ${this.context.path}`)
  }

  override async *execute(query: string) {
    // One: its output, and the task that it was in the events of the run.
    const { output } = await this.context.ask(researcher, query)
    // Several at once: all in order, or the first failure; the others are aborted then.
    const [a, b] = await this.context.sequence([
      [researcher, query],
      [analyst, query],
    ])
    const all = await this.context.traverse(["d1", "d2"], analyst)
    // The first that answers; the others are aborted.
    const fastest = await this.context.race([
      [analyst, query],
      [tokens, query],
    ])
    // What one says while it works; what is yielded here are chunks of this agent's own.
    for await (const e of this.context.stream(tokens, query)) {
      if (e.type === "event" && e.event.type === "task_chunk") yield e.event.data
    }
    const views = [b.output, ...all.map(({ output }) => output), fastest.output]
    return { title: query, facts: [...output.facts, ...a.output.facts], views }
  }

  override onStopped() {
    console.log("done")
  }
}

await using system = new AgentSystem()

// In a flow it is an agent like any other.
const title = agent(Orchestrator).map((report) => report.title)
assert.equal(await system.run(title, "bees"), "bees")

// What it asks are tasks below its own.
const tree: string[] = []
for await (const event of system.stream(agent(Orchestrator), "bees", { runId: "r1" })) {
  if (event.type === "task_started") tree.push(`${event.parentTaskId} > ${event.taskId} ${event.data.agent}`)
}
assert.deepEqual(tree, [
  "r1 > r1.1 orchestrator",
  "r1.1 > r1.2 researcher",
  "r1.1 > r1.3 researcher",
  "r1.1 > r1.4 analyst",
  "r1.1 > r1.5 analyst",
  "r1.1 > r1.6 analyst",
  "r1.1 > r1.7 analyst",
  "r1.1 > r1.8 tokens",
  "r1.1 > r1.9 tokens",
])

// A function agent has the same context; it asks classes as it asks functions.
const editor = defineAgent({ name: "editor", input: z.string(), output: z.string() }, async (query, ctx) => {
  const [report, view] = await ctx.zip([Orchestrator, query], [analyst, query])
  return `${report.output.title}: ${view.output}`
})
assert.equal(await system.run(agent(editor).limit({ calls: 12 }), "bees"), "bees: view on bees")

// Outside of any agent: a run of its own.
const { output, taskId } = await ask(system, editor, "wasps", { runId: "r2" })
assert.equal(output, "wasps: view on wasps")
assert.equal(taskId, "r2.1")

assert.deepEqual(system.stats(), { actors: 0, runs: 0, timers: 0, abandoned: 0 })
