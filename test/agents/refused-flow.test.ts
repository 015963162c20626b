import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import { AgentSystem, agent, defineAgent, InvalidFlow, lift, loop, pure, zip } from "../../src/index.js"

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

describe("what is no flow", () => {
  const bare = defineAgent({ name: "bare" }, (text: string) => text)
  // What plain JavaScript may hand over, whose mistakes no compiler has seen.
  const slips: ReadonlyArray<readonly [string, () => unknown]> = [
    // @ts-expect-error an agent is no flow
    ["an agent after a flow", () => agent(bare).andThen(bare)],
    // @ts-expect-error an agent is no flow
    ["agents side by side", () => zip(bare, bare)],
    // @ts-expect-error an agent is no flow
    ["an agent as a loop's body", () => loop(bare)],
    // @ts-expect-error an agent is no flow
    ["an agent as an arm", () => pure({ kind: "a" }).branch("kind", { a: bare })],
  ]
  it.each(slips)("is refused where it is built in: %s", (_, build) => {
    expect(build).toThrow("expected a flow, got an agent: write agent(…) around it")
    expect(build).toThrow(InvalidFlow)
  })

  it("is refused where it is run", async () => {
    await using system = new AgentSystem()
    // @ts-expect-error an agent is no flow
    await expect(system.run(bare, "bees")).rejects.toMatchObject({ name: "InvalidFlow", code: "flow" })
    // @ts-expect-error nothing is no flow
    await expect(system.run(undefined, "bees")).rejects.toMatchObject({ name: "InvalidFlow", code: "flow" })
    expect(system.stats().runs).toBe(0)
  })

  it("and what is no function is refused where a function is expected", () => {
    // @ts-expect-error a number is no function
    expect(() => lift(3)).toThrow("expected a function")
    // @ts-expect-error nothing is no function
    expect(() => pure(1).map(undefined)).toThrow("expected a function")
  })
})

it("an agent that is known by name only is Unavailable, and says whose code is missing", async () => {
  await using system = new AgentSystem()
  const ghost = agent<string, string>({ _tag: "AgentRef", name: "ghost" })
  await expect(system.run(ghost, "bees")).rejects.toMatchObject({
    fault: { _tag: "Unavailable", retry: "no", message: expect.stringContaining("nobody here runs the agent ghost") },
  })
})
