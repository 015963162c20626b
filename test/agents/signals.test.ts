import { describe, expect, it } from "vitest"
import { z } from "zod"
import { AgentSystem, agent, defineAgent, FlowError, pure, suspend } from "../../src/index.js"
import { document } from "../../src/serde/index.js"
import { virtualClock } from "../../src/testing/index.js"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }
const approval = suspend("approval", z.boolean())

describe("system.signal", () => {
  it("answers a suspend of a run by its id: one that was started just now, run or streamed", async () => {
    await using system = new AgentSystem()
    const started = system.start(approval, "may I?", { runId: "a" })
    await system.signal("a", "approval", true)
    expect(await started.value).toBe(true)
    const ran = system.run(approval, "may I?", { runId: "b" })
    await system.signal("b", "approval", false)
    expect(await ran).toBe(false)
    const types: string[] = []
    for await (const { type } of system.stream(approval, "may I?", { runId: "c" })) {
      types.push(type)
      if (type === "run_suspended") await system.signal("c", "approval", true)
    }
    expect(types).toEqual(["run_started", "run_suspended", "run_resumed", "run_completed"])
    expect(system.stats()).toEqual(none)
  })

  it("refuses an unknown run, an unknown name, and what does not fit; the run goes on", async () => {
    await using system = new AgentSystem()
    const run = system.start(approval, 0, { runId: "a" })
    await expect(system.signal("b", "approval", true)).rejects.toThrow('no run with the id "b" is under way')
    await expect(system.signal("a", "other", true)).rejects.toThrow('it waits for "approval"')
    const wrong = await system.signal("a", "approval", 1).catch((error: unknown) => error)
    expect(wrong).toBeInstanceOf(FlowError)
    expect(wrong).toMatchObject({ fault: { _tag: "InvalidInput", value: 1 } })
    await run.signal("approval", true)
    expect(await run.result).toBe(true)
    await expect(system.signal("a", "approval", true)).rejects.toThrow('no run with the id "a"')
  })

  it("of a document", async () => {
    const written = document({ name: "asks", flow: approval })
    await using system = new AgentSystem()
    const run = system.start(written, 0, { runId: "a" })
    await expect(system.signal("a", "approval", "yes")).rejects.toThrow("does not fit its schema")
    await system.signal("a", "approval", true)
    expect(await run.value).toBe(true)
  })

  it("nothing is alive after an abort or a shutdown while suspended", async () => {
    const clock = virtualClock()
    const system = new AgentSystem({ clock })
    const run = system.start(approval.timeout(1_000), 0, { runId: "a" })
    await clock.settle()
    expect(system.stats()).toEqual({ ...none, runs: 1, timers: 1 })
    await system.abort("a")
    expect(system.stats()).toEqual(none)
    await expect(run.result).rejects.toThrow("aborted")
    const other = system.start(approval, 0, { runId: "a" })
    await clock.settle()
    await system.shutdown()
    await expect(other.value).rejects.toThrow("the system shut down")
    expect(system.stats()).toEqual(none)
  })
})

describe("side flows of a system's runs", () => {
  const log = defineAgent({ name: "log" }, () => new Promise<void>(() => undefined))

  it("end after `drain`, and leave nothing", async () => {
    const clock = virtualClock()
    await using system = new AgentSystem({ clock })
    const flow = pure("v").notify(agent(log))
    const run = system.start(flow, undefined, { drain: 50 })
    expect(await run.value).toBe("v")
    expect(system.stats()).toEqual({ ...none, actors: 1, runs: 1, timers: 1 })
    const ran = system.run(flow, undefined)
    await clock.advance(50)
    expect(await run.result).toBe("v")
    expect(system.stats()).toMatchObject({ actors: 1, runs: 1, timers: 1, abandoned: 1 })
    await clock.advance(4_950)
    expect(await ran).toBe("v")
    expect(system.stats()).toEqual({ ...none, abandoned: 2 })
  })

  it.each([-1, Number.NaN])("refuse a drain of %s", async (drain) => {
    await using system = new AgentSystem()
    await expect(system.run(pure(1), undefined, { drain })).rejects.toThrow(/drain is .*: expected milliseconds/)
    expect(system.stats()).toEqual(none)
  })
})
