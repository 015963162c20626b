import { describe, expect, it } from "vitest"
import { Actor, type ActorRef, ActorSystem, actor, bounded, type DeadLetter, oneTime } from "troupe/actor"
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

describe("watch", () => {
  it("of one that ends in the same turn, before or after: is told once", async () => {
    const { app } = setUp()
    const seen: string[] = []
    const once = () => {
      class Once extends Actor<string> {
        override onReceive(_message: string) {}
        override stopPolicy = () => oneTime
      }
      return app.spawn(Once)
    }
    const watcher = app.spawn(
      actor((ref: ActorRef<string>, context) => {
        context.watch(ref, ({ path }) => seen.push(path))
      }),
    )
    const [early, late, gone] = [once(), once(), once()]
    await gone.stop()
    void early.tell("end")
    void watcher.tell(early)
    void watcher.tell(late)
    void late.tell("end")
    void watcher.tell(gone)
    await app.whenQuiescent()
    expect([...seen].sort()).toEqual([early.path, late.path, gone.path].sort())
  })

  it("of one another, both ending in one turn: neither waits for the other, and nobody is told too late", async () => {
    const { app } = setUp()
    const seen: string[] = []
    const source = actor((to: ActorRef<never> | "end", context) => {
      if (to === "end") context.stopSelf()
      else context.watch(to, ({ path }) => seen.push(path))
    })
    const [a, b] = [app.spawn(source, "a"), app.spawn(source, "b")]
    await a.ask(b)
    await b.ask(a)
    void a.tell("end")
    void b.tell("end")
    await app.whenQuiescent()
    expect(seen.length).toBeLessThanOrEqual(1)
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
  })

  it("of itself is never told: by then it has ended", async () => {
    const { app } = setUp()
    let told = 0
    const ref = app.spawn(
      actor((_message: string, context) => {
        context.watch(context.self, () => told++)
      }),
    )
    await ref.ask("x")
    await ref.stop()
    await app.whenQuiescent()
    expect(told).toBe(0)
  })
})

describe("a timer", () => {
  it("of an actor that has ended never fires, one started by code that goes on neither", async () => {
    const { clock, app, letters, wait } = setUp()
    const seen: string[] = []
    const ref = app.spawn(
      actor(async (text: string, context) => {
        seen.push(text)
        context.schedule(10, "later")
        void wait(5).then(() => context.schedule(10, "after the end"))
      }),
    )
    void ref.tell("x")
    await clock.settle()
    await ref.stop()
    await clock.advance(100)
    expect([seen, letters]).toEqual([["x"], []])
    expect([app.stats().timers, clock.pending]).toEqual([0, 0])
  })

  it("ends with the instance: a restarted actor gets none of the old one's messages", async () => {
    const { clock, app } = setUp()
    const seen: string[] = []
    let starts = 0
    class Timed extends Actor<string> {
      override onStarted() {
        this.context.schedule(10, `of start ${++starts}`)
      }
      override onReceive(text: string) {
        if (text === "crash") throw new Error("crash")
        seen.push(text)
      }
    }
    const ref = app.spawn(Timed)
    await clock.advance(9)
    void ref.tell("crash")
    await clock.advance(100)
    expect(seen).toEqual(["of start 2"])
  })

  it("due in the instant of the stop is either handled or a dead letter, never both", async () => {
    for (const stopFirst of [true, false]) {
      const { clock, app, letters } = setUp()
      const seen: string[] = []
      class Timed extends Actor<string> {
        override onStarted() {
          if (stopFirst) clock.after(10, () => void this.context.self.stop())
          this.context.schedule(10, "tick")
          if (!stopFirst) clock.after(10, () => void this.context.self.stop())
        }
        override onReceive(text: string) {
          seen.push(text)
        }
      }
      app.spawn(Timed)
      await clock.advance(20)
      // Stopped first, the timer was cancelled; else the message was taken before.
      expect([seen, letters.length]).toEqual(stopFirst ? [[], 0] : [["tick"], 0])
      expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
    }
  })
})

describe("a dead letter", () => {
  it("is made of each kind of told message that nobody handles, with its reason; of an ask never", async () => {
    const { clock, app, letters } = setUp()
    const hold = actor((_message: string) => new Promise<void>(() => {}))
    const full = app.spawn(hold, "full", { mailbox: bounded(1, "dropNew") })
    const oldest = app.spawn(hold, "oldest", { mailbox: bounded(1, "dropOldest") })
    await clock.settle()
    for (const ref of [full, oldest]) {
      void ref.tell("held")
      await clock.settle()
      for (const text of ["queued", "over"]) void ref.tell(text)
      await expect(ref.ask("asked")).rejects.toMatchObject({ fault: { _tag: "Unavailable", retry: "yes" } })
    }
    const ended = app.spawn(hold, "ended")
    await ended.stop()
    void ended.tell("late")
    await expect(ended.ask("asked late")).rejects.toMatchObject(gone)
    const scheduled = app.spawn(
      actor((_message: string, context) => {
        context.schedule(5, "scheduled")
        return new Promise<void>(() => {})
      }),
      "scheduled",
      { mailbox: bounded(1, "fail") },
    )
    void scheduled.tell("held")
    await clock.settle()
    void scheduled.tell("queued")
    await clock.advance(5)
    const down = app.shutdown({ timeout: 10 })
    void full.tell("after shutdown")
    await clock.advance(10)
    await down
    const of = (name: string) =>
      letters.filter(({ to }) => to === `/app/${name}`).map(({ message, reason }) => [message, reason])
    expect(of("full")).toEqual([
      ["over", "full"],
      ["queued", "stopped"],
      ["after shutdown", "stopped"],
    ])
    expect(of("oldest")).toEqual([
      ["queued", "full"],
      ["over", "stopped"],
    ])
    expect(of("ended")).toEqual([["late", "stopped"]])
    expect(of("scheduled")).toEqual([
      ["scheduled", "full"],
      ["queued", "stopped"],
    ])
    expect(app.stats().deadLetters).toBe(letters.length)
  })
})
