import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, type Directive, oneForOne, type Strategy } from "troupe/actor"
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
})
