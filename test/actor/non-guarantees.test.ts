import { describe, expect, it } from "vitest"
import { Actor, type ActorRef, ActorSystem, actor } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

// What the runtime does not promise is shown here as well, so that a change of it is noticed.

describe("a message", () => {
  it("whose handler throws is not tried again, also when its actor is restarted", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    const ref = app.spawn(
      actor((text: string) => {
        seen.push(text)
        if (text === "bad") throw new Error("bad")
      }),
    )
    for (const text of ["a", "bad", "b"]) void ref.tell(text)
    await app.whenQuiescent()
    expect(seen).toEqual(["a", "bad", "b"])
    expect(app.stats().deadLetters).toBe(0)
  })

  it("is the very object that was sent: who changes it later changes it for the actor", async () => {
    await using app = new ActorSystem("app")
    const seen: unknown[] = []
    const ref = app.spawn(actor((message: { text: string }) => void seen.push(message.text)))
    const message = { text: "as sent" }
    void ref.tell(message)
    message.text = "changed"
    await app.whenQuiescent()
    expect(seen).toEqual(["changed"])
  })

  it("that goes by way of another actor may be overtaken by a later one that goes directly", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    const target = app.spawn(actor((text: string) => void seen.push(text)))
    const relay = app.spawn(actor((text: string) => void target.tell(text)))
    void relay.tell("first")
    void target.tell("second")
    await app.whenQuiescent()
    expect(seen).toEqual(["second", "first"])
  })

  it("is not acknowledged: a tell to an actor that has ended looks like any other", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(actor((_message: string) => {}))
    const before = ref.tell("x")
    await app.whenQuiescent()
    await ref.stop()
    expect([before, ref.tell("y"), app.stats().deadLetters]).toEqual([undefined, undefined, 1])
  })
})

describe("an actor", () => {
  it("that asks itself, or asks in a circle, waits for ever: only a timeout ends it", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const own = app.spawn(
      actor(async (text: string, context): Promise<string> => {
        const self: ActorRef<string, string> = own
        return text === "inner" ? text : await context.ask(self, "inner", { timeout: 1_000 })
      }),
    )
    const answer = expect(own.ask("outer")).rejects.toMatchObject({ fault: { _tag: "TimedOut", after: 1_000 } })
    await clock.advance(999)
    expect(app.stats().asks).toBe(2)
    await clock.advance(1)
    await answer
  })

  it("whose handler never ends is held up for good; the others are not", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const stuck = app.spawn(actor((_message: string) => new Promise<string>(() => {})))
    const other = app.spawn(actor((text: string) => text))
    void stuck.ask("x").catch(() => {})
    const behind = expect(stuck.ask("y", { timeout: 100 })).rejects.toMatchObject({ fault: { _tag: "TimedOut" } })
    expect(await other.ask("z")).toBe("z")
    await clock.advance(100)
    await behind
    let ended = false
    void stuck.stop().then(() => {
      ended = true
    })
    await clock.advance(60_000)
    expect(ended).toBe(false)
    const down = app.shutdown({ timeout: 10 })
    await clock.advance(10)
    await down
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 1 })
  })

  it("does not wait for promises that its handler leaves behind, and hears nothing of them", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    const ref = app.spawn(
      actor((text: string) => {
        void Promise.resolve().then(async () => {
          for (let i = 0; i < 100; i++) await Promise.resolve()
          seen.push(`${text}, later`)
        })
        seen.push(text)
      }),
    )
    await ref.ask("a")
    await app.whenQuiescent()
    expect(seen).toEqual(["a"])
  })

  it("that is made anew under an old name is another one: a ref from before does not reach it", async () => {
    await using app = new ActorSystem("app")
    class Echo extends Actor<string, string> {
      override onReceive = (text: string) => text
    }
    const old = app.spawn(Echo, "echo")
    await old.stop()
    const anew = app.spawn(Echo, "echo")
    expect(await app.ask("/app/echo", "x")).toBe("x")
    expect(app.get("/app/echo")).toBe(anew)
    await expect(old.ask("x")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })
})
