import { expect, it } from "vitest"
import { AgentSystem } from "../../src/agents/system.js"
import { parse } from "../../src/serde/index.js"

function document(output: string): ReturnType<typeof parse> {
  return parse(`troupe: 1
input: { type: string }
agents: { classify: { provider: local, output: ${output} } }
flow: { branch: { by: { agent: classify }, cases: { billing: { map: money }, bug: { map: code } }, otherwise: { map: "\${value}" } } }`)
}

it.each([
  ["{ type: string, enum: [billing, bug] }", "this is a bug", "code"],
  ["{ type: string, enum: [billing, bug] }", "hello", "money"],
  ["{ type: string }", "bug", "code"],
  ["{ type: string, description: what it is about, maxLength: 20 }", "hello", "hello"],
])("a model whose output is %s answers %s with a text of it", async (output, input, expected) => {
  const read = document(output)
  if (read._tag === "Left") throw new Error(read.left[0]?.message)
  await using system = new AgentSystem()
  expect(await system.run(read.right, input)).toBe(expected)
})
