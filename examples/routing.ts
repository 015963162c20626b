// Branches: by a tag of the value, by a predicate, by a classifier. Every arm is in the tree before one is chosen.
import assert from "node:assert/strict"
import { AgentSystem, agent, continueWith, defineAgent, done, loop, pure, route } from "troupe"
import { z } from "zod"

type Question = { kind: "simple"; text: string } | { kind: "hard"; depth: number }

const classify = defineAgent(
  { name: "classify" },
  (q: string): Question => (q.length < 10 ? { kind: "simple", text: q } : { kind: "hard", depth: q.length }),
)
const quick = defineAgent({ name: "quick" }, (q: { kind: "simple"; text: string }) => `quick: ${q.text}`)
const deep = defineAgent({ name: "deep" }, (q: { kind: "hard"; depth: number }) => `deep: ${q.depth}`)
const label = defineAgent({ name: "label", input: z.string(), output: z.enum(["short", "long"]) }, (q) =>
  q.length < 10 ? "short" : "long",
)
const count = defineAgent(
  { name: "count", input: z.object({ q: z.string() }), output: z.number() },
  ({ q }) => q.length,
)
const echo = defineAgent({ name: "echo", input: z.string(), output: z.string() }, (q) => q)

// A missing or an unknown case does not compile: see refused.ts.
const byKind = agent(classify).branch("kind", { simple: agent(quick), hard: agent(deep) })
const rest = agent(classify).branch("kind", { hard: agent(deep) }, pure("later")) // otherwise gets the rest of the union
const byTest = agent(classify).branchOn((q) => q.kind === "hard", agent(deep), agent(quick))
const byLabel = route(agent(label), { short: agent(echo), long: pure("too long") }) // each arm gets the original input

// Adds a field, computed from the record so far.
const bound = pure({ q: "x" })
  .bind("n", agent(count))
  .map(({ q, n }) => `${q}: ${n}`)

// Turns until the body says done.
const refine = defineAgent({ name: "refine" }, (draft: string) =>
  draft.length < 4 ? continueWith(`${draft}!`) : done({ report: draft }),
)
const refined = loop(agent(refine), { max: 5 })

await using system = new AgentSystem()
assert.equal(await system.run(byKind, "why?"), "quick: why?")
assert.equal(await system.run(byKind, "why is the sky blue?"), "deep: 20")
assert.equal(await system.run(rest, "why?"), "later")
assert.equal(await system.run(byTest, "why is the sky blue?"), "deep: 20")
assert.equal(await system.run(byLabel, "why?"), "why?")
assert.equal(await system.run(bound, undefined), "x: 1")
assert.deepEqual(await system.run(refined, "hi"), { report: "hi!!" })
console.log("routed")
