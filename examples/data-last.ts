// The same combinators for `pipe`, and the interpreters that need no run.
import assert from "node:assert/strict"
import { pipe } from "fp-ts/lib/function.js" // fp-ts/function does not resolve in Node's own ESM
import { AgentSystem, defineAgent } from "troupe"
import * as F from "troupe/flow"
import { z } from "zod"

const researcher = defineAgent(
  { name: "researcher", input: z.string(), output: z.object({ facts: z.array(z.string()) }), caps: { requests: 0 } },
  async (question) => ({ facts: [question] }),
)

const g = pipe(
  F.agent(researcher),
  F.map(F.named("count", ({ facts }) => facts.length)),
  F.timeout(1_000),
  F.recoverWith(F.pure(0)),
)

assert.match(F.toMermaid(g), /^flowchart TD/)
assert.equal(F.cost(g).most.calls.total.value, 1)
assert.equal(F.cost(g).most.latency.value, 1_000)
assert.deepEqual(F.check(g).errors, [])
assert.match(F.explain(g), /researcher/)

await using system = new AgentSystem()
console.log(await system.run(g, "q"))
