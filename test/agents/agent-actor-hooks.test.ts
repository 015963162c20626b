import { AgentSystem, agent, defineAgent } from "troupe"
import { Actor, type ActorRef, actor } from "troupe/actor"
import { AgentActor, type AgentContext } from "troupe/agents"
import { virtualClock } from "troupe/testing"
import { describe, expect, it } from "vitest"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }
const wait = (clock: ReturnType<typeof virtualClock>, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve)
  })

describe("the hooks of a class of agents", () => {
  const classes = (log: string[], how: (text: string, context: AgentContext) => unknown, hook = log) =>
    class Logged extends AgentActor<string, string> {
      static readonly spec = { name: "logged" }
      readonly #n = log.push("made")
      override async onStarted() {
        await Promise.resolve()
        hook.push(`started ${this.#n} ${this.context.path}`)
      }
      override execute(text: string, context: AgentContext) {
        expect(context).toBe(this.context)
        return how(text, context) as Promise<string>
      }
      override async onStopped() {
        await Promise.resolve()
        hook.push("stopped")
      }
    }

  it.each<[string, (text: string) => unknown, string]>([
    ["a value", (text) => text, "x"],
    ["a promise", async (text) => text, "x"],
    [
      "a generator",
      async function* (text) {
        yield text
        yield text
      },
      "xx",
    ],
    [
      "a promise of a generator",
      async () =>
        (async function* () {
          yield "y"
        })(),
      "y",
    ],
  ])("enclose %s, for each ask anew", async (_, how, expected) => {
    const log: string[] = []
    const flow = agent(classes(log, how))
    await using system = new AgentSystem()
    const value = await system
      .run(flow.map((text) => log.push(text)).andThen(flow as never), "x", { runId: "r" })
      .catch((e: unknown) => e)
    expect(log.slice(0, 4)).toEqual(["made", "started 1 /app/runs/r/logged-1", "stopped", expected])
    expect(log.slice(4, 7)).toEqual(["made", "started 5 /app/runs/r/logged-2", "stopped"])
    expect(value).toBeDefined()
    expect(system.stats()).toEqual(none)
  })

  it.each<[string, () => unknown]>([
    [
      "a throw",
      () => {
        throw new Error("midway")
      },
    ],
    ["a rejection", () => Promise.reject(new Error("midway"))],
    [
      "a generator that throws",
      async function* () {
        yield "a"
        throw new Error("midway")
      },
    ],
  ])("run after %s, which is what the asker hears of", async (_, how) => {
    const log: string[] = []
    class Twice extends classes(log, how) {
      override async onStopped() {
        await super.onStopped()
        throw new Error("and again")
      }
    }
    await using system = new AgentSystem()
    await expect(system.run(agent(Twice), "x")).rejects.toThrow("logged failed: midway")
    expect(log.at(-1)).toBe("stopped")
  })

  it("fail the ask when they throw", async () => {
    class Shy extends AgentActor<string, string> {
      static readonly spec = { name: "shy" }
      override onStarted() {
        throw new Error("not today")
      }
      override execute(text: string) {
        return text
      }
    }
    class Untidy extends AgentActor<string, string> {
      static readonly spec = { name: "untidy" }
      override execute(text: string) {
        return text
      }
      override onStopped() {
        throw new Error("cannot close")
      }
    }
    await using system = new AgentSystem()
    await expect(system.run(agent(Shy), "x")).rejects.toThrow("shy failed: not today")
    await expect(system.run(agent(Untidy), "x")).rejects.toThrow("untidy failed: cannot close")
  })

  it("run when the code of an aborted agent has come to its end", async () => {
    const clock = virtualClock()
    const log: string[] = []
    const stuck = classes(log, async function* () {
      yield "a"
      await wait(clock, 50)
      yield "b"
    })
    const late = classes(log, () => wait(clock, 20))
    await using system = new AgentSystem({ clock })
    for (const one of [stuck, late]) {
      log.length = 0
      const run = system.runEither(agent(one).timeout(10), "x")()
      await clock.advance(10)
      expect(await run).toMatchObject({ left: { _tag: "TimedOut" } })
      expect(log).not.toContain("stopped")
      await clock.advance(50)
      expect(log.at(-1)).toBe("stopped")
      expect(log.filter((line) => line === "stopped")).toHaveLength(1)
      expect(system.stats()).toEqual(none)
    }
  })

  it("have the context, which the constructor has not", () => {
    class Early extends AgentActor<string, string> {
      static readonly spec = { name: "early" }
      readonly path = this.context.path
      override execute() {
        return this.path
      }
    }
    expect(() => new Early()).toThrow("Early has no context yet: use it from onStarted on")
  })
})

describe("an agent among actors", () => {
  const log: string[] = []
  class Child extends Actor<string, string> {
    override onReceive(text: string) {
      if (text === "fail") throw new Error("the child failed")
      log.push(`${this.context.path} got ${text}`)
      return text.toUpperCase()
    }
    override onStopped() {
      log.push(`${this.context.name} stopped`)
    }
  }
  const letters = actor(function* (text: string) {
    yield* text
    return text.length
  })

  it("has children, asks actors as it asks agents, and takes its children along", async () => {
    log.length = 0
    const size = defineAgent({ name: "size" }, (text: string) => text.length)
    let child: ActorRef<string, string> | undefined
    const lead = defineAgent({ name: "lead" }, async (text: string, ctx) => {
      child = ctx.spawn(Child, "child")
      ctx.tell(child, "told")
      ctx.tell(child, "again")
      const [a, b, c] = await ctx.sequence([
        [child, text],
        [size, text],
        [Child, "once"],
      ])
      const steps: unknown[] = []
      for await (const step of ctx.stream(letters, "ab")) steps.push(step.type === "event" ? step.event : step.output)
      const first = await ctx.race([[letters, "abc"]])
      return [a, b.output, c, await ctx.ask(child, "last"), first, ...steps, system.stats().actors]
    })
    await using system = new AgentSystem()
    expect(await system.run(agent(lead), "one", { runId: "r" })).toEqual(["ONE", 3, "ONCE", "LAST", 3, "a", "b", 2, 2])
    const child1 = log.filter((line) => !line.includes("$1"))
    expect(child1).toEqual([
      ...["told", "again", "one", "last"].map((text) => `/app/runs/r/lead-1/child got ${text}`),
      "child stopped",
    ])
    const once = log.filter((line) => line.includes("$1"))
    expect(once).toEqual(["/app/runs/r/lead-1/$1 got once", "$1 stopped"])
    expect(log.indexOf("$1 stopped")).toBeLessThan(log.indexOf("/app/runs/r/lead-1/child got last"))
    expect(system.stats()).toEqual(none)
    await expect(child?.ask("late")).rejects.toThrow("has ended")
  })

  it("hears of the end of those that it watches, and of time", async () => {
    const clock = virtualClock()
    const heard: string[] = []
    const lead = defineAgent({ name: "lead" }, async (_: string, ctx) => {
      const child = ctx.spawn(Child, "child")
      ctx.watch(child, (ref) => heard.push(`${ref.path} ended at ${clock.now()}`))
      ctx.schedule(5, () => child.stop())
      ctx.schedule(1, () => heard.push("never"))()
      ctx.schedule(100, () => heard.push("too late"))
      await wait(clock, 10)
      return "done"
    })
    await using system = new AgentSystem({ clock })
    const run = system.run(agent(lead), "x", { runId: "r" })
    await clock.advance(10)
    expect(await run).toBe("done")
    expect(heard).toEqual(["/app/runs/r/lead-1/child ended at 5"])
    expect(system.stats()).toEqual(none)
    await clock.advance(100)
    expect(heard).toHaveLength(1)
  })

  it.each<[string, (context: AgentContext) => void]>([
    [
      "a callback throws",
      (ctx) =>
        void ctx.schedule(1, () => {
          throw new Error("woe")
        }),
    ],
    ["a callback rejects", (ctx) => void ctx.schedule(1, () => Promise.reject(new Error("woe")))],
    [
      "what it watches with throws",
      (ctx) => {
        const child = ctx.spawn(Child)
        ctx.watch(child, () => {
          throw new Error("woe")
        })
        void child.stop()
      },
    ],
  ])("fails when %s", async (_, begin) => {
    const clock = virtualClock()
    const lead = defineAgent({ name: "lead" }, async (_: string, ctx) => {
      begin(ctx)
      await wait(clock, 10)
    })
    await using system = new AgentSystem({ clock })
    const run = system.runEither(agent(lead), "x")()
    await clock.advance(1)
    expect(await run).toMatchObject({ left: { _tag: "AgentFailed", message: "lead failed: woe" } })
    await clock.advance(10)
    expect(system.stats()).toEqual(none)
  })

  it("has nothing of its children left when it is aborted, and can make none", async () => {
    const clock = virtualClock()
    log.length = 0
    const errors: string[] = []
    const lead = defineAgent({ name: "lead" }, async (text: string, ctx) => {
      ctx.spawn(Child, "child")
      await ctx
        .ask(
          actor(() => new Promise<string>(() => {})),
          text as never,
        )
        .catch(() => undefined)
      await wait(clock, 20)
      for (const late of [
        () => ctx.spawn(Child),
        () => ctx.tell(Child as never, "x" as never),
        () => ctx.schedule(1, () => log.push("late")),
      ]) {
        try {
          late()
        } catch (error) {
          errors.push(String(error))
        }
      }
    })
    await using system = new AgentSystem({ clock })
    const run = system.runEither(agent(lead).timeout(10), "x")()
    await clock.advance(10)
    expect(await run).toMatchObject({ left: { _tag: "TimedOut" } })
    expect(log).toEqual(["child stopped"])
    expect(system.stats()).toMatchObject({ actors: 0, timers: 0 })
    await clock.advance(50)
    expect(log).toEqual(["child stopped"])
    expect(errors).toHaveLength(2)
    expect(errors[0]).toContain("has ended: it cannot spawn")
  })
})
