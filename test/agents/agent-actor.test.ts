import { AbortedError, AgentSystem, agent, defineAgent, FlowError, type FlowEvent, zip } from "troupe"
import { AgentActor, ask } from "troupe/agents"
import { parse, registry } from "troupe/serde"
import { virtualClock } from "troupe/testing"
import { describe, expect, it } from "vitest"
import { z } from "zod"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }

const collect = async <E = FlowEvent>(events: AsyncIterable<E>): Promise<E[]> => {
  const all: E[] = []
  for await (const event of events) all.push(event)
  return all
}

/** An agent that answers when so much time has passed, and writes down when it is aborted. */
const slow = (name: string, ms: number, clock: ReturnType<typeof virtualClock>, log: string[] = []) =>
  defineAgent({ name }, (text: string, { signal }) => {
    signal.addEventListener("abort", () => log.push(`${name} aborted`))
    return new Promise<string>((resolve) => {
      clock.after(ms, () => resolve(`${name}: ${text}`))
    })
  })
const broken = defineAgent({ name: "broken" }, async (_text: string): Promise<string> => {
  throw new Error("out of order")
})
const shout = defineAgent({ name: "shout", input: z.string(), output: z.string() }, (text) => text.toUpperCase())

describe("an agent that asks others", () => {
  it("gets their answers with the task that gave each", async () => {
    const lead = defineAgent({ name: "lead" }, async (text: string, ctx) => {
      const one = await ctx.ask(shout, text)
      const [a, b] = await ctx.zip([shout, "a"], [shout, "b"])
      const all = await ctx.traverse(["x", "y"], shout)
      const first = await ctx.race([[shout, "r"]])
      return [one, a, b, ...all, first].map(({ output, taskId }) => `${taskId} ${output}`)
    })
    await using system = new AgentSystem()
    expect(await system.run(agent(lead), "one", { runId: "r" })).toEqual([
      "r.2 ONE",
      "r.3 A",
      "r.4 B",
      "r.5 X",
      "r.6 Y",
      "r.7 R",
    ])
    expect(system.stats()).toEqual(none)
  })

  it("has their tasks below its own in the events of the run, each with one end and no gap between", async () => {
    const middle = defineAgent({ name: "middle" }, async (text: string, ctx) => (await ctx.ask(shout, text)).output)
    const lead = defineAgent({ name: "lead" }, async (text: string, { sequence }) => {
      const [a, b] = await sequence([
        [middle, text],
        [shout, "b"],
      ])
      return a.output + b.output
    })
    await using system = new AgentSystem()
    const events = await collect(system.stream(zip(agent(lead), agent(shout)), "a", { runId: "r" }))
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i))
    expect(events.at(-1)).toMatchObject({ type: "run_completed", data: ["AB", "A"] })
    const starts = events.filter(({ type }) => type === "task_started")
    expect(
      starts.map(({ path, taskId, parentTaskId, agentPath, parentAgentPath }) =>
        [path, taskId, parentTaskId, agentPath, parentAgentPath].join(" "),
      ),
    ).toEqual([
      "0 r.1 r /app/runs/r/lead-1 /app/runs/r",
      "1 r.2 r /app/runs/r/shout-2 /app/runs/r",
      "0/middle[0] r.3 r.1 /app/runs/r/lead-1/middle-3 /app/runs/r/lead-1",
      "0/shout[1] r.4 r.1 /app/runs/r/lead-1/shout-4 /app/runs/r/lead-1",
      "0/middle[0]/shout[0] r.5 r.3 /app/runs/r/lead-1/middle-3/shout-5 /app/runs/r/lead-1/middle-3",
    ])
    const ends = events.filter(({ type }) => /^task_(completed|failed|aborted)$/.test(type))
    expect(ends.map(({ taskId }) => taskId).toSorted()).toEqual(starts.map(({ taskId }) => taskId))
  })

  it("fails with the fault of what failed as its cause, and aborts the rest of a sequence", async () => {
    const clock = virtualClock()
    const log: string[] = []
    const lead = defineAgent({ name: "lead" }, async (text: string, { sequence }) => {
      await sequence([
        [slow("slow", 50, clock, log), text],
        [broken, text],
      ])
    })
    await using system = new AgentSystem({ clock })
    const events = await collect(system.stream(agent(lead), "why?"))
    expect(log).toEqual(["slow aborted"])
    expect(events.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "run_started ",
      "task_started ",
      "task_started slow[0]",
      "task_started broken[1]",
      "task_failed broken[1]",
      "task_aborted slow[0]",
      "task_failed ",
      "run_failed ",
    ])
    const { data } = events.at(-1) ?? {}
    expect(data).toMatchObject({
      _tag: "AgentFailed",
      agent: "lead",
      cause: { fault: { _tag: "AgentFailed", path: "broken[1]" } },
    })
    await clock.advance(50)
    expect(system.stats()).toEqual(none)
  })

  it("may catch what fails: a FlowError that says where", async () => {
    const lead = defineAgent({ name: "lead" }, async (text: string, ctx) => {
      const error: unknown = await ctx.ask(broken, text).catch((thrown: unknown) => thrown)
      const late: unknown = await ctx.race([[broken, text]]).catch((thrown: unknown) => thrown)
      return [error, late].map((thrown) => (thrown instanceof Error ? thrown.message : "no error"))
    })
    await using system = new AgentSystem()
    expect(await system.run(agent(lead), "why?")).toEqual([
      "broken[0]: broken failed: out of order",
      "all 1 calls failed: broken[1]: broken failed: out of order",
    ])
  })

  it("checks what it asks and what is answered against the schemas", async () => {
    const liar = defineAgent({ name: "liar", input: z.string(), output: z.string() }, () => JSON.parse("3"))
    const lead = defineAgent({ name: "lead" }, async (_: string, { ask }) => {
      const given = await ask(shout, JSON.parse("3")).catch((error: unknown) => error)
      const got = await ask(liar, "x").catch((error: unknown) => error)
      return [given, got].map((error) => error instanceof FlowError && error.fault._tag)
    })
    await using system = new AgentSystem()
    expect(await system.run(agent(lead), "x")).toEqual(["InvalidInput", "InvalidOutput"])
  })

  it("takes what it asked along when it is aborted, and asks no more", async () => {
    const clock = virtualClock()
    const log: string[] = []
    let after: unknown
    const lead = defineAgent({ name: "lead" }, async (text: string, ctx) => {
      const late = slow("deep", 1_000, clock, log)
      await ctx
        .ask(
          defineAgent({ name: "middle" }, (t: string, { ask }) => ask(late, t)),
          text,
        )
        .catch((e: unknown) => e)
      after = await ctx.ask(shout, text).catch((error: unknown) => error)
    })
    await using system = new AgentSystem({ clock })
    const run = system.start(agent(lead).timeout(10), "x")
    const events = collect(run.events)
    await clock.advance(10)
    await expect(run.value).rejects.toMatchObject({ fault: { _tag: "TimedOut" } })
    expect((await events).flatMap((event) => (event.type === "task_aborted" ? [event.path] : []))).toEqual([
      "middle[0]/deep[0]",
      "middle[0]",
      "",
    ])
    expect(log).toEqual(["deep aborted"])
    expect(after).toBeInstanceOf(AbortedError)
    await clock.advance(1_000)
    expect(system.stats()).toEqual(none)
  })

  it("takes what it did not wait for along when it answers", async () => {
    const clock = virtualClock()
    const lead = defineAgent({ name: "lead" }, (text: string, ctx) => {
      void ctx.ask(slow("late", 1_000, clock), text)
      void ctx.sequence([[slow("later", 1_000, clock), text]])
      return new Promise<string>((resolve) => {
        clock.after(5, () => resolve("done"))
      })
    })
    await using system = new AgentSystem({ clock })
    const events = collect(system.stream(agent(lead), "x"))
    await clock.advance(5)
    expect((await events).map(({ type, path }) => `${type} ${path}`).slice(4)).toEqual([
      "task_aborted late[0]",
      "task_aborted later[1]",
      "task_completed ",
      "run_completed ",
    ])
    await clock.advance(1_000)
    expect(system.stats()).toEqual(none)
  })

  it("waits no longer than it says", async () => {
    const clock = virtualClock()
    const log: string[] = []
    const lead = defineAgent({ name: "lead" }, async (text: string, ctx) => {
      const controller = new AbortController()
      clock.after(3, () => controller.abort("enough"))
      const errors = await Promise.allSettled([
        ctx.ask(slow("a", 50, clock, log), text, { timeout: 5 }),
        ctx.ask(slow("b", 50, clock, log), text, { signal: controller.signal }),
        ctx.ask(shout, text, { signal: AbortSignal.abort("before") }),
      ])
      return errors.map((settled) => (settled.status === "rejected" ? String(settled.reason.message) : "no error"))
    })
    await using system = new AgentSystem({ clock })
    const run = system.run(agent(lead), "x")
    await clock.advance(5)
    expect(await run).toEqual(["a[0]: a: not done within 5ms", "aborted: enough", "aborted: before"])
    expect(log).toEqual(["b aborted", "a aborted"])
  })

  it("aborts the losers of a race", async () => {
    const clock = virtualClock()
    const log: string[] = []
    const lead = defineAgent({ name: "lead" }, async (text: string, { race }) => {
      const won = await race([
        [slow("a", 50, clock, log), text],
        [slow("b", 5, clock, log), text],
        [broken, text],
      ])
      return won.output
    })
    await using system = new AgentSystem({ clock })
    const run = system.run(agent(lead), "x")
    await clock.advance(5)
    expect(await run).toBe("b: x")
    expect(log).toEqual(["a aborted"])
  })
})

describe("ask from outside", () => {
  it("is a run of one agent", async () => {
    await using system = new AgentSystem()
    expect(await ask(system, shout, "bees", { runId: "r1" })).toEqual({ output: "BEES", taskId: "r1.1" })
    await expect(ask(system, broken, "x")).rejects.toBeInstanceOf(FlowError)
    const waiting = ask(
      system,
      defineAgent({ name: "stuck" }, () => new Promise<string>(() => undefined)),
      1,
      { runId: "w" },
    )
    await Promise.resolve()
    await system.abort("w")
    await expect(waiting).rejects.toBeInstanceOf(AbortedError)
  })
})

it("a class of agents has its place in documents by its reference", async () => {
  class Loud extends AgentActor<string, string> {
    static readonly spec = { name: "loud", input: z.string(), output: z.string() }
    override async execute(text: string) {
      return (await this.context.ask(shout, text)).output
    }
  }
  const read = parse("{ troupe: 1, flow: { agent: loud } }", registry({ agents: [Loud.ref] }))
  if (read._tag === "Left") throw new Error(JSON.stringify(read.left))
  await using system = new AgentSystem()
  expect(await system.run(read.right, "bees")).toBe("BEES")
  expect(Loud.ref).toBe(Loud.ref)
})
