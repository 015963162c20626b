import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, Cancel } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const setUp = () => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const empty = { actors: 0, timers: 0, asks: 0, abandoned: 0, deadLetters: 0 }
  return { clock, app, empty }
}

class Child extends Actor<string, string> {
  override onReceive(text: string) {
    if (text === "crash") throw new Error("child crash")
    return `${this.context.path} got ${text}`
  }
}

describe("runEphemeral", () => {
  it("answers at once where the handler does, and is gone", () => {
    const { app, empty } = setUp()
    let during = 0
    const answer = app.runEphemeral(
      "/app/agents/a#1",
      (n: number, context) => {
        during = app.stats().actors
        expect(app.get("/app/agents/a#1")?.path).toBe(context.path)
        return n + 1
      },
      1,
      new Cancel(),
    )
    expect([answer, during]).toEqual([2, 1])
    expect(app.get("/app/agents/a#1")).toBeUndefined()
    expect(app.stats()).toEqual(empty)
    expect(() =>
      app.runEphemeral(
        "/app/a",
        () => {
          throw new TypeError("bad")
        },
        1,
        new Cancel(),
      ),
    ).toThrow(new TypeError("bad"))
    expect(app.stats()).toEqual(empty)
  })

  it("is there while its handler runs, with children that end with it", async () => {
    const { app, empty, clock } = setUp()
    const answer = app.runEphemeral(
      "/app/agents/a#1",
      async (text: string, context) => {
        const child = context.spawn(Child, "child")
        return await context.ask(child, text)
      },
      "hello",
      new Cancel(),
    )
    await Promise.resolve()
    expect(app.get("/app/agents/a#1/child")?.path).toBe("/app/agents/a#1/child")
    expect(app.get("/app/agents/a#1/none")).toBeUndefined()
    expect(await answer).toBe("/app/agents/a#1/child got hello")
    expect(app.stats()).toEqual(empty)
    await clock.settle()
    await app.whenQuiescent()
  })

  it("passes on the very error, and leaves nothing", async () => {
    const { app, empty } = setUp()
    const error = new Error("agent failed")
    await expect(
      app.runEphemeral(
        "/app/a",
        async (_message: string, context) => {
          context.spawn(Child)
          context.schedule(1_000, "later")
          await Promise.resolve()
          throw error
        },
        "x",
        new Cancel(),
      ),
    ).rejects.toBe(error)
    expect(app.stats()).toEqual(empty)
  })

  it("fails at once when cancelled; a handler that goes on is counted until it ends", async () => {
    const { app, empty, clock } = setUp()
    const cancel = new Cancel()
    const seen: unknown[] = []
    let release = (): void => {}
    const answer = app.runEphemeral(
      "/app/a",
      async (_message: string, context) => {
        const child = context.spawn(
          actor((_text: string, inner) => {
            inner.signal.addEventListener("abort", () => seen.push("child aborted"))
            return new Promise<string>(() => {})
          }),
        )
        context.ask(child, "x").catch((error: unknown) => seen.push(error instanceof Error && error.name))
        context.watch(app.spawn(Child, "other"))
        context.schedule(1_000, "later")
        await new Promise<void>((resolve) => {
          release = resolve
        })
        expect(() => context.spawn(Child)).toThrow(/has ended/)
        expect(context.signal.aborted).toBe(true)
        return "ignored"
      },
      "x",
      cancel,
    )
    await clock.settle()
    expect(app.stats()).toMatchObject({ actors: 3, timers: 1, asks: 1 })
    cancel.cancel("no longer wanted")
    expect(app.stats()).toEqual({ ...empty, actors: 1, abandoned: 2 })
    await expect(answer).rejects.toMatchObject({ name: "AbortedError", reason: "no longer wanted" })
    expect(seen).toEqual(["child aborted", "AbortedError"])
    release()
    await clock.settle()
    // The child's promise never settles.
    expect(app.stats().abandoned).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it("does not begin when cancelled before", () => {
    const { app, empty } = setUp()
    const cancel = new Cancel()
    cancel.cancel("early")
    expect(() => app.runEphemeral("/app/a", () => 1, 0, cancel)).toThrow(/aborted: early/)
    expect(app.stats()).toEqual(empty)
  })

  it("supervises its children, and fails when they fail too often", async () => {
    const { app, empty, clock } = setUp()
    const answer = app.runEphemeral(
      "/app/a",
      async (_message: string, context) => {
        const child = context.spawn(Child)
        for (let i = 0; i < 3; i++) await context.ask(child, "crash").catch(() => {})
        expect(await context.ask(child, "still there")).toMatch(/got still there/)
        await context.ask(child, "crash").catch(() => {})
        return await context.ask(child, "gone")
      },
      "x",
      new Cancel(),
    )
    await expect(answer).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await clock.settle()
    expect(app.stats()).toEqual(empty)
  })

  it("takes one message only, can be watched, and calls back for what it watches", async () => {
    const { app, clock } = setUp()
    const log: string[] = []
    const other = app.spawn(Child, "other")
    let release = (): void => {}
    const answer = app.runEphemeral(
      "/app/a",
      (_message: string, context) => {
        context.watch(other, (ref) => log.push(`${ref.path} ended`))
        void context.self.tell("second")
        context.stopSelf()
        return new Promise<void>((resolve) => {
          release = resolve
        })
      },
      "x",
      new Cancel(),
    )
    class Watcher extends Actor<string> {
      override onStarted() {
        const ephemeral = app.get("/app/a")
        if (ephemeral !== undefined) this.context.watch(ephemeral)
      }
      override onReceive(_message: string) {}
      override onTerminated(ref: { readonly path: string }) {
        log.push(`${ref.path} ended`)
      }
    }
    app.spawn(Watcher)
    await expect(app.ask("/app/a", "again")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await other.stop()
    release()
    await answer
    await clock.settle()
    expect(log).toEqual(["/app/other ended", "/app/a ended"])
    expect(app.stats().deadLetters).toBe(1)
  })

  it("is interrupted by shutdown, and waited for", async () => {
    const { app, clock, empty } = setUp()
    const answer = app.runEphemeral(
      "/app/a",
      (_message: string, context) =>
        new Promise<void>((resolve) => {
          context.signal.addEventListener("abort", () => app.clock.after(10, resolve))
        }),
      "x",
      new Cancel(),
    )
    const failed = expect(answer).rejects.toMatchObject({ name: "AbortedError" })
    const down = app.shutdown()
    await failed
    expect(app.stats().abandoned).toBe(1)
    await clock.advance(10)
    await down
    expect(app.stats()).toEqual(empty)
    expect(() => app.runEphemeral("/app/a", () => 1, 0, new Cancel())).toThrow(/has shut down/)
  })

  it("leaves no listener on a token that lives on", async () => {
    const { app } = setUp()
    let listeners = 0
    class Counted extends Cancel {
      override onCancel(call: (reason: unknown) => void) {
        listeners++
        const off = super.onCancel(call)
        return () => {
          listeners--
          off()
        }
      }
    }
    const cancel = new Counted()
    for (let i = 0; i < 3; i++) {
      const answer = app.runEphemeral("/app/a", async (n: number, context) => n + context.path.length, i, cancel)
      expect(listeners).toBe(1)
      await answer
      expect(listeners).toBe(0)
    }
  })

  it("keeps many apart", async () => {
    const { app, empty } = setUp()
    const answers = Array.from({ length: 1_000 }, (_, i) =>
      app.runEphemeral(`/app/a#${i}`, async (n: number, context) => `${context.path} ${n}`, i, new Cancel()),
    )
    expect(app.stats().actors).toBe(1_000)
    expect(app.get("/app/a#500")?.path).toBe("/app/a#500")
    expect(await Promise.all(answers.map((answer) => Promise.resolve(answer)))).toEqual(
      answers.map((_, i) => `/app/a#${i} ${i}`),
    )
    expect(app.stats()).toEqual(empty)
  })
})
