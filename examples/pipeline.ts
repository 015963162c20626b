// Two agents at once, their answers merged, with a deadline and a fallback.
import assert from "node:assert/strict"
import { AgentSystem, agent, defineAgent, named, pure, zip } from "troupe"
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

const pipeline = zip(agent(researcher), agent(analyst)) // or agent(researcher).zip(agent(analyst))
  .map(named("merge", ([r, view]) => `${r.facts.join("; ")} / ${view}`))
  .timeout(30_000)
  .recoverWith(pure("nobody answered"))

await using system = new AgentSystem()

// A promise of the value. It would reject with FlowError, or AbortedError.
const text: string = await system.run(pipeline, "quantum computing")
assert.equal(text, "quantum computing / view on quantum computing")

// The same as an fp-ts TaskEither: nothing runs until it is called, and nothing is thrown.
const either = await system.runEither(pipeline, "quantum computing")()
assert.equal(either._tag, "Right")

// Every event, the last of which tells how the run ended.
const seen: string[] = []
for await (const event of system.stream(pipeline, "q")) seen.push(event.type)
assert.equal(seen[0], "run_started")
assert.equal(seen.at(-1), "run_completed")
assert.equal(seen.filter((type) => type === "task_progress").length, 1)

// A generator's chunks are events; one that returns nothing gives them joined.
assert.equal(await system.run(agent(tokens), "q"), "a q")

// A handle: the value, the end of the run, its events, and a way to stop it.
const run = system.start(pipeline, "q", { runId: "r1" })
assert.equal(await run.value, "q / view on q")
await system.abort("r1") // it has ended: nothing happens

assert.deepEqual(system.stats(), { actors: 0, runs: 0, timers: 0, abandoned: 0 })
console.log(text)
