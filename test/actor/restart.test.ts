import { describe, expect, it } from "vitest"
import {
  Actor,
  ActorFailed,
  type ActorRef,
  ActorSystem,
  type ActorSource,
  allForOne,
  type Directive,
  oneForOne,
  type Strategy,
} from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

/** A parent of children that the test names, with a strategy that the test gives. */
class Parent extends Actor<string, string> {
  readonly #strategy: Strategy
  readonly #children: Readonly<Record<string, ActorSource<never, unknown>>>
  readonly #log: string[]
  constructor(strategy: Strategy, children: Readonly<Record<string, ActorSource<never, unknown>>>, log: string[]) {
    super()
    this.#strategy = strategy
    this.#children = children
    this.#log = log
  }
  override onStarted() {
    this.#log.push("parent started")
    for (const [name, source] of Object.entries(this.#children)) this.context.spawn(source, name)
  }
  override onStopped() {
    this.#log.push("parent stopped")
  }
  override onReceive(text: string) {
    if (text === "crash") throw new Error("parent crash")
    return text
  }
  override supervisorStrategy() {
    return this.#strategy
  }
}

/** Counts its messages since it was made, and logs its life. */
class Logged extends Actor<string, number> {
  readonly #name: string
  readonly #log: string[]
  readonly #slow: boolean
  #n = 0
  constructor(name: string, log: string[], slow = false) {
    super()
    this.#name = name
    this.#log = log
    this.#slow = slow
    log.push(`${name} made`)
  }
  override async onStopped() {
    this.#log.push(`${this.#name} stopping`)
    if (this.#slow) await new Promise<void>((resolve) => setImmediate(resolve))
    this.#log.push(`${this.#name} stopped`)
  }
  override onRestart(error: unknown) {
    this.#log.push(`${this.#name} restart ${error instanceof Error ? error.message : String(error)}`)
  }
  override onStarted() {
    this.#log.push(`${this.#name} started`)
  }
  override onReceive(text: string) {
    if (text === "crash") throw new Error("crash")
    return ++this.#n
  }
}

const setUp = async (strategy: Strategy, children: Readonly<Record<string, ActorSource<never, unknown>>>) => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const log: string[] = []
  const failures: Array<readonly [string, Directive]> = []
  app.bus.subscribe(ActorFailed, ({ path, directive }) => {
    failures.push([path, directive])
  })
  app.spawn(() => new Parent(strategy, children, log), "parent")
  await clock.settle()
  const child = (name: string): ActorRef<string, number> => {
    const ref = app.get<string, number>(`/app/parent/${name}`)
    if (ref === undefined) throw new Error(`no ${name}`)
    return ref
  }
  return { clock, app, log, failures, child }
}

describe("restart", () => {
  it("keeps the ref and the queue, tells the asker, and calls the hooks in order, one instance at a time", async () => {
    const log: string[] = []
    const { clock, child, app, failures } = await setUp(oneForOne(), { c: () => new Logged("c", log, true) })
    const ref = child("c")
    await ref.ask("x")
    const bad = ref.ask("crash")
    const good = [ref.ask("a"), ref.ask("b")]
    await expect(bad).rejects.toThrow("crash")
    expect(await Promise.all(good)).toEqual([1, 2])
    await clock.settle()
    expect(log).toEqual(["c made", "c started", "c stopping", "c stopped", "c made", "c restart crash", "c started"])
    expect(failures).toEqual([["/app/parent/c", "restart"]])
    expect(app.stats()).toMatchObject({ actors: 2, deadLetters: 0 })
  })

  it("gives the asker the very error", async () => {
    const { child } = await setUp(oneForOne({ decide: () => "resume" }), {
      c: () => new Odd(),
    })
    await expect(child("c").ask("x")).rejects.toBe(odd)
  })

  it("resume keeps the state", async () => {
    const { child } = await setUp(oneForOne({ decide: () => "resume" }), { c: () => new Logged("c", []) })
    await child("c").ask("x")
    await expect(child("c").ask("crash")).rejects.toThrow("crash")
    expect(await child("c").ask("x")).toBe(2)
  })

  it("stop ends the child, after so many restarts as well", async () => {
    const { child, app, clock } = await setUp(oneForOne({ maxRestarts: 1 }), { c: () => new Logged("c", []) })
    const ref = child("c")
    void ref.tell("crash")
    void ref.tell("crash")
    void ref.tell("x")
    await clock.settle()
    expect(app.get("/app/parent/c")).toBeUndefined()
    expect(app.stats()).toMatchObject({ actors: 1, deadLetters: 1 })
  })

  it("waits for its backoff, and handles what came meanwhile", async () => {
    const { child, clock, app } = await setUp(oneForOne({ backoff: { first: 100 } }), { c: () => new Logged("c", []) })
    const ref = child("c")
    void ref.tell("crash")
    const answer = ref.ask("x")
    let quiet = false
    void app.whenQuiescent().then(() => {
      quiet = true
    })
    await clock.advance(99)
    expect([app.stats().asks, quiet]).toEqual([1, false])
    await clock.advance(1)
    expect(await answer).toBe(1)
    await clock.settle()
    expect(quiet).toBe(true)
  })

  it("can be stopped while it waits for its backoff", async () => {
    const { child, clock, app } = await setUp(oneForOne({ backoff: { first: 100 } }), { c: () => new Logged("c", []) })
    const ref = child("c")
    void ref.tell("crash")
    await clock.settle()
    await ref.stop()
    expect(clock.pending).toBe(0)
    expect(app.stats().actors).toBe(1)
  })

  it("allForOne restarts the siblings, a busy one when its handler has ended", async () => {
    const log: string[] = []
    let release = (): void => {}
    class Busy extends Actor<string, string> {
      override async onReceive(text: string) {
        this.context.signal.addEventListener("abort", () => log.push("busy aborted"))
        await new Promise<void>((resolve) => {
          release = resolve
        })
        log.push("busy done")
        return text
      }
      override onStopped() {
        log.push("busy stopped")
      }
      override onRestart() {
        log.push("busy restarted")
      }
    }
    const { app, child, clock } = await setUp(allForOne(), { a: () => new Logged("a", []), busy: Busy })
    const answer = app.ask<string>("/app/parent/busy", "kept")
    await clock.settle()
    void child("a").tell("crash")
    await clock.settle()
    expect(log).toEqual(["busy aborted"])
    release()
    expect(await answer).toBe("kept")
    await clock.settle()
    expect(log).toEqual(["busy aborted", "busy done", "busy stopped", "busy restarted"])
    expect(app.stats().actors).toBe(3)
  })

  it("allForOne counts the restarts of all together", async () => {
    const children = { a: () => new Logged("a", []), b: () => new Logged("b", []) }
    const { app, child, clock } = await setUp(allForOne({ maxRestarts: 1 }), children)
    void child("a").tell("crash")
    await clock.settle()
    expect(app.stats().actors).toBe(3)
    void child("b").tell("crash")
    await clock.settle()
    expect(app.stats().actors).toBe(1)
  })

  it("restarts the children of a restarted parent with it", async () => {
    const log: string[] = []
    const { app, clock, log: parentLog } = await setUp(oneForOne(), { c: () => new Logged("c", log) })
    await expect(app.ask("/app/parent", "crash")).rejects.toThrow("parent crash")
    await clock.settle()
    expect(parentLog).toEqual(["parent started", "parent stopped", "parent started"])
    expect(log).toEqual(["c made", "c started", "c stopping", "c stopped", "c made", "c started"])
    expect(app.stats().actors).toBe(2)
  })

  it("survives a throw in each hook", async () => {
    for (const hook of ["constructor", "onStarted", "onRestart", "onStopped", "stopPolicy"] as const) {
      const { app, clock, failures } = await setUp(oneForOne({ maxRestarts: 2 }), { c: () => new Fragile(hook) })
      void app.get<string>("/app/parent/c")?.tell("crash")
      await clock.settle()
      expect(failures[0]).toEqual(["/app/parent/c", "restart"])
      expect(failures).toHaveLength(hook === "onStopped" ? 2 : 3)
      expect(app.stats().actors).toBe(hook === "onStopped" ? 2 : 1)
      await app.shutdown()
      expect(app.stats()).toMatchObject({ actors: 0, timers: 0, asks: 0, abandoned: 0 })
    }
  })

  it("is stopped when asked to during a slow start", async () => {
    let release = (): void => {}
    const log: string[] = []
    class SlowStart extends Actor<string> {
      override onStarted() {
        return new Promise<void>((resolve) => {
          release = resolve
        })
      }
      override onReceive(_message: string) {
        log.push("received")
      }
      override onStopped() {
        log.push("stopped")
      }
    }
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const ref = app.spawn(SlowStart)
    void ref.tell("x")
    await clock.settle()
    const ended = ref.stop()
    expect(app.stats().actors).toBe(1)
    release()
    await ended
    expect(log).toEqual(["stopped"])
    expect(app.stats()).toMatchObject({ actors: 0, deadLetters: 1 })
  })
})

const odd = { not: "an error" }
class Odd extends Actor<string, number> {
  override onReceive(_message: string): number {
    // oxlint-disable-next-line typescript/only-throw-error -- whatever is thrown reaches the asker as it is
    throw odd
  }
}

class Fragile extends Actor<string> {
  readonly #hook: string
  constructor(hook: string) {
    super()
    this.#hook = hook
    this.#at("constructor")
  }
  #at(hook: string) {
    if (hook === this.#hook) throw new Error(hook)
  }
  override onStarted() {
    this.#at("onStarted")
  }
  override onRestart() {
    this.#at("onRestart")
  }
  override onStopped() {
    this.#at("onStopped")
  }
  override stopPolicy() {
    this.#at("stopPolicy")
    return super.stopPolicy()
  }
  override onReceive(text: string) {
    if (text === "crash") throw new Error("crash")
  }
}
