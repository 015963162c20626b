import { afterEach, describe, expect, it, vi } from "vitest"
import { Actor, ActorSystem, actor, oneForOne, runMain } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

/** A standard input that keeps what is done to it. */
function terminal(more: { readonly isTTY: boolean; readonly isRaw: boolean } | undefined) {
  const done: unknown[] = []
  const stdin = {
    ...more,
    setRawMode: (raw: boolean) => done.push(["raw", raw]),
    pause: () => done.push("pause"),
    ...(more === undefined ? {} : { unref: () => done.push("unref") }),
  }
  vi.spyOn(process, "stdin", "get").mockReturnValue(Object.assign(Object.create(null), stdin))
  return done
}

const listeners = () => [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")]

class Ui extends Actor<"quit" | "crash"> {
  override onReceive(message: "quit" | "crash") {
    if (message === "crash") throw new Error("crash")
    this.context.stopSelf()
  }
}

function setUp() {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock, supervisor: oneForOne({ maxRestarts: 1 }) })
  return { clock, app }
}

describe("runMain", () => {
  afterEach(() => vi.restoreAllMocks())

  it("ends with its actor, and gives back a raw terminal", async () => {
    const done = terminal({ isTTY: true, isRaw: true })
    const before = listeners()
    const { clock, app } = setUp()
    const ended = runMain(app, { foreground: Ui })
    await clock.settle()
    expect(listeners()).toEqual(before.map((n) => n + 1))
    expect(done).toEqual([])
    app.get("/app/ui")?.tell("quit")
    expect(await ended).toBe("ended")
    expect(done).toEqual([["raw", false], "pause", "unref"])
    expect(listeners()).toEqual(before)
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
    expect(() => app.spawn(Ui)).toThrow(/shuts down/)
  })

  it.each([
    ["that was not raw", { isTTY: true, isRaw: false }, ["pause", "unref"]],
    ["that is a pipe", { isTTY: false, isRaw: true }, ["pause", "unref"]],
    ["that is a file", undefined, ["pause"]],
  ])("leaves as it was an input %s", async (_, stdin, does) => {
    const done = terminal(stdin)
    const { clock, app } = setUp()
    const ended = runMain(app, { foreground: Ui })
    await clock.settle()
    app.get("/app/ui")?.tell("quit")
    await ended
    expect(done).toEqual(does)
  })

  it.each(["SIGINT", "SIGTERM"] as const)("ends on %s, once", async (signal) => {
    terminal(undefined)
    const before = listeners()
    const { clock, app } = setUp()
    const seen: string[] = []
    class Slow extends Ui {
      override async onStopped() {
        await new Promise<void>((resolve) => clock.after(100, resolve))
        seen.push(`${this.context.path} at ${clock.now()}`)
      }
    }
    app.spawn(Slow, "agent")
    const ended = runMain(app, { foreground: Slow, name: "screen" })
    await clock.settle()
    process.emit(signal)
    expect(listeners()).toEqual(before)
    await clock.advance(1_000)
    expect(await ended).toBe(signal)
    expect(seen).toEqual(["/app/screen at 100", "/app/agent at 200"])
  })

  it("waits no longer than it is told", async () => {
    terminal(undefined)
    const { clock, app } = setUp()
    app
      .spawn(
        actor((_message: string) => new Promise<void>(() => {})),
        "stuck",
      )
      .tell("x")
    const ended = runMain(app, { foreground: Ui, timeout: 300 }).then(() => clock.now())
    await clock.settle()
    app.get("/app/ui")?.tell("quit")
    await clock.advance(1_000)
    expect(await ended).toBe(300)
  })

  it("fails with what ended its actor, not with what it was restarted for", async () => {
    terminal(undefined)
    const { clock, app } = setUp()
    const ended = runMain(app, { foreground: Ui })
    await clock.settle()
    const ui = app.get("/app/ui")
    ui?.tell("crash")
    await clock.settle()
    ui?.tell("quit")
    expect(await ended).toBe("ended")

    const again = setUp()
    const failed = runMain(again.app, { foreground: Ui }).catch((error: unknown) => error)
    again.app
      .spawn(
        actor((_message: string) => {
          throw new Error("another")
        }),
        "agent",
      )
      .tell("x")
    await again.clock.settle()
    for (let i = 0; i < 2; i++) again.app.get("/app/ui")?.tell("crash")
    expect(await failed).toEqual(new Error("crash"))
    expect(again.app.stats().actors).toBe(0)
  })

  it("refuses a name that is taken, and listens to nothing then", async () => {
    const before = listeners()
    const { app } = setUp()
    app.spawn(Ui, "ui")
    await expect(runMain(app, { foreground: Ui })).rejects.toThrow(/taken/)
    expect(listeners()).toEqual(before)
    await app.shutdown()
  })
})
