import { getEventListeners } from "node:events"
import { expect, it } from "vitest"
import { AgentSystem, agent, defineAgent, zip } from "../../src/index.js"

const booking = (booked: string[], text: () => Promise<string> | string) =>
  defineAgent({ name: "book" }, async (what: string, { signal }) => {
    signal.addEventListener("abort", () => booked.push("rolled back"))
    const answer = `${await text()} ${what}`
    booked.push(answer)
    return answer
  })

it("an agent's signal does not abort after it has answered, whatever becomes of its siblings", async () => {
  const booked: string[] = []
  const book = agent(booking(booked, () => "booked"))
  const late = agent(
    defineAgent({ name: "late" }, async (what: string): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve))
      throw new Error(`no ${what}`)
    }),
  )
  await using system = new AgentSystem()
  await system.run(book, "seat")
  await expect(system.run(zip(book, late), "seat")).rejects.toThrow("no seat")
  expect(booked).toEqual(["booked seat", "booked seat"])
})

it("a signal that is first looked at after the answer never aborts", async () => {
  let seen: (() => AbortSignal) | undefined
  const keep = defineAgent({ name: "keep" }, (what: string, context) => {
    seen = () => context.signal
    return what
  })
  const system = new AgentSystem()
  await system.run(agent(keep), "it")
  await system.shutdown()
  expect(seen?.().aborted).toBe(false)
})

it("an agent at work is told of the abort", async () => {
  const booked: string[] = []
  const book = agent(booking(booked, () => new Promise(() => undefined)))
  await using system = new AgentSystem()
  const run = system.start(book, "seat")
  await Promise.resolve()
  run.abort("closed")
  await expect(run.value).rejects.toThrow("closed")
  expect(booked).toEqual(["rolled back"])
})

it("a signal that outlives its runs is let go of by each, however it ends", async () => {
  const { signal } = new AbortController()
  const fails = defineAgent({ name: "fails" }, (what: string): string => {
    throw new Error(what)
  })
  const echo = defineAgent({ name: "echo" }, (what: string) => what)
  await using system = new AgentSystem()
  await system.run(agent(echo), "seat", { signal })
  await expect(system.run(agent(fails), "seat", { signal })).rejects.toThrow("seat")
  await system.start(agent(echo), "seat", { signal }).result
  for await (const event of system.stream(agent(echo), "seat", { signal })) expect(event.runId).not.toBe("")
  expect(getEventListeners(signal, "abort")).toEqual([])
})
