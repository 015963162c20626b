import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, afterIdle, type DeadLetter, never } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const setUp = () => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const letters: DeadLetter[] = []
  app.deadLetters.subscribe((letter) => letters.push(letter))
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve))
  return { clock, app, letters, wait }
}

const gone = { fault: { _tag: "Unavailable", retry: "no" } }

describe("an ask and a stop", () => {
  it("in process: is answered. Queued, or sent while the actor ends: is refused at once", async () => {
    const { clock, app, wait } = setUp()
    const log: string[] = []
    class Slow extends Actor<string, string> {
      override async onReceive(text: string) {
        await wait(10)
        return text
      }
      override onStopped() {
        return wait(10)
      }
    }
    const ref = app.spawn(Slow, "slow")
    const note = (name: string) => (outcome: unknown) => {
      log.push(`${clock.now()} ${name} ${typeof outcome === "string" ? outcome : "refused"}`)
    }
    void ref.ask("first").then(note("first"), note("first"))
    void ref.ask("second").then(note("second"), note("second"))
    await clock.advance(5)
    void ref.stop().then(() => note("stop")("ended"))
    void ref.ask("third").then(note("third"), note("third"))
    await clock.advance(10)
    void ref.ask("fourth").then(note("fourth"), note("fourth"))
    await clock.advance(10)
    expect(log).toEqual(["5 second refused", "5 third refused", "10 first first", "15 fourth refused", "20 stop ended"])
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, deadLetters: 0 })
  })

  it("in one turn: a stop does not wait for what is queued, nor a second stop for more than the first", async () => {
    const { app } = setUp()
    const ref = app.spawn(actor((n: number) => n))
    await ref.ask(0)
    const asked = expect(ref.ask(1)).rejects.toMatchObject(gone)
    const stops = [ref.stop(), ref.stop()]
    await asked
    await Promise.all(stops)
    await ref.stop()
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0 })
  })

  it("of an actor that ends itself: the message it is at is answered, the next is refused", async () => {
    const { app } = setUp()
    const last = app.spawn(
      actor((n: number, context) => {
        context.stopSelf()
        return n
      }),
    )
    const next = last.ask(1)
    const refused = expect(last.ask(2)).rejects.toMatchObject(gone)
    expect(await next).toBe(1)
    await refused
  })

  it("of an actor that falls idle: a message in the same instant as the limit is handled or told to be lost", async () => {
    const { clock, app } = setUp()
    class Idle extends Actor<string, string> {
      override onReceive = (text: string) => text
      override stopPolicy = () => afterIdle(100)
    }
    const ref = app.spawn(Idle)
    await clock.settle()
    let outcome: unknown
    // This timer is the later one of two in the same instant: the actor has just ended.
    clock.after(100, () => {
      ref.ask("x").then(
        (answer) => (outcome = answer),
        (error: unknown) => (outcome = error),
      )
    })
    await clock.advance(100)
    expect(outcome).toMatchObject(gone)
    const second = app.spawn(Idle)
    clock.after(100, () => {
      second.ask("y").then(
        (answer) => (outcome = answer),
        () => {},
      )
    })
    // Here the actor becomes idle in a turn after the timer was started, so the message comes first.
    await clock.advance(100)
    expect(outcome).toBe("y")
    expect(app.stats()).toMatchObject({ actors: 1, timers: 1 })
  })
})

describe("a stop and a start", () => {
  it("before the first turn: no instance is ever made", async () => {
    const { app, letters } = setUp()
    let made = 0
    class Never extends Actor<string> {
      constructor() {
        super()
        made++
      }
      override onReceive(_message: string) {}
    }
    const ref = app.spawn(Never, "never")
    void ref.tell("x")
    const asked = expect(ref.ask("y")).rejects.toMatchObject(gone)
    await ref.stop()
    await asked
    expect([made, letters]).toEqual([0, [{ to: "/app/never", message: "x", reason: "stopped" }]])
    expect(app.stats().actors).toBe(0)
  })

  it("during a slow start: the start ends, no message is handled, the last hook runs", async () => {
    const { clock, app, letters, wait } = setUp()
    const log: string[] = []
    class Slow extends Actor<string> {
      override async onStarted() {
        await wait(10)
        log.push("started")
      }
      override onStopped() {
        log.push("stopped")
      }
      override stopPolicy() {
        log.push("asked for its policy")
        return never
      }
      override onReceive(text: string) {
        log.push(text)
      }
    }
    const ref = app.spawn(Slow, "slow")
    void ref.tell("x")
    await clock.advance(5)
    const stopped = ref.stop()
    expect(letters).toHaveLength(1)
    void ref.tell("y")
    await clock.advance(5)
    await stopped
    expect([log, letters.length]).toEqual([["started", "stopped"], 2])
  })

  it("by itself, in onStarted: it never handles a message", async () => {
    const { app, letters } = setUp()
    class Shy extends Actor<string> {
      override onStarted() {
        this.context.stopSelf()
      }
      override onReceive(_message: string) {}
    }
    const ref = app.spawn(Shy, "shy")
    void ref.tell("x")
    await app.whenQuiescent()
    expect([app.stats().actors, letters.length]).toEqual([0, 1])
  })

  it("of its parent while that starts: a child that it has just spawned is never made", async () => {
    const { app } = setUp()
    const log: string[] = []
    class Parent extends Actor<string> {
      override onStarted() {
        this.context.spawn(
          actor((text: string) => {
            log.push(text)
          }),
          "child",
        )
        this.context.stopSelf()
        void app.get<string>("/app/parent/child")?.tell("x")
      }
      override onReceive(_message: string) {}
    }
    app.spawn(Parent, "parent")
    await app.whenQuiescent()
    expect(log).toEqual([])
    expect(app.stats()).toMatchObject({ actors: 0, deadLetters: 1 })
  })
})
