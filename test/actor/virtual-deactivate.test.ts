import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, type RegistryStore, VirtualActors } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { after, close, saving, setUp } from "./virtual-savers.js"

describe("a deactivation", () => {
  it("during an ask lets it, and all that came before, be answered first", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { work: 10 })
    const answers = Promise.all(["one", "two", "three"].map((message) => virtual.ask(Saver, "a", message)))
    await clock.advance(5)
    const done = virtual.deactivate(Saver, "a").then(() => virtual.isActive(Saver, "a"))
    await clock.advance(100)
    expect(await answers).toEqual([1, 2, 3])
    expect(await done).toBe(false)
    expect(seen).toEqual(["start", "one", "two", "three", "stop", "saved"])
    await app.shutdown()
  })

  it("keeps later ones for the next", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { work: 10 })
    const before = virtual.ask(Saver, "a", "before")
    const done = virtual.deactivate(Saver, "a")
    const later = virtual.ask(Saver, "a", "later")
    await clock.advance(100)
    await done
    expect(await Promise.all([before, later])).toEqual([1, 2])
    expect(seen).toEqual(["start", "before", "stop", "saved", "start", "later"])
    await app.shutdown()
  })

  it.each([
    ["the store is asked", 0],
    ["the actor works", 15],
  ])("is not quiescent while something waits for it to end, also if that came while %s", async (_, ms) => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const virtual = new VirtualActors(app, {
      store: { put: () => after(clock, 10), delete: () => {}, listAll: () => [] },
    })
    const { Saver, seen } = saving(clock, { work: 10, stop: 50 })
    virtual.tell(Saver, "a", "before")
    await clock.advance(ms)
    const done = virtual.deactivate(Saver, "a")
    virtual.tell(Saver, "a", "later")
    await clock.advance(30)
    expect(seen.at(-1)).toBe("stop")
    const quiet = app.whenQuiescent().then(() => [...seen])
    await clock.advance(1_000)
    await done
    expect((await quiet).at(-1)).toBe("later")
    await close(app, clock)
  })

  it("that others ask for, of the actor itself, loses nothing either", async () => {
    const { app, virtual } = setUp()
    let made = 0
    class Plain extends Actor<string, string> {
      readonly #number = ++made
      override onReceive = (message: string) => `${message}${this.#number}`
    }
    expect(await virtual.ask(Plain, "x", "a")).toBe("a1")
    const answer = virtual.ask(Plain, "x", "b")
    const stopped = app.get("/app/virtual/Plain/x")?.stop()
    expect(await answer).toBe("b2")
    await stopped
    expect(await virtual.ask(Plain, "x", "c")).toBe("c2")
    await app.shutdown()
  })

  it("during the start waits for it, and for its first message", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { start: 10 })
    const answer = virtual.ask(Saver, "a", "one")
    await clock.advance(5)
    const done = virtual.deactivate(Saver, "a")
    await clock.advance(10)
    await done
    expect(await answer).toBe(1)
    expect(seen).toEqual(["start", "one", "stop", "saved"])
    await app.shutdown()
  })

  it("while the store is slow waits for it", async () => {
    const { clock, app, virtual } = setUp({ put: () => after(clockOf(), 100), delete: () => {}, listAll: () => [] })
    function clockOf() {
      return clock
    }
    const { Saver, seen } = saving(clock)
    const answer = virtual.ask(Saver, "a", "one")
    const done = virtual.deactivate(Saver, "a")
    await clock.advance(99)
    expect(seen).toEqual([])
    expect(virtual.isActive(Saver, "a")).toBe(false)
    await clock.advance(1)
    await done
    expect(await answer).toBe(1)
    expect(virtual.isActive(Saver, "a")).toBe(false)
    await app.shutdown()
  })

  it("of the same actor may be asked for more than once, and of none", async () => {
    const { clock, app, virtual } = setUp()
    const { Saver, seen } = saving(clock, { stop: 10 })
    await virtual.deactivate(Saver, "a")
    await virtual.deactivate(Saver, "a", { forget: true })
    await virtual.ask(Saver, "a", "one")
    const all = Promise.all([virtual.deactivate(Saver, "a"), virtual.deactivate(Saver, "a"), virtual.deactivateAll()])
    await clock.advance(10)
    await all
    expect(seen).toEqual(["start", "one", "stop", "saved"])
    await app.shutdown()
  })

  it("from within does not deadlock: what is told meanwhile is for the next", async () => {
    const { clock, app, virtual } = setUp()
    const seen: string[] = []
    class Selfish extends Actor<string> {
      override onReceive(message: string) {
        seen.push(message)
        if (message !== "go") return
        void virtual.deactivate(Selfish, "a")
        virtual.tell(Selfish, "a", "later")
      }
      override onStopped() {
        seen.push("stop")
      }
    }
    virtual.tell(Selfish, "a", "go")
    await clock.settle()
    expect(seen).toEqual(["go", "stop", "later"])
    await app.shutdown()
  })

  it("that forgets keeps an ask that comes meanwhile, and knows its id again", async () => {
    const keys = new Set<string>()
    const seen: string[] = []
    const clock = virtualClock()
    const store: RegistryStore = {
      put: async (key) => {
        await after(clock, 10)
        keys.add(key)
      },
      delete: async (key) => {
        await after(clock, 10)
        keys.delete(key)
        seen.push("deleted")
      },
      listAll: () => [...keys],
    }
    const app = new ActorSystem("app", { clock })
    const virtual = new VirtualActors(app, { store })
    const { Saver } = saving(clock)
    virtual.tell(Saver, "a", "one")
    await clock.advance(10)
    const done = virtual.deactivate(Saver, "a", { forget: true }).then(() => seen.push("done"))
    await clock.advance(5)
    const answer = virtual.ask(Saver, "a", "two").then(() => seen.push("answered"))
    await clock.advance(20)
    await Promise.all([done, answer])
    expect(seen).toEqual(["deleted", "done", "answered"])
    expect(await virtual.knownIds(Saver)).toEqual(["a"])
    await app.shutdown()
  })
})
