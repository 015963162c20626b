import { describe, expect, it } from "vitest"
import { AgentSystem, agent, continueWith, defineAgent, fail, type FlowEvent, loop, zip } from "../../src/index.js"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }
const polite = defineAgent(
  { name: "polite" },
  (_: unknown, { signal }) =>
    new Promise<string>((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
)

describe("streams", () => {
  it("left early abort the run", async () => {
    await using system = new AgentSystem()
    for await (const { type } of system.stream(zip(agent(polite), agent(polite)), 0)) if (type === "task_started") break
    await new Promise((resolve) => setImmediate(resolve))
    expect(system.stats()).toEqual(none)
  })

  it("left while the next event is awaited abort the run as well", async () => {
    await using system = new AgentSystem()
    const events = system.stream(agent(polite), 0)
    await events.next()
    await events.next()
    const waiting = events.next()
    await events.return()
    expect(await waiting).toMatchObject({ value: { type: "task_aborted" } })
    await new Promise((resolve) => setImmediate(resolve))
    expect(system.stats()).toEqual(none)
  })

  it("of a run have several consumers, and the late are told what they missed", async () => {
    await using system = new AgentSystem()
    const echo = defineAgent({ name: "echo" }, async (n: number) => n)
    const run = system.start(
      loop(
        agent(echo).map((n) => continueWith(n + 1)),
        { max: 800, exhausted: "last" },
      ),
      0,
    )
    const slow = run.events[Symbol.asyncIterator]()
    const first = await slow.next()
    const whole: unknown[] = []
    for await (const event of run.events) whole.push(event)
    expect(await run.value).toBe(800)
    expect(first.value).toMatchObject({ type: "run_started", seq: 0 })
    expect(await slow.next()).toMatchObject({ value: { type: "lagged", data: { from: 1 } } })
    expect(whole.at(-1)).toMatchObject({ type: "run_completed" })
    const held: FlowEvent[] = []
    let missed = -1
    for await (const event of run.events) {
      if (event.type === "lagged") missed = event.data.to
      else held.push(event)
    }
    expect([held.length, held[0]?.seq]).toEqual([1000, missed + 1])
    expect(missed).toBeGreaterThan(0)
    expect(held.at(-1)?.type).toBe("run_completed")
  })

  it("an unread value or result is no unhandled rejection", async () => {
    await using system = new AgentSystem()
    const seen: unknown[] = []
    const listen = (reason: unknown): void => void seen.push(reason)
    process.on("unhandledRejection", listen)
    system.start(fail({ code: "c", message: "m" }), 0)
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
    process.off("unhandledRejection", listen)
    expect(seen).toEqual([])
  })
})
