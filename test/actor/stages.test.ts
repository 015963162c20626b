import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, allForOne, type Stage, VirtualActors } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const stages: readonly Stage[] = ["ui", "agents", "tools", "workers", "sockets"]

function setUp() {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const seen: string[] = []
  class Noted extends Actor<string> {
    override onReceive(_message: string) {}
    override async onStopped() {
      seen.push(`${this.context.path} at ${clock.now()}`)
      await new Promise<void>((resolve) => clock.after(10, resolve))
    }
  }
  return { clock, app, seen, Noted }
}

describe("a shutdown", () => {
  it("ends each stage once the one before has ended, whenever its actors were spawned", async () => {
    const { clock, app, seen, Noted } = setUp()
    for (const stage of stages.toReversed()) for (const n of [1, 2]) app.spawn(Noted, `${stage}${n}`, { stage })
    app.spawn(Noted, "none")
    const virtual = new VirtualActors(app)
    await virtual.ask(Noted, "v", "hello")
    app.spawn(Noted, undefined, { stage: "sockets" })
    await clock.settle()
    const ended = app.shutdown()
    await clock.advance(1_000)
    await ended
    expect(seen.map((line) => line.replace("/app/", "")).sort()).toEqual(
      [
        ...stages.flatMap((stage, i) => [1, 2].map((n) => `${stage}${n} at ${i * 10}`)),
        "none at 10",
        "virtual/Noted/v at 10",
        "$1 at 40",
      ].sort(),
    )
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0, abandoned: 0 })
  })

  it("has one time limit for all stages", async () => {
    const { clock, app, seen, Noted } = setUp()
    for (const stage of stages) app.spawn(Noted, stage, { stage })
    await clock.settle()
    const ended = app.shutdown({ timeout: 25 }).then(() => clock.now())
    await clock.advance(1_000)
    expect(await ended).toBe(25)
    expect(seen.map((line) => line.replace("/app/", ""))).toEqual([
      "ui at 0",
      "agents at 10",
      "tools at 20",
      "workers at 25",
      "sockets at 25",
    ])
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
  })

  it("refuses all at once, whatever their stage", async () => {
    const { clock, app, Noted } = setUp()
    app.spawn(Noted, "ui", { stage: "ui" })
    const socket = app.spawn(
      actor(
        (_message: string, { signal }) =>
          new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      ),
      "socket",
      { stage: "sockets" },
    )
    const asked = socket.ask("x").catch(() => clock.now())
    await clock.settle()
    const ended = app.shutdown()
    expect(await asked).toBe(0)
    await clock.advance(100)
    await ended
  })
})

describe("virtual actors", () => {
  it("have no part in what befalls the actors beside them", async () => {
    const clock = virtualClock()
    const decide = (error: unknown) => (error instanceof TypeError ? "stop" : "restart")
    const app = new ActorSystem("app", { clock, supervisor: allForOne({ decide }) })
    const virtual = new VirtualActors(app)
    class Sum extends Actor<number, number> {
      #sum = 0
      override onReceive = (n: number) => (this.#sum += n)
    }
    const beside = app.spawn(
      actor((message: "restart" | "stop") => {
        throw message === "stop" ? new TypeError("stop") : new Error("restart")
      }),
    )
    await virtual.ask(Sum, "a", 1)
    await virtual.ask(Sum, "b", 1)
    await expect(beside.ask("restart")).rejects.toThrow("restart")
    expect(await virtual.ask(Sum, "a", 1)).toBe(2)
    await expect(beside.ask("stop")).rejects.toThrow("stop")
    expect(await virtual.ask(Sum, "a", 1)).toBe(3)
    class Bad extends Sum {
      override onReceive = () => {
        throw new TypeError("stop")
      }
    }
    await expect(virtual.ask(Bad, "a", 1)).rejects.toThrow("stop")
    expect(virtual.isActive(Bad, "a")).toBe(false)
    expect(await virtual.ask(Sum, "b", 1)).toBe(2)
    await app.shutdown()
  })
})
