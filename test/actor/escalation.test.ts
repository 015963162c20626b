import { describe, expect, it } from "vitest"
import { Actor, ActorFailed, ActorSystem, type Directive, oneForOne, type Strategy } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const odd = { not: "an error" }
class Odd extends Actor<string, number> {
  override onReceive(_message: string): number {
    // oxlint-disable-next-line typescript/only-throw-error -- whatever is thrown reaches the asker as it is
    throw odd
  }
}

describe("escalation", () => {
  /** Three levels, of which the lower two say what they do about their child. */
  const levels = (top: Directive, middle: Directive) => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const made: string[] = []
    class Low extends Actor<string> {
      override onStarted() {
        made.push("low")
      }
      override onReceive(_message: string) {
        throw new Error("low crash")
      }
    }
    class Middle extends Actor<string> {
      override onStarted() {
        made.push("middle")
        this.context.spawn(Low, "low")
      }
      override onReceive(_message: string) {}
      override supervisorStrategy() {
        return oneForOne({ decide: () => middle })
      }
    }
    class Top extends Actor<string> {
      override onStarted() {
        made.push("top")
        this.context.spawn(Middle, "middle")
      }
      override onReceive(_message: string) {}
      override supervisorStrategy() {
        return oneForOne({ decide: () => top })
      }
    }
    app.spawn(Top, "top")
    return { app, clock, made }
  }

  it("restarts the parent", async () => {
    const { app, clock, made } = levels("restart", "escalate")
    await clock.settle()
    await expect(app.ask("/app/top/middle/low", "x")).rejects.toThrow("low crash")
    await clock.settle()
    expect(made).toEqual(["top", "middle", "low", "middle", "low"])
    expect(app.stats().actors).toBe(3)
  })

  it("lets a resumed parent and its child go on", async () => {
    const { app, clock, made } = levels("resume", "escalate")
    await clock.settle()
    await expect(app.ask("/app/top/middle/low", "x")).rejects.toThrow("low crash")
    await expect(app.ask("/app/top/middle/low", "x")).rejects.toThrow("low crash")
    await app.ask("/app/top/middle", "x")
    expect(made).toEqual(["top", "middle", "low"])
  })

  it("stops the top-level actor that it comes from, not the system", async () => {
    const { app, clock } = levels("escalate", "escalate")
    await clock.settle()
    await expect(app.ask("/app/top/middle/low", "x")).rejects.toThrow("low crash")
    await clock.settle()
    expect(app.stats().actors).toBe(0)
    expect(app.spawn(Odd, "top").path).toBe("/app/top")
    await clock.settle()
    const strict = new ActorSystem("strict", { clock, supervisor: oneForOne({ decide: () => "escalate" }) })
    await expect(strict.spawn(Odd).ask("x")).rejects.toBe(odd)
    expect(strict.stats().actors).toBe(0)
  })

  it("counts in the window of each one above: the one that was restarted too often is stopped there", async () => {
    const { app, clock, made } = levels("restart", "escalate")
    await clock.settle()
    for (let i = 0; i < 4; i++) {
      await expect(app.ask("/app/top/middle/low", "x")).rejects.toThrow("low crash")
      await clock.settle()
    }
    // Three restarts in 60 seconds, of the middle one.
    expect(made).toEqual(["top", ...Array.from({ length: 4 }, () => ["middle", "low"]).flat()])
    expect(app.get("/app/top/middle")).toBeUndefined()
    expect(app.stats()).toMatchObject({ actors: 1, timers: 0, asks: 0 })
  })

  it("interrupts a parent that is busy, and waits for it: its asker gets the answer, then it is restarted", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const log: string[] = []
    class Busy extends Actor<string, string> {
      override onStarted() {
        log.push("started")
        this.context.spawn(Odd, "odd")
      }
      override onStopped() {
        log.push("stopped")
      }
      override async onReceive(text: string) {
        this.context.cancel.onCancel(() => log.push("interrupted"))
        await new Promise<void>((resolve) => clock.after(10, resolve))
        log.push("handled")
        return text
      }
      override supervisorStrategy() {
        return oneForOne({ decide: () => "escalate" })
      }
    }
    class Above extends Actor<string> {
      override onStarted() {
        this.context.spawn(Busy, "busy")
      }
      override onReceive(_message: string) {}
    }
    app.spawn(Above, "above")
    await clock.settle()
    const answer = app.ask("/app/above/busy", "x")
    const next = app.ask("/app/above/busy", "y")
    await clock.settle()
    await expect(app.ask("/app/above/busy/odd", "crash")).rejects.toBe(odd)
    await clock.advance(10)
    expect(await answer).toBe("x")
    expect(log).toEqual(["started", "interrupted", "handled", "stopped", "started"])
    await clock.advance(10)
    expect(await next).toBe("y")
  })

  it("fails a parent whose strategy throws", async () => {
    class Undecided extends Actor<string> {
      override onStarted() {
        this.context.spawn(Odd, "odd")
      }
      override onReceive(_message: string) {}
      override supervisorStrategy(): Strategy {
        throw new Error("cannot decide")
      }
    }
    const app = new ActorSystem("app")
    const ref = app.spawn(Undecided, "undecided")
    await ref.ask("x")
    await expect(app.ask("/app/undecided/odd", "x")).rejects.toBe(odd)
    await app.whenQuiescent()
    expect(app.stats().actors).toBe(0)
  })

  it("is what a strategy comes to that throws or decides on nothing, and at the top that is told too", async () => {
    const nothing = (): Directive => JSON.parse("null") // as plain JavaScript may
    const throwing = (): Directive => {
      throw new Error("cannot decide")
    }
    for (const [decide, words] of [
      [throwing, "Error: cannot decide"],
      [nothing, "TypeError: decide of a strategy gave null: expected resume, restart, stop, escalate"],
    ] as const) {
      const app = new ActorSystem("app", { supervisor: oneForOne({ decide }) })
      const told: string[] = []
      app.bus.subscribe(ActorFailed, ({ path, error, directive }) => {
        told.push(`${path} ${directive} ${error === odd ? "odd" : String(error)}`)
      })
      await expect(app.spawn(Odd, "odd").ask("x")).rejects.toBe(odd)
      await app.whenQuiescent()
      expect(told).toEqual(["/app/odd escalate odd", `/app/odd stop ${words}`])
      expect(app.stats().actors).toBe(0)
    }
  })
})
