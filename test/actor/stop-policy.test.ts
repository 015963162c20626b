import { describe, expect, it } from "vitest"
import { Actor, ActorFailed, ActorSystem, actor, afterIdle, afterMessage, oneTime } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

describe("stop policies", () => {
  it("oneTime ends after one message, also when the handler throws", async () => {
    await using app = new ActorSystem("app")
    class Once extends Actor<string, string> {
      override onReceive(text: string) {
        if (text === "bad") throw new Error("bad text")
        return text
      }
      override stopPolicy() {
        return oneTime
      }
    }
    expect(await app.spawn(Once).ask("good")).toBe("good")
    await expect(app.spawn(Once).ask("bad")).rejects.toThrow("bad text")
    app.tell(Once, "fine")
    await app.whenQuiescent()
    expect(app.stats()).toMatchObject({ actors: 0, deadLetters: 0 })
  })

  it("afterMessage ends after an equal message", async () => {
    await using app = new ActorSystem("app")
    class Till extends Actor<{ readonly say: string }> {
      override onReceive(_message: { readonly say: string }) {}
      override stopPolicy() {
        return afterMessage({ say: "bye" })
      }
    }
    const ref = app.spawn(Till)
    await ref.ask({ say: "hello" })
    expect(app.stats().actors).toBe(1)
    await ref.ask({ say: "bye" })
    expect(app.stats().actors).toBe(0)
  })

  it("afterMessage takes what cannot be compared for another message, and goes on", async () => {
    await using app = new ActorSystem("app")
    class Till extends Actor<object, string> {
      override onReceive(_message: object) {
        return "handled"
      }
      override stopPolicy() {
        return afterMessage({ say: "bye" })
      }
    }
    const ref = app.spawn(Till)
    const touchy = Object.defineProperty({}, "say", {
      enumerable: true,
      get: () => {
        throw new Error("do not look")
      },
    })
    expect(await ref.ask(touchy)).toBe("handled")
    expect(await ref.ask({ say: "hello" })).toBe("handled")
    expect(await ref.ask({ say: "bye" })).toBe("handled")
    await app.whenQuiescent()
    expect(app.stats().actors).toBe(0)
  })

  it("that is none is a failure of the actor, and of nobody else", async () => {
    await using app = new ActorSystem("app")
    const other = app.spawn(actor((n: number) => n))
    const errors: unknown[] = []
    app.bus.subscribe(ActorFailed, ({ error, directive }) => void errors.push([directive, String(error)]))
    class Forgetful extends Actor<string> {
      override onReceive(_message: string) {}
      // As plain JavaScript may do.
      override stopPolicy() {
        return JSON.parse("null")
      }
    }
    const ref = app.spawn(Forgetful, "forgetful")
    await expect(ref.ask("x")).rejects.toThrow("/app/forgetful has ended")
    expect(await other.ask(1)).toBe(1)
    const words =
      "TypeError: the stopPolicy of /app/forgetful gave null: expected never, oneTime, afterMessage or afterIdle"
    expect(errors).toEqual([...[1, 2, 3].map(() => ["restart", words]), ["stop", words]])
  })

  it("afterIdle ends when nothing came for so long", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    class Idle extends Actor<string> {
      override onReceive(_message: string) {}
      override stopPolicy() {
        return afterIdle(100)
      }
    }
    const ref = app.spawn(Idle)
    await clock.advance(90)
    void ref.tell("stay")
    await clock.advance(99)
    expect(app.stats()).toMatchObject({ actors: 1, timers: 1 })
    await app.whenQuiescent()
    await clock.advance(1)
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
    expect(() => afterIdle(0)).toThrow(RangeError)
  })

  it("afterIdle never ends one that is busy or has something queued, however long that takes", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const seen: string[] = []
    class Slow extends Actor<string> {
      override async onReceive(text: string) {
        await new Promise<void>((resolve) => clock.after(250, resolve))
        seen.push(`${text} ${clock.now()}`)
      }
      override stopPolicy() {
        return afterIdle(100)
      }
    }
    const ref = app.spawn(Slow)
    await clock.advance(50)
    void ref.tell("a")
    void ref.tell("b")
    await clock.advance(599)
    expect([seen, app.stats().actors]).toEqual([["a 300", "b 550"], 1])
    await clock.advance(1)
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0, deadLetters: 0 })
  })

  it("afterIdle leaves no timer of one that was stopped, and begins anew with a restart", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    class Idle extends Actor<string> {
      override onReceive(text: string) {
        if (text === "crash") throw new Error("crash")
      }
      override stopPolicy() {
        return afterIdle(100)
      }
    }
    const stopped = app.spawn(Idle)
    const restarted = app.spawn(Idle)
    await clock.advance(50)
    await stopped.stop()
    expect([app.stats().timers, clock.pending]).toEqual([1, 1])
    void restarted.tell("crash")
    await clock.settle()
    expect([app.stats().timers, clock.pending]).toEqual([1, 1])
    await clock.advance(99)
    expect(app.stats().actors).toBe(1)
    await clock.advance(1)
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
  })
})
