import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, afterIdle, afterMessage, oneTime } from "troupe/actor"
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
})
