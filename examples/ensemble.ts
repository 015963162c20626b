// A Mixture of Agents is an ordinary flow: it prints, draws, prices and nests.
import assert from "node:assert/strict"
import { AgentSystem, defineAgent } from "troupe"
import * as F from "troupe/flow"
import { layer, moa } from "troupe/moa"
import { z } from "zod"

const voice = (name: string, says: (question: string) => string) =>
  defineAgent(
    { name, input: z.string(), output: z.string(), caps: { requests: 1, tokens: 500, usd: 0.01 } },
    async (question) => says(question),
  )

const optimist = voice("optimist", () => "It will work.")
const pessimist = voice("pessimist", () => "It will not.")
const broken = voice("broken", () => {
  throw new Error("no opinion today")
})
const editor = voice("editor", (text) => `Edited: ${text.length} characters`)
const critic = voice("critic", (text) => `Critique of ${text.length} characters`)

const ensemble = moa([
  layer({ proposers: [optimist, pessimist, broken], aggregator: editor, quorum: 2, timeout: 20_000 }),
  layer({ proposers: [critic], aggregator: editor }),
])

// Before it runs: what it asks at most, and what that costs.
const { most } = F.cost(ensemble)
assert.equal(most.calls.total.value, 6)
assert.equal(most.tokens.value, 3_000)
assert.match(F.toMermaid(ensemble), /2 of 3/)
assert.deepEqual(F.check(ensemble).errors, [])

await using system = new AgentSystem()
const answer = await system.run(ensemble, "Will it work?") // two of three answered: that is enough
assert.match(answer, /^Edited: \d+ characters$/)
console.log(answer)
