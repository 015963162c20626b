// YAML in, a flow out; a flow in, YAML out; and mistakes told with their line before anything runs.
import assert from "node:assert/strict"
import { AgentSystem, agent, defineAgent, named, zip } from "troupe"
import { equals } from "troupe/flow"
import { cel, decode, document, encode, parse, print, registry } from "troupe/serde"
import { z } from "zod"

const researcher = defineAgent(
  { name: "researcher", input: z.string(), output: z.object({ facts: z.array(z.string()) }) },
  async (question) => ({ facts: [`${question} is old`, `${question} is deep`] }),
)
const analyst = defineAgent({ name: "analyst", input: z.string(), output: z.string() }, async (q) => `view on ${q}`)
const merge = (value: readonly [{ facts: string[] }, string]): string => `${value[0].facts.join("; ")} / ${value[1]}`
const names = registry({ agents: [researcher, analyst], functions: { merge } })

const doc = parse(
  `
troupe: 1
name: brief
input: { type: string }
params:
  keep: { type: integer, default: 1, minimum: 1, maximum: 9 }
flow:
  steps:
    - all: { found: { agent: researcher }, view: { agent: analyst, timeout: 5s } }
      as: both
    - map: "\${both.view}, because \${both.found.facts[params.keep]}"
`,
  names,
  { file: "brief.yaml" },
)
assert.equal(doc._tag, "Right")
if (doc._tag === "Right") {
  await using system = new AgentSystem()
  assert.equal(await system.run(doc.right, "the sea"), "view on the sea, because the sea is deep")
  assert.equal(
    await system.run(doc.right, "the sea", { params: { keep: 0 + 1 } }),
    "view on the sea, because the sea is deep",
  )
}

// A flow of named functions and its JSON are the same flow.
const pipeline = zip(agent(researcher), agent(analyst)).map(named("merge", merge)).timeout(30_000)
const back = decode(encode(pipeline), names)
assert.equal(back._tag === "Right" && equals(back.right, pipeline), true)
console.log(print(document({ name: "pipeline", flow: pipeline })))

// A mistake has a place, a reason and a hint; all of them are told at once.
const wrong = parse("troupe: 1\nflow:\n  steps:\n    - agent: analist\n    - map: 1\n      timeot: 3s\n", names)
assert.equal(wrong._tag, "Left")
if (wrong._tag === "Left") {
  assert.deepEqual(
    wrong.left.map(({ code, line, column }) => [code, line, column]),
    [
      ["unknown_agent", 4, 14],
      ["unknown_key", 6, 7],
    ],
  )
}

// An expression stands wherever a function may, and is checked when it is made.
assert.throws(() => cel("value.ok &&"), /ends too early/)
