import { describe, expect, it } from "vitest"
import { Actor, type ActorContext, ActorFailed, ActorSystem, actor, Cancel, oneForOne } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const setUp = () => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const nothing = { actors: 0, timers: 0, asks: 0, deadLetters: 0 }
  /** Runs `body` in an actor, and says what there was beside it when it ended. */
  const within = async <S>(body: (context: ActorContext<string>) => Promise<S>) => {
    const ref = app.spawn(
      actor(async (_message: string, context): Promise<{ value?: S; error?: unknown; left: object }> => {
        const there = () => {
          // The driver itself, and the ask of the test, do not count; a handler that was aborted may need a moment more.
          const { abandoned: _, ...stats } = app.stats()
          return { ...stats, actors: stats.actors - 1, asks: stats.asks - 1 }
        }
        try {
          const value = await body(context)
          return { value, left: there() }
        } catch (error) {
          return { error, left: there() }
        }
      }),
      "driver",
    )
    const outcome = await ref.ask("go")
    await ref.stop()
    return outcome
  }
  return { clock, app, nothing, within }
}

type Job = { readonly ms: number; readonly fails?: boolean }

/** Answers, or fails, after a time; keeps a diary of its life. */
const worker = (app: ActorSystem, diary: string[] = []) =>
  class Worker extends Actor<Job, number> {
    override onStarted() {
      diary.push(`started ${this.context.name}`)
    }
    override async onStopped() {
      await Promise.resolve()
      diary.push(`stopped ${this.context.name}`)
    }
    override onReceive({ ms, fails = false }: Job) {
      return new Promise<number>((resolve, reject) => {
        const stop = app.clock.after(ms, () => (fails ? reject(new Error(`failed at ${ms}`)) : resolve(ms)))
        this.context.cancel.onCancel((reason) => {
          stop()
          reject(reason)
        })
      })
    }
  }

describe("context.ask of a class or a function", () => {
  it("answers when its child has ended", async () => {
    const { app, clock, nothing, within } = setUp()
    const diary: string[] = []
    const paths: string[] = []
    const outcome = within(async (context) => {
      const answer = context.ask(worker(app, diary), { ms: 10 })
      expect(app.stats().actors).toBe(2)
      const double = await context.ask(
        actor((n: number, inner) => {
          paths.push(inner.path)
          return n * 2
        }),
        4,
      )
      return [await answer, double]
    })
    await clock.advance(10)
    expect(await outcome).toEqual({ value: [10, 8], left: nothing })
    expect(paths).toEqual(["/app/driver/$2"])
    expect(diary).toEqual(["started $1", "stopped $1"])
  })

  it.each(["fault", "timeout", "signal", "cancel"] as const)("leaves nothing after a %s", async (how) => {
    const { app, clock, nothing, within } = setUp()
    const failures: unknown[] = []
    app.bus.subscribe(ActorFailed, (event) => {
      failures.push(event)
    })
    const controller = new AbortController()
    const cancel = new Cancel()
    const outcome = within((context) =>
      context.ask(
        worker(app),
        { ms: 10, fails: how === "fault" },
        { cancel, signal: controller.signal, timeout: how === "timeout" ? 5 : 100 },
      ),
    )
    await clock.advance(5)
    if (how === "signal") controller.abort("enough")
    if (how === "cancel") cancel.cancel("enough")
    await clock.advance(5)
    const { error, left } = await outcome
    expect(left).toEqual(nothing)
    if (how === "fault") expect(error).toEqual(new Error("failed at 10"))
    else if (how === "timeout") expect(error).toMatchObject({ fault: { _tag: "TimedOut", after: 5 } })
    else expect(error).toMatchObject({ name: "AbortedError", reason: "enough" })
    // Its failure goes to whoever asked, and to nobody else.
    expect(failures).toEqual([])
    await clock.settle()
    expect(app.stats()).toEqual({ ...nothing, abandoned: 0 })
    expect(clock.pending).toBe(0)
  })

  it("fails with what a constructor, a hook or a callback throws", async () => {
    const { app, clock, nothing, within } = setUp()
    class Unmade extends Actor<string> {
      constructor() {
        super()
        throw new Error("constructor")
      }
      override onReceive() {}
    }
    class Unstarted extends Actor<string> {
      override onStarted() {
        throw new Error("onStarted")
      }
      override onReceive() {}
    }
    class Notified extends Actor<string> {
      override onReceive() {
        return new Promise<void>(() => {})
      }
      override onStarted() {
        const child = this.context.spawn(
          actor((): void => {
            throw new Error("its own child")
          }),
        )
        void child.tell("x")
      }
      override supervisorStrategy() {
        return oneForOne({ decide: () => "escalate" })
      }
    }
    const outcome = within(async (context) => {
      const errors: unknown[] = []
      for (const source of [Unmade, Unstarted, Notified]) {
        await context.ask(source, "x").catch((error: unknown) => errors.push(error))
      }
      return errors.map((error) => (error instanceof Error ? error.message : error))
    })
    await clock.settle()
    // The handler that never ends is abandoned.
    expect(await outcome).toEqual({
      value: ["constructor", "onStarted", "its own child"],
      left: nothing,
    })
    expect(app.stats()).toEqual({ ...nothing, abandoned: 1 })
  })

  it("ends with the actor that asks, and is refused once that has ended", async () => {
    const { app, clock } = setUp()
    const diary: string[] = []
    let late: ActorContext<string> | undefined
    const ref = app.spawn(
      actor(async (_message: string, context) => {
        late = context
        await context.ask(worker(app, diary), { ms: 10_000 })
      }),
    )
    const answer = ref.ask("x")
    const outcome = expect(answer).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await clock.settle()
    expect(app.stats()).toMatchObject({ actors: 2, asks: 2 })
    const down = app.shutdown()
    await outcome
    await clock.settle()
    await down
    expect(diary).toEqual(["started $1", "stopped $1"])
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0, abandoned: 0 })
    await expect(late?.ask(worker(app), { ms: 1 })).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await expect(late?.stream(worker(app), { ms: 1 }).next()).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("waits for a slow last hook, and takes further messages as any actor", async () => {
    const { clock, nothing, within } = setUp()
    const seen: string[] = []
    class Chatty extends Actor<string, string> {
      override onReceive(text: string) {
        seen.push(text)
        if (text === "first") {
          void this.context.self.tell("second")
          void this.context.self.tell("third")
        }
        return text
      }
      override onStopped() {
        return new Promise<void>((resolve) => clock.after(10, resolve))
      }
    }
    const outcome = within((context) => context.ask(Chatty, "first"))
    await clock.advance(9)
    expect(seen).toEqual(["first"])
    await clock.advance(1)
    // What it told itself was never its business: it lived for one message.
    expect(await outcome).toEqual({ value: "first", left: { ...nothing, deadLetters: 2 } })
  })
})

describe("context.stream", () => {
  const counting = actor(function* (to: number) {
    for (let n = 1; n <= to; n++) yield n
    return "counted"
  })

  it("gives each chunk, then one result, from a ref and from a child that is gone by then", async () => {
    const { app, nothing, within } = setUp()
    const ref = app.spawn(counting, "ref")
    const { value, left } = await within(async (context) => {
      const seen: unknown[] = []
      for (const target of [ref, counting]) for await (const step of context.stream(target, 2)) seen.push(step)
      return seen
    })
    const steps = [
      { type: "event", event: 1 },
      { type: "event", event: 2 },
      { type: "result", output: "counted" },
    ]
    expect(value).toEqual([...steps, ...steps])
    expect(left).toEqual({ ...nothing, actors: 1 })
  })

  it("asks nobody until it is read", async () => {
    const { nothing, within } = setUp()
    const { left } = await within(async (context) => {
      const stream = context.stream(counting, 3)
      await stream.return()
    })
    expect(left).toEqual(nothing)
  })

  it.each(["leave", "fault", "timeout", "cancel"] as const)("leaves nothing after a %s", async (how) => {
    const { app, clock, nothing, within } = setUp()
    const diary: string[] = []
    const cancel = new Cancel()
    const Ticker = actor(async function* (ms: number, context) {
      try {
        for (let n = 1; ; n++) {
          yield n
          if (how === "fault" && n === 3) throw new Error("tripped")
          await new Promise<void>((resolve) => {
            const stop = app.clock.after(ms, resolve)
            context.cancel.onCancel(() => {
              stop()
              resolve()
            })
          })
        }
      } finally {
        diary.push("finally")
      }
    })
    const outcome = within(async (context) => {
      for await (const step of context.stream(Ticker, 10, { timeout: how === "timeout" ? 25 : 1_000, cancel })) {
        if (how === "leave" && step.type === "event" && step.event === 3) break
        if (how === "cancel" && step.type === "event" && step.event === 3) cancel.cancel("enough")
      }
      return "left"
    })
    await clock.advance(30)
    const { value, error, left } = await outcome
    expect(diary).toEqual(["finally"])
    if (how === "leave") expect(value).toBe("left")
    else if (how === "fault") expect(error).toEqual(new Error("tripped"))
    else if (how === "timeout") expect(error).toMatchObject({ fault: { _tag: "TimedOut" } })
    else expect(error).toMatchObject({ reason: "enough" })
    expect(left).toEqual(nothing)
    await clock.settle()
    expect(app.stats()).toMatchObject({ abandoned: 0, asks: 0, timers: 0 })
    expect(clock.pending).toBe(0)
  })
})

describe("context.name", () => {
  it("is the last segment of the path, as it was given", async () => {
    const app = new ActorSystem("app")
    const tell = actor((_message: string, context) => context.name)
    const names = ["plain", "a/b", "100%", "#1", "%2F", "ä"]
    for (const name of names) expect(await app.spawn(tell, name).ask("x")).toBe(name)
    expect(await app.spawn(tell).ask("x")).toBe("$1")
    await app.shutdown()
  })
})
