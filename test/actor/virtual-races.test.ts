import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, afterIdle, oneTime, type RegistryStore, VirtualActors } from "troupe/actor"
import { AbortedError, FaultError } from "../../src/data/fault.js"
import { type VirtualClock, virtualClock } from "../../src/testing/virtual-clock.js"

const after = (clock: VirtualClock, ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve))

interface Takes {
  readonly put?: number
  readonly start?: number
  readonly stop?: number
  readonly work?: number
  readonly idle?: number
  readonly deactivate?: boolean
}

/** A class of actors that save how often they were told to count; every hook and message takes as long as it says. */
function saving(clock: VirtualClock, takes: Takes = {}) {
  const saved = new Map<string, number>()
  const seen: string[] = []
  class Saver extends Actor<string, number> {
    #n = 0
    override async onStarted() {
      seen.push("start")
      if (takes.start !== undefined) await after(clock, takes.start)
      this.#n = saved.get(this.context.path) ?? 0
    }
    override async onReceive(message: string) {
      seen.push(message)
      if (takes.work !== undefined) await after(clock, takes.work)
      return ++this.#n
    }
    override async onStopped() {
      seen.push("stop")
      if (takes.stop !== undefined) await after(clock, takes.stop)
      saved.set(this.context.path, this.#n)
      seen.push("saved")
    }
    override stopPolicy = () => afterIdle(takes.idle ?? 60_000)
  }
  return { Saver, saved, seen }
}

/** Ends a system whose actors take their time. */
async function close(app: ActorSystem, clock: VirtualClock): Promise<void> {
  const ended = app.shutdown()
  await clock.advance(1_000)
  await ended
}

function setUp(store?: RegistryStore) {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const virtual = new VirtualActors(app, store === undefined ? {} : { store })
  return { clock, app, virtual }
}

/** How a promise stands after a while. */
const standing = async (promise: Promise<unknown>): Promise<unknown> => {
  const waiting = Symbol("waiting")
  const ended = await Promise.race([promise.catch((error: unknown) => error), tick().then(() => waiting)])
  return ended === waiting ? "waiting" : ended
}
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const unavailable = (retry: string): unknown =>
  expect.objectContaining({ fault: expect.objectContaining({ _tag: "Unavailable", retry }) })

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
