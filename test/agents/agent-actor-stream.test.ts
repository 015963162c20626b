import { AgentSystem, agent, defineAgent, FlowError, type FlowEvent } from "troupe"
import { virtualClock } from "troupe/testing"
import { describe, expect, it } from "vitest"
import { z } from "zod"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }

const collect = async <E = FlowEvent>(events: AsyncIterable<E>): Promise<E[]> => {
  const all: E[] = []
  for await (const event of events) all.push(event)
  return all
}

const shout = defineAgent({ name: "shout", input: z.string(), output: z.string() }, (text) => text.toUpperCase())
const broken = defineAgent({ name: "broken" }, async (_text: string): Promise<string> => {
  throw new Error("out of order")
})

describe("stream", () => {
  const tokens = defineAgent<string, string>(
    { name: "tokens" },
    async function* (text: string, { progress, ask }): AsyncGenerator<string, void> {
      progress("begins")
      await ask(shout, text)
      for (const word of text.split(" ")) yield word
    },
  )
  const lead = defineAgent({ name: "lead" }, async (text: string, { stream }) => {
    const steps: string[] = []
    for await (const step of stream(tokens, text)) {
      steps.push(step.type === "event" ? step.event.type : `${step.output} ${step.taskId}`)
    }
    return steps
  })

  it.each(["listens", "does not listen"])(
    "gives the events of the task, then its answer, where somebody %s",
    async (who) => {
      await using system = new AgentSystem()
      const flow = agent(lead)
      const value =
        who === "listens"
          ? (await collect(system.stream(flow, "a b", { runId: "r" }))).at(-1)?.data
          : await system.run(flow, "a b", { runId: "r" })
      expect(value).toEqual(["task_started", "task_progress", "task_chunk", "task_chunk", "task_completed", "ab r.2"])
    },
  )

  it("fails after the events, and aborts what nobody reads on", async () => {
    const clock = virtualClock()
    const seen: string[] = []
    const endless = defineAgent({ name: "endless" }, async function* (_text: string) {
      try {
        for (;;) {
          yield "tick"
          await new Promise<void>((resolve) => {
            clock.after(1, resolve)
          })
        }
      } finally {
        seen.push("closed")
      }
    })
    const reader = defineAgent({ name: "reader" }, async (text: string, { stream }) => {
      try {
        for await (const step of stream(broken, text)) if (step.type === "event") seen.push(step.event.type)
      } catch (error) {
        seen.push(error instanceof FlowError ? error.fault._tag : "another")
      }
      for await (const step of stream(endless, text))
        if (step.type === "event" && step.event.type === "task_chunk") break
      return "left"
    })
    await using system = new AgentSystem({ clock })
    expect(await system.run(agent(reader), "x")).toBe("left")
    await clock.advance(1)
    expect(seen).toEqual(["task_started", "task_failed", "AgentFailed", "closed"])
    expect(system.stats()).toEqual(none)
  })
})
