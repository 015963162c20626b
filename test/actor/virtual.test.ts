import { describe, expect, it } from "vitest"
import * as fc from "fast-check"
import { Actor, ActorSystem, actor, afterIdle, memoryStore, VirtualActors } from "troupe/actor"
import { decodeKey, encodeKey } from "../../src/actor/key.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const idOf = (path: string): string => decodeKey(path.slice(path.lastIndexOf("/") + 1))

/** Counts, and says who it is. */
class Counter extends Actor<"inc" | "get" | "who", number | string> {
  #n = 0
  override onReceive(message: "inc" | "get" | "who") {
    if (message === "inc") this.#n++
    return message === "who" ? idOf(this.context.path) : this.#n
  }
}

describe("virtual actors", () => {
  it("are made once, however many ask at once", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app, { store: slowly() })
    const answers = Promise.all(Array.from({ length: 50 }, () => virtual.ask(Counter, "a", "inc")))
    virtual.tell(Counter, "a", "inc")
    await answers.then((all) => expect(all).toEqual(Array.from({ length: 50 }, (_, i) => i + 1)))
    expect(await virtual.ask(Counter, "a", "get")).toBe(51)
    expect(app.stats().actors).toBe(1)
    await app.shutdown()
  })

  it("live at a path by class and id, and are looked up there", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app)
    await virtual.ask(Counter, "session-1", "inc")
    expect(app.get("/app/virtual/Counter/session-1")?.path).toBe("/app/virtual/Counter/session-1")
    expect(await app.ask("/app/virtual/Counter/session-1", "get")).toBe(1)
    expect(app.get("/app/virtual/Counter")).toBeUndefined()
    expect(app.get("/app/virtual/Counter/session-2")).toBeUndefined()
    await app.shutdown()
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0 })
  })

  it("end when idle, and begin anew when asked", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const virtual = new VirtualActors(app)
    class Idle extends Counter {
      override stopPolicy = () => afterIdle(1_000)
    }
    await virtual.ask(Idle, "a", "inc")
    await clock.advance(999)
    expect(virtual.isActive(Idle, "a")).toBe(true)
    await clock.advance(1)
    expect(virtual.isActive(Idle, "a")).toBe(false)
    expect(app.stats().actors).toBe(0)
    expect(await virtual.ask(Idle, "a", "get")).toBe(0)
    expect(await virtual.knownIds(Idle)).toEqual(["a"])
    await app.shutdown()
  })

  it("of two classes do not meet, of one name neither", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app)
    const twin = () => {
      class Counter extends Actor<"inc", number> {
        #n = 100
        override onReceive = () => ++this.#n
      }
      return Counter
    }
    const [Second, Third] = [twin(), twin()]
    expect(await virtual.ask(Counter, "a", "inc")).toBe(1)
    expect(await virtual.ask(Second, "a", "inc")).toBe(101)
    expect(await virtual.ask(Third, "b", "inc")).toBe(101)
    expect(await virtual.ask(Counter, "a", "inc")).toBe(2)
    expect(await virtual.knownIds(Second)).toEqual(["a"])
    expect(await virtual.knownIds(Third)).toEqual(["b"])
    expect(app.get("/app/virtual/Counter~2/a")).toBeDefined()
    expect(app.get("/app/virtual/Counter~3/b")).toBeDefined()
    await virtual.deactivate(Second, "a")
    expect([virtual.isActive(Counter, "a"), virtual.isActive(Second, "a")]).toEqual([true, false])
    await app.shutdown()
  })

  it("may be functions, each being a class of its own", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app)
    const double = actor((n: number) => n * 2)
    expect(await virtual.ask(double, "a", 21)).toBe(42)
    expect(
      await virtual.ask(
        actor((n: number) => n * 3),
        "a",
        2,
      ),
    ).toBe(6)
    expect(await virtual.knownIds(double)).toEqual(["a"])
    await app.shutdown()
  })

  it("take any text as id", () =>
    fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyText, { maxLength: 8 }), async (ids) => {
        const app = new ActorSystem("app", { clock: virtualClock() })
        const virtual = new VirtualActors(app)
        const who = await Promise.all(ids.map((id) => virtual.ask(Counter, id, "who")))
        expect(who).toEqual(ids)
        expect(app.stats().actors).toBe(ids.length)
        expect(await virtual.knownIds(Counter)).toEqual([...ids].sort())
        for (const id of ids) expect(app.get(`/app/virtual/Counter/${encodeKey(id)}`)).toBeDefined()
        await app.shutdown()
      }),
    ))

  it("have keys that every store keeps as they are", () =>
    fc.assert(
      fc.property(anyText, (id) => {
        const key = encodeKey(id)
        expect(decodeKey(key)).toBe(id)
        expect(key).not.toMatch(/^$|^\$|[/#!~@:[\]]|\p{Cc}|\p{Cs}/u)
        expect(Buffer.from(key, "utf8").toString("utf8")).toBe(key)
      }),
    ))

  it("are known to another process that has the same store", async () => {
    const store = memoryStore()
    const first = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(first, { store })
    class Other extends Counter {}
    await Promise.all(["b", "a", "x/y"].map((id) => virtual.ask(Counter, id, "inc")))
    await virtual.ask(Other, "c", "inc")
    await virtual.deactivate(Counter, "b")
    await first.shutdown()
    const second = new ActorSystem("app", { clock: virtualClock() })
    const later = new VirtualActors(second, { store })
    expect(await later.knownIds(Counter)).toEqual(["a", "b", "x/y"])
    expect(await later.knownIds(Other)).toEqual(["c"])
    expect(later.isActive(Counter, "a")).toBe(false)
    expect(await later.ask(Counter, "a", "get")).toBe(0)
    await later.deactivate(Counter, "a", { forget: true })
    await later.deactivate(Counter, "b", { forget: true })
    expect(await later.knownIds(Counter)).toEqual(["x/y"])
    await second.shutdown()
  })

  it("end all at once", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app)
    const stopped: string[] = []
    class Noted extends Counter {
      override async onStopped() {
        await Promise.resolve()
        stopped.push(idOf(this.context.path))
      }
    }
    await Promise.all(["a", "b", "c"].map((id) => virtual.ask(Noted, id, "inc")))
    await virtual.deactivateAll()
    expect(stopped.sort()).toEqual(["a", "b", "c"])
    expect(app.stats().actors).toBe(0)
    await virtual.deactivateAll()
    await app.shutdown()
  })

  it("are supervised as the system says, each alone", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const virtual = new VirtualActors(app)
    class Fragile extends Actor<"inc" | "crash", number> {
      #n = 0
      override onReceive(message: "inc" | "crash") {
        if (message === "crash") throw new Error("crash")
        return ++this.#n
      }
    }
    await Promise.all(["a", "b"].map((id) => virtual.ask(Fragile, id, "inc")))
    await expect(virtual.ask(Fragile, "a", "crash")).rejects.toThrow("crash")
    expect(await virtual.ask(Fragile, "a", "inc")).toBe(1)
    expect(await virtual.ask(Fragile, "b", "inc")).toBe(2)
    // The fourth crash within a minute ends it; who asks then gets another.
    for (let i = 0; i < 3; i++) await expect(virtual.ask(Fragile, "a", "crash")).rejects.toThrow("crash")
    expect(await virtual.ask(Fragile, "a", "inc")).toBe(1)
    await app.shutdown()
  })

  it("have a name of their own in the system", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app)
    expect(() => new VirtualActors(app)).toThrow(TypeError)
    expect(() => app.spawn(Counter, "virtual")).toThrow(/taken/)
    const more = new VirtualActors(app, { name: "more" })
    await Promise.all([virtual.ask(Counter, "a", "inc"), more.ask(Counter, "a", "inc")])
    expect(await app.ask("/app/more/Counter/a", "inc")).toBe(2)
    expect(await app.ask("/app/virtual/Counter/a", "get")).toBe(1)
    await app.shutdown()
  })

  it("are typed by their class", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const virtual = new VirtualActors(app)
    const n: number | string = await virtual.ask(Counter, "a", "inc")
    expect(n).toBe(1)
    // @ts-expect-error no such message
    virtual.tell(Counter, "a", "zap")
    // @ts-expect-error it may answer a text
    const wrong: number = await virtual.ask(Counter, "a", "get")
    expect(wrong).toBe(1)
    await app.shutdown()
  })
})

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "$1", "$", "%", "%25", "..", "/", "a/b", "a%2Fb", "\ud800", "\udc00\ud800", "\0", "~2", "#1"),
  fc.string({ unit: fc.constantFrom("$", "/", "%", "u", "D", "8", "0", "\ud800", "\udbff", "\udc00", "é", "\n") }),
)

/** A store whose answers come in a later microtask. */
function slowly() {
  const store = memoryStore()
  return {
    put: async (key: string) => store.put(key),
    delete: async (key: string) => store.delete(key),
    listAll: async () => store.listAll(),
  }
}
