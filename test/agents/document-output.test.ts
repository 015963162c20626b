import { describe, expect, it } from "vitest"
import { AgentSystem } from "../../src/agents/system.js"
import { parse, registry } from "../../src/serde/index.js"

const names = registry({ functions: { same: (value: unknown) => value } })
const parsed = parse("troupe: 1\noutput: { type: object, required: [score] }\nflow: { fn: same }\n", names)
if (parsed._tag === "Left") throw new Error("the document is well-formed")
const doc = parsed.right

describe("a document that says what it gives", () => {
  it("gives a value that fits", async () => {
    await using system = new AgentSystem()
    expect(await system.run(doc, { score: 1 })).toEqual({ score: 1 })
  })

  it("fails with any other, however it is run", async () => {
    await using system = new AgentSystem()
    const fault = { _tag: "InvalidOutput", path: "", value: { scor: 1 } }
    await expect(system.run(doc, { scor: 1 })).rejects.toMatchObject({ fault })
    expect(await system.runEither(doc, { scor: 1 })()).toMatchObject({ left: fault })
    await expect(system.start(doc, { scor: 1 }).value).rejects.toMatchObject({ fault })
    const types: string[] = []
    for await (const { type } of system.stream(doc, { scor: 1 })) types.push(type)
    expect(types).toEqual(["run_started", "run_failed"])
  })
})
