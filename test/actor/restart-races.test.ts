import { describe, expect, it } from "vitest"
import { Actor, type ActorRef, ActorSystem, actor, allForOne, oneForOne, type Strategy } from "troupe/actor"
import { virtualClock, type VirtualClock } from "../../src/testing/virtual-clock.js"

interface Pace {
  readonly start?: number
  readonly restart?: number
  readonly stop?: number
}

/** Writes down its life, and takes so many milliseconds for each hook. */
class Slow extends Actor<string, string> {
  readonly #name: string
  readonly #log: string[]
  readonly #clock: VirtualClock
  readonly #pace: Pace
  constructor(name: string, log: string[], clock: VirtualClock, pace: Pace) {
    super()
    this.#name = name
    this.#log = log
    this.#clock = clock
    this.#pace = pace
  }
  #say(what: string, ms = 0): void | Promise<void> {
    this.#log.push(`${this.#clock.now()} ${this.#name} ${what}`)
    if (ms === 0) return undefined
    return new Promise((resolve) => {
      this.#clock.after(ms, () => {
        this.#log.push(`${this.#clock.now()} ${this.#name} ${what}: done`)
        resolve()
      })
    })
  }
  override onStarted() {
    return this.#say("starts", this.#pace.start)
  }
  override onRestart() {
    return this.#say("restarts", this.#pace.restart)
  }
  override onStopped() {
    return this.#say("stops", this.#pace.stop)
  }
  override async onReceive(text: string) {
    if (text === "crash") throw new Error("crash")
    await this.#say(text, text.startsWith("slow") ? 10 : 0)
    return text
  }
}

const setUp = (supervisor: Strategy) => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock, supervisor })
  const log: string[] = []
  const said = () => log.splice(0)
  const spawn = (name: string, pace: Pace = {}): ActorRef<string, string> =>
    app.spawn(() => new Slow(name, log, clock, pace), name)
  return { clock, app, said, spawn }
}

describe("a restart with a slow last hook", () => {
  it("makes the new instance when the old one has ended, and keeps ref and queue", async () => {
    const { clock, app, said, spawn } = setUp(oneForOne())
    const ref = spawn("a", { stop: 100, restart: 10, start: 10 })
    const answers = ["x", "crash", "y"].map((text) => ref.ask(text).catch(() => "failed"))
    await clock.advance(50)
    void ref.tell("z")
    await clock.advance(200)
    expect(await Promise.all(answers)).toEqual(["x", "failed", "y"])
    expect(said()).toEqual([
      "0 a starts",
      "10 a starts: done",
      "10 a x",
      "10 a stops",
      "110 a stops: done",
      "110 a restarts",
      "120 a restarts: done",
      "120 a starts",
      "130 a starts: done",
      "130 a y",
      "130 a z",
    ])
    expect(app.get("/app/a")).toBe(ref)
  })

  it("is overtaken by a stop: no new instance is made, and what was queued is lost as dead letters and refused asks", async () => {
    const { clock, app, said, spawn } = setUp(oneForOne())
    const ref = spawn("a", { stop: 100 })
    void ref.tell("crash")
    const asked = expect(ref.ask("x")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    void ref.tell("y")
    await clock.advance(50)
    const stopped = ref.stop()
    await asked
    await clock.advance(50)
    await stopped
    expect(said()).toEqual(["0 a starts", "0 a stops", "100 a stops: done"])
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, deadLetters: 1 })
  })

  it("is stopped between onRestart and onStarted: the new instance has its last hook, and no other", async () => {
    const { clock, app, said, spawn } = setUp(oneForOne())
    const ref = spawn("a", { restart: 10 })
    void ref.tell("crash")
    await clock.advance(5)
    const stopped = ref.stop()
    await clock.advance(5)
    await stopped
    expect(said()).toEqual(["0 a starts", "0 a stops", "0 a restarts", "10 a restarts: done", "10 a stops"])
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 0 })
  })
})

describe("all for one", () => {
  it("waits for a sibling that is busy, starting or ending, and restarts each once", async () => {
    const { clock, app, said, spawn } = setUp(allForOne())
    const bad = spawn("bad")
    const busy = spawn("busy")
    await clock.settle()
    const answer = busy.ask("slow")
    const next = busy.ask("next")
    spawn("starting", { start: 20 })
    await clock.advance(5)
    said()
    void bad.tell("crash")
    await clock.advance(20)
    expect(await Promise.all([answer, next])).toEqual(["slow", "next"])
    expect(said()).toEqual([
      "5 bad stops",
      "5 bad restarts",
      "5 bad starts",
      "10 busy slow: done",
      "10 busy stops",
      "10 busy restarts",
      "10 busy starts",
      "10 busy next",
      "20 starting starts: done",
      "20 starting stops",
      "20 starting restarts",
      "20 starting starts",
    ])
    await clock.advance(20)
    expect(app.stats().actors).toBe(3)
  })

  it("leaves alone a sibling that waits to be made, and counts a failure in its backoff as the window says", async () => {
    const { clock, app, said, spawn } = setUp(allForOne({ maxRestarts: 2, backoff: { first: 100 } }))
    const [a] = [spawn("a"), spawn("b")]
    await clock.settle()
    said()
    void a.tell("crash")
    await clock.advance(50)
    spawn("late")
    await clock.advance(49)
    expect(said()).toEqual(["0 a stops", "0 b stops", "50 late starts"])
    void app.get<string>("/app/late")?.tell("crash")
    await clock.advance(1)
    expect(said()).toEqual(["99 late stops", "100 a restarts", "100 a starts", "100 b restarts", "100 b starts"])
    await clock.advance(200)
    expect(said()).toEqual(["299 late restarts", "299 late starts"])
    void a.tell("crash")
    await clock.settle()
    expect(said()).toEqual(["300 a stops", "300 b stops", "300 late stops"])
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
  })

  it("interrupts only what runs: the last hook of an idle sibling may still ask", async () => {
    const { clock, app, spawn } = setUp(allForOne())
    const log: string[] = []
    class Saver extends Actor<string> {
      override onReceive(_message: string) {}
      override async onStopped() {
        log.push(await this.context.ask(echo, "saved"))
      }
    }
    const echo = actor(async (text: string) => text)
    const bad = spawn("bad")
    app.spawn(Saver, "saver")
    await clock.settle()
    void bad.tell("crash")
    await clock.settle()
    expect([log, app.stats().actors]).toEqual([["saved"], 2])
  })

  it("stops all, the busy one interrupted and waited for", async () => {
    const { clock, app, said, spawn } = setUp(allForOne({ decide: () => "stop" }))
    const [bad, busy] = [spawn("bad"), spawn("busy", { stop: 5 })]
    await clock.settle()
    const answer = busy.ask("slow")
    await clock.settle()
    void bad.tell("crash")
    await clock.advance(10)
    expect(await answer).toBe("slow")
    expect(app.stats().actors).toBe(1)
    await clock.advance(5)
    expect(said().slice(3)).toEqual(["0 bad stops", "10 busy slow: done", "10 busy stops", "15 busy stops: done"])
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 0 })
  })
})

describe("the children of a parent that is restarted", () => {
  it("end before it, however slowly; the new parent begins with none, and their names are free", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const log: string[] = []
    class Parent extends Actor<string> {
      override onStarted() {
        log.push(`${clock.now()} parent starts`)
        this.context.spawn(() => new Slow("child", log, clock, { stop: 30 }), "child")
      }
      override onStopped() {
        log.push(`${clock.now()} parent stops`)
      }
      override onReceive(_message: string) {
        throw new Error("crash")
      }
    }
    const parent = app.spawn(Parent, "parent")
    await clock.settle()
    const child = app.get<string, string>("/app/parent/child")
    const lost = expect(child?.ask("slow")).resolves.toBe("slow")
    const never = expect(child?.ask("never")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await clock.settle()
    void parent.tell("crash")
    await clock.advance(100)
    await Promise.all([lost, never])
    expect(log).toEqual([
      "0 parent starts",
      "0 child starts",
      "0 child slow",
      "10 child slow: done",
      "10 child stops",
      "40 child stops: done",
      "40 parent stops",
      "40 parent starts",
      "40 child starts",
    ])
    const second = app.get<string, string>("/app/parent/child")
    expect(second).not.toBe(child)
    await expect(child?.ask("x")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    expect(await second?.ask("x")).toBe("x")
  })
})
