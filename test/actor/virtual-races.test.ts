import { describe, expect, it } from "vitest"
import { ActorSystem, VirtualActors } from "troupe/actor"
import { AbortedError } from "../../src/data/fault.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { after, close, saving, setUp, standing, type Takes, unavailable } from "./virtual-savers.js"

describe("an ask during deactivation", () => {
  it("waits for onStopped, and sees what that saved", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { stop: 100 })
    await virtual.ask(Saver, "a", "one")
    const done = virtual.deactivate(Saver, "a")
    await clock.advance(50)
    const answer = virtual.ask(Saver, "a", "two")
    expect(virtual.isActive(Saver, "a")).toBe(true)
    expect(await standing(answer)).toBe("waiting")
    expect(await standing(app.whenQuiescent())).toBe("waiting")
    await clock.advance(50)
    expect(await answer).toBe(2)
    await done
    expect(seen).toEqual(["start", "one", "stop", "saved", "start", "two"])
    await close(app, clock)
  })

  it("is answered by the next one also when the old one ends because it is idle", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { stop: 100, idle: 10 })
    await virtual.ask(Saver, "a", "one")
    await clock.advance(10)
    expect(seen.at(-1)).toBe("stop")
    const answers = Promise.all(["two", "three"].map((message) => virtual.ask(Saver, "a", message)))
    await clock.advance(100)
    expect(await answers).toEqual([2, 3])
    expect(seen).toEqual(["start", "one", "stop", "saved", "start", "two", "three"])
    await close(app, clock)
  })

  it("may be given up, or run out of time, while it waits", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { stop: 100 })
    await virtual.ask(Saver, "a", "one")
    void virtual.deactivate(Saver, "a")
    const abort = new AbortController()
    const givenUp = virtual.ask(Saver, "a", "two", { signal: abort.signal })
    const late = virtual.ask(Saver, "a", "three", { timeout: 20 })
    abort.abort("enough")
    expect(await standing(givenUp)).toBeInstanceOf(AbortedError)
    const settled = standing(late)
    await clock.advance(20)
    await settled
    await expect(late).rejects.toMatchObject({ fault: { _tag: "TimedOut", after: 20 } })
    await clock.advance(100)
    expect(seen).not.toContain("two")
    expect(seen).not.toContain("three")
    await close(app, clock)
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0 })
  })
})

describe("a shutdown", () => {
  it.each([
    ["the store is asked", { put: 50, deactivate: true }],
    ["an actor starts", { start: 50 }],
    ["an actor works", { work: 50 }],
    ["an actor stops", { stop: 50, deactivate: true }],
  ] satisfies Array<[string, Takes]>)(
    "while %s refuses who waits at once, and ends what there is",
    async (_, takes: Takes) => {
      const clock = virtualClock()
      const app = new ActorSystem("app", { clock })
      const put = (): void | Promise<void> => (takes.put === undefined ? undefined : after(clock, takes.put))
      const virtual = new VirtualActors(app, { store: { put, delete: () => {}, listAll: () => [] } })
      const { Saver, seen } = saving(clock, takes)
      virtual.tell(Saver, "a", "one")
      await clock.advance(10)
      const deactivated = takes.deactivate === true ? virtual.deactivate(Saver, "a") : undefined
      const asks = Promise.allSettled(["two", "three"].map((message) => virtual.ask(Saver, "a", message)))
      const ended = app.shutdown()
      expect(await standing(asks)).toEqual(
        Array.from({ length: 2 }, () => ({ status: "rejected", reason: unavailable("no") })),
      )
      await clock.advance(5_000)
      await ended
      await deactivated
      expect(seen.filter((event) => event === "start").length).toBe(seen.filter((event) => event === "saved").length)
      expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0, abandoned: 0 })
      await expect(virtual.ask(Saver, "b", "one")).rejects.toEqual(unavailable("no"))
      await virtual.deactivateAll()
    },
  )
})
