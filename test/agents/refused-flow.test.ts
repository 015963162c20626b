import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import { AgentSystem } from "../../src/index.js"

describe("a flow that is not closed", () => {
  it("is refused in the same way by run, runEither, stream and start", async () => {
    await using system = new AgentSystem()
    const open = flow<unknown, unknown>({ _tag: "Pure", code: { _tag: "Name", name: "nobody" } })
    const refused = { name: "InvalidFlow", code: "name_free" }
    await expect(system.run(open, 1)).rejects.toMatchObject(refused)
    const task = system.runEither(open, 1)
    await expect(task()).rejects.toMatchObject(refused)
    const events = system.stream(open, 1)
    await expect(events.next()).rejects.toMatchObject(refused)
    expect(await events.next()).toEqual({ done: true, value: undefined })
    const handle = system.start(open, 1)
    await expect(handle.value).rejects.toMatchObject(refused)
    await expect(handle.result).rejects.toMatchObject(refused)
    for await (const event of handle.events) expect(event).toBeUndefined()
    expect(system.stats()).toEqual({ actors: 0, runs: 0, timers: 0, abandoned: 0 })
  })
})
