import { AgentSystem, agent, defineAgent } from "troupe"
import { expect, it } from "vitest"

it("progress may be taken out of the context", async () => {
  const search = defineAgent({ name: "search" }, async (question: string, { progress }) => {
    progress("searching")
    return question
  })
  await using system = new AgentSystem()
  const told: unknown[] = []
  for await (const { type, data } of system.stream(agent(search), "bees")) if (type === "task_progress") told.push(data)
  expect(told).toEqual(["searching"])
})

it("an agent that is late by its own time is named by the fault", async () => {
  const slow = { ...defineAgent({ name: "slow" }, () => new Promise<string>(() => undefined)), timeout: 5 }
  await using system = new AgentSystem()
  const ended = await system.runEither(agent(slow), undefined)()
  expect(ended).toMatchObject({ left: { _tag: "TimedOut", after: 5, message: "slow: not done within 5ms" } })
})
