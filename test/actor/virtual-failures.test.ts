import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, oneTime, type RegistryStore, VirtualActors } from "troupe/actor"
import { FaultError } from "../../src/data/fault.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { after, saving, setUp, standing, unavailable } from "./virtual-savers.js"

describe("messages that an activation did not take", () => {
  it("go to the next: one for each message, of an actor that takes one", async () => {
    const { clock, app, virtual } = setUp()
    let made = 0
    class Once extends Actor<string, string> {
      readonly #number = ++made
      override onReceive = (message: string) => `${message}${this.#number}`
      override stopPolicy = () => oneTime
    }
    const answers = await Promise.all(["a", "b", "c"].map((message) => virtual.ask(Once, "x", message)))
    expect(answers).toEqual(["a1", "b2", "c3"])
    await clock.settle()
    expect(app.stats().actors).toBe(0)
    await app.shutdown()
  })

  it("fail when it ended before its first one, and nothing goes on for ever", async () => {
    const { clock, app, virtual } = setUp()
    let made = 0
    const broken = new Error("no database")
    class Broken extends Actor<string, string> {
      override onStarted() {
        made++
        throw broken
      }
      override onReceive = (message: string) => message
    }
    const letters: unknown[] = []
    app.deadLetters.subscribe(({ to, message, reason }) => letters.push([to, message, reason]))
    virtual.tell(Broken, "x", "told")
    const asked = virtual.ask(Broken, "x", "asked")
    await expect(asked).rejects.toEqual(unavailable("no"))
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining("no database"), cause: broken })
    expect(letters).toEqual([["/app/virtual/Broken/x", "told", "stopped"]])
    expect(made).toBe(4)
    await clock.settle()
    expect(virtual.isActive(Broken, "x")).toBe(false)
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0 })
    await app.whenQuiescent()
    await app.shutdown()
  })

  it("fail when it ends itself at once", async () => {
    const { app, virtual } = setUp()
    class Shy extends Actor<string, string> {
      override onStarted() {
        this.context.stopSelf()
      }
      override onReceive = (message: string) => message
    }
    await expect(virtual.ask(Shy, "x", "hello")).rejects.toThrow("/app/virtual/Shy/x ended before its first message")
    await app.shutdown()
  })
})

describe("a store that fails", () => {
  const failing = (how: "throws" | "rejects") => {
    const down = new Error("connection refused")
    const state = { up: false }
    const act = (): void | Promise<void> => {
      if (state.up) return
      if (how === "throws") throw down
      return Promise.reject(down)
    }
    const store: RegistryStore = { put: act, delete: act, listAll: async () => (await act(), []) }
    return { down, state, store }
  }

  it.each(["throws", "rejects"] as const)(
    "%s: the ask fails, nothing is active, and the next try may succeed",
    async (how) => {
      const { down, state, store } = failing(how)
      const { clock, app, virtual } = setUp(store)
      const { Saver, seen } = saving(clock)
      const letters: unknown[] = []
      app.deadLetters.subscribe(({ message }) => letters.push(message))
      const asked = virtual.ask(Saver, "a", "one")
      virtual.tell(Saver, "a", "told")
      await expect(asked).rejects.toBeInstanceOf(FaultError)
      await expect(asked).rejects.toEqual(unavailable("yes"))
      await expect(asked).rejects.toMatchObject({ cause: down })
      await app.whenQuiescent()
      expect(letters).toEqual(["told"])
      expect(seen).toEqual([])
      expect(app.stats()).toMatchObject({ actors: 0, asks: 0 })
      expect(virtual.isActive(Saver, "a")).toBe(false)
      await expect(virtual.knownIds(Saver)).rejects.toEqual(unavailable("yes"))
      await expect(virtual.deactivate(Saver, "a", { forget: true })).rejects.toEqual(unavailable("yes"))
      state.up = true
      expect(await virtual.ask(Saver, "a", "one")).toBe(1)
      await virtual.deactivate(Saver, "a", { forget: true })
      await app.shutdown()
    },
  )

  it("while somebody deactivates: that resolves, and what came later tries again", async () => {
    const down = new Error("down")
    let puts = 0
    const clock = virtualClock()
    const put = async () => {
      await after(clock, 10)
      if (++puts === 1) throw down
    }
    const app = new ActorSystem("app", { clock })
    const virtual = new VirtualActors(app, { store: { put, delete: () => {}, listAll: () => [] } })
    const { Saver } = saving(clock)
    const first = standing(virtual.ask(Saver, "a", "one"))
    const done = virtual.deactivate(Saver, "a")
    const second = virtual.ask(Saver, "a", "two")
    await clock.advance(20)
    await done
    await first
    expect(await second).toBe(1)
    await app.shutdown()
  })
})
