import { describe, expect, it } from "vitest"
import { Actor, ActorFailed, ActorSystem, actor, Cancel } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const gate = () => {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe("an interrupted actor", () => {
  it("is a stray while its handler goes on, and has its last hook when that ends", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const { open, opened } = gate()
    const log: string[] = []
    class Deaf extends Actor<string, string> {
      override async onReceive(text: string) {
        await opened
        log.push(text)
        return text
      }
      override async onStopped() {
        await Promise.resolve()
        log.push("stopped")
      }
    }
    const cancel = new Cancel()
    const answer = app.runEphemeral(
      "/app/a",
      async (_message: string, context) => await context.ask(context.spawn(Deaf), "done at last"),
      "x",
      cancel,
    )
    await clock.settle()
    cancel.cancel("enough")
    await expect(answer).rejects.toMatchObject({ reason: "enough" })
    await clock.settle()
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, abandoned: 1 })
    open()
    await clock.settle()
    expect(log).toEqual(["done at last", "stopped"])
    expect(app.stats().abandoned).toBe(0)
  })

  it("is a stray while its last hook goes on", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const { open, opened } = gate()
    class SlowEnd extends Actor<string> {
      override onReceive(_message: string) {}
      override onStopped() {
        return opened
      }
    }
    void app.runEphemeral("/app/a", (_message: string, context) => void context.spawn(SlowEnd), "x", new Cancel())
    // It had not even started.
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 0 })
    await app.runEphemeral(
      "/app/a",
      async (_message: string, context) => await context.ask(context.spawn(SlowEnd), "x"),
      "x",
      new Cancel(),
    )
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 1 })
    open()
    await clock.settle()
    expect(app.stats().abandoned).toBe(0)
  })

  it("may be one whose handler shuts the system down", async () => {
    const app = new ActorSystem("app")
    let down: Promise<void> | undefined
    const answer = app.runEphemeral(
      "/app/a",
      (n: number, context) => {
        down = app.shutdown()
        expect(() => context.spawn(actor(() => 1))).toThrow(/has ended/)
        return n
      },
      7,
      new Cancel(),
    )
    expect(answer).toBe(7)
    await down
    const late = new ActorSystem("late")
    await expect(
      late.runEphemeral("/late/a", async () => await late.shutdown(), 0, new Cancel()),
    ).rejects.toMatchObject({ name: "AbortedError" })
    expect(late.stats()).toMatchObject({ actors: 0, abandoned: 0 })
  })

  it("may wait for its end from outside, and fails with a callback that throws", async () => {
    const app = new ActorSystem("app")
    const { opened } = gate()
    const other = app.spawn(
      actor(() => 1),
      "other",
    )
    const answer = app.runEphemeral(
      "/app/a",
      (_message: string, context) => {
        context.watch(other, () => {
          throw new Error("bad callback")
        })
        return opened
      },
      "x",
      new Cancel(),
    )
    let ended = false
    const end = app
      .get("/app/a")
      ?.stop()
      .then(() => {
        ended = true
      })
    const failed = expect(answer).rejects.toThrow("bad callback")
    await Promise.resolve()
    expect(ended).toBe(false)
    await other.stop()
    await failed
    await end
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 1 })
  })
})

describe("a hook or notice that fails late", () => {
  it("is a failure of the actor", async () => {
    await using app = new ActorSystem("app")
    const failures: string[] = []
    app.bus.subscribe(ActorFailed, async ({ path, directive, error }) => {
      await Promise.resolve()
      failures.push(`${path} ${directive} ${error instanceof Error ? error.message : ""}`)
    })
    const other = app.spawn(
      actor(() => 1),
      "other",
    )
    let starts = 0
    class Late extends Actor<string, string> {
      override async onStarted() {
        await Promise.resolve()
        if (++starts === 1) throw new Error("late start")
        if (starts === 2) this.context.watch(other)
      }
      override async onTerminated() {
        await Promise.resolve()
        throw new Error("late notice")
      }
      override async onStopped() {
        await Promise.resolve()
        if (starts === 3) throw new Error("late stop")
      }
      override onReceive(text: string) {
        return text
      }
    }
    const late = app.spawn(Late, "late")
    expect(await late.ask("a")).toBe("a")
    await other.stop()
    await app.whenQuiescent()
    expect(await late.ask("b")).toBe("b")
    await late.stop()
    await app.whenQuiescent()
    expect(failures).toEqual([
      "/app/late restart late start",
      "/app/late restart late notice",
      "/app/late stop late stop",
    ])
    expect([starts, app.stats().actors]).toEqual([3, 0])
  })
})
