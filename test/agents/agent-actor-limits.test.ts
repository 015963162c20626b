import { AgentSystem, agent, defineAgent, zip } from "troupe"
import { AgentActor } from "troupe/agents"
import { virtualClock } from "troupe/testing"
import { describe, expect, it } from "vitest"
import { z } from "zod"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }

const shout = defineAgent({ name: "shout", input: z.string(), output: z.string() }, (text) => text.toUpperCase())

describe("limits", () => {
  it("count the asks of agents", async () => {
    const lead = defineAgent(
      { name: "lead" },
      async (texts: string[], { traverse }) => (await traverse(texts, shout)).length,
    )
    await using system = new AgentSystem()
    expect(await system.run(agent(lead).limit({ calls: 3 }), ["a", "b"])).toBe(2)
    await expect(system.run(agent(lead).limit({ calls: 2 }), ["a", "b"])).rejects.toThrow(
      "lead failed: shout[1]: shout was not asked: the limit at the root allows 2 asks, and so many have started",
    )
    expect(system.stats()).toEqual(none)
  })

  it("of concurrency give the place of an agent that waits to what it asked: nothing waits for itself", async () => {
    const clock = virtualClock()
    let most = 0
    let now = 0
    const worker = defineAgent({ name: "worker" }, async (n: number) => {
      most = Math.max(most, ++now)
      await new Promise<void>((resolve) => {
        clock.after(10, resolve)
      })
      now--
      return n
    })
    const middle = defineAgent(
      { name: "middle" },
      async (n: number, { traverse }) => (await traverse([n, n], worker)).length,
    )
    const lead = defineAgent({ name: "lead" }, async (n: number, { sequence, ask }) => {
      const [a, b] = await sequence([
        [middle, n],
        [middle, n],
      ])
      await ask(worker, n)
      return a.output + b.output
    })
    for (const [concurrency, ms] of [
      [1, 100],
      [2, 60],
      [3, 50],
    ] as const) {
      most = 0
      await using system = new AgentSystem({ clock })
      const began = clock.now()
      let ended = 0
      const run = system
        .run(zip(agent(lead), agent(lead)).limit({ concurrency }), 1)
        .finally(() => (ended = clock.now()))
      await clock.advance(200)
      expect(await run).toEqual([4, 4])
      expect(most).toBe(concurrency)
      expect(ended - began).toBeLessThanOrEqual(ms)
      expect(system.stats()).toEqual(none)
    }
  })

  it("stop an agent that asks itself without end", async () => {
    class Mirror extends AgentActor<string, string> {
      static readonly spec = { name: "mirror" }
      override async execute(text: string): Promise<string> {
        return (await this.context.ask(Mirror, text)).output
      }
    }
    await using system = new AgentSystem()
    const ended = await system.runEither(agent(Mirror), "who?")()
    if (ended._tag !== "Left" || ended.left._tag === "Aborted") throw new Error("it should have failed")
    const { message } = ended.left
    expect(message).toContain("mirror was not asked: 64 agents wait for one another already")
    expect(message).toContain("Does one of them ask itself?")
    expect(message.length).toBeLessThan(1_000)
    expect(system.stats()).toEqual(none)
  })
})
