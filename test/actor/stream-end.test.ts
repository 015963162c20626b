import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, Cancel, oneTime } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const setUp = () => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const idle = { actors: 1, timers: 0, asks: 0, abandoned: 0, deadLetters: 0 }
  return { clock, app, idle }
}

/** Counts, and keeps a diary of what it made. */
const counting = (kind: "sync" | "async", diary: string[] = []) =>
  kind === "sync"
    ? actor(function* (to: number) {
        try {
          for (let n = 1; n <= to; n++) {
            diary.push(`made ${n}`)
            yield n
          }
          return "counted"
        } finally {
          diary.push("finally")
        }
      })
    : actor(async function* (to: number) {
        try {
          for (let n = 1; n <= to; n++) {
            diary.push(`made ${n}`)
            yield n
          }
          return "counted"
        } finally {
          await Promise.resolve()
          diary.push("finally")
        }
      })

const kinds = ["sync", "async"] as const

describe("the end of a stream", () => {
  it.each(kinds)("runs the finally of a generator whose reader leaves (%s)", async (kind) => {
    const { app, idle } = setUp()
    const diary: string[] = []
    const ref = app.spawn(counting(kind, diary))
    for await (const n of ref.askStream(100, { readAhead: 2 })) if (n === 3) break
    expect(diary.at(-1)).toBe("finally")
    expect(diary.length).toBeLessThanOrEqual(6)
    expect(app.stats()).toEqual(idle)
    {
      await using stream = ref.askStream(100)
      expect(await stream.next()).toEqual({ done: false, value: 1 })
    }
    expect(diary.filter((line) => line === "finally")).toHaveLength(2)
    expect(await ref.ask(1)).toBe("counted")
  })

  it("does not wait for a chunk that is made ahead, and drops it", async () => {
    const { app, clock } = setUp()
    const diary: string[] = []
    const slow = app.spawn(
      actor(async function* (to: number) {
        try {
          for (let n = 1; n <= to; n++) {
            yield n
            await new Promise<void>((resolve) => clock.after(1_000, resolve))
          }
        } finally {
          diary.push("finally")
        }
      }),
    )
    for await (const _ of slow.askStream(5)) break
    expect(diary).toEqual([])
    const next = slow.ask(0)
    await clock.advance(1_000)
    expect(diary).toEqual(["finally", "finally"])
    await next
  })

  it("never begins what was left before its turn", async () => {
    const { app, clock, idle } = setUp()
    const diary: string[] = []
    const ref = app.spawn(counting("sync", diary))
    const stream = ref.askStream(3)
    expect(await stream.return("left")).toEqual({ done: true, value: "left" })
    await clock.settle()
    expect([diary, app.stats()]).toEqual([[], idle])
  })

  it("passes on the very error, after the chunks that came before it", async () => {
    const { app, clock } = setUp()
    const error = new Error("broken")
    const ref = app.spawn(
      actor(function* (n: number): Generator<number, void> {
        yield n
        yield n + 1
        throw error
      }),
      "breaks",
    )
    const stream = ref.askStream(1)
    await clock.settle()
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    expect(await stream.next()).toEqual({ done: false, value: 2 })
    await expect(stream.next()).rejects.toBe(error)
    await expect(stream.next()).rejects.toBe(error)
    await expect(ref.ask(1)).rejects.toBe(error)
  })

  it("throws to the one who leaves what the finally throws, and fails the actor", async () => {
    for (const kind of kinds) {
      const { app } = setUp()
      const starts: number[] = []
      class Bad extends Actor<string, void, number> {
        override onStarted() {
          starts.push(starts.length)
        }
        override onReceive(_message: string) {
          return kind === "sync" ? this.#sync() : this.#later()
        }
        *#sync() {
          try {
            yield 1
          } finally {
            this.#fail()
          }
        }
        async *#later() {
          try {
            yield 1
          } finally {
            await Promise.resolve()
            this.#fail()
          }
        }
        #fail() {
          throw new Error("last words")
        }
      }
      const stream = app.spawn(Bad).askStream("x", { readAhead: 0 })
      await stream.next()
      await expect(stream.return()).rejects.toThrow("last words")
      await app.whenQuiescent()
      expect(starts).toEqual([0, 1])
    }
  })

  it("fails at its deadline and when aborted, ends the generator, and leaves no timer or listener", async () => {
    for (const how of ["timeout", "signal", "cancel"] as const) {
      const { app, clock, idle } = setUp()
      const diary: string[] = []
      const ref = app.spawn(counting("async", diary))
      const controller = new AbortController()
      const cancel = new Cancel()
      const stream = ref.askStream(100, { timeout: 50, signal: controller.signal, cancel, readAhead: 3 })
      expect(await stream.next()).toEqual({ done: false, value: 1 })
      await clock.settle()
      if (how === "timeout") await clock.advance(50)
      else if (how === "signal") controller.abort("enough")
      else cancel.cancel("enough")
      // What had gathered is lost: whoever gave up wants no more.
      await expect(stream.next()).rejects.toMatchObject(
        how === "timeout" ? { fault: { _tag: "TimedOut", after: 50 } } : { name: "AbortedError", reason: "enough" },
      )
      await clock.settle()
      expect(diary.at(-1)).toBe("finally")
      expect(app.stats()).toEqual(idle)
      expect(clock.pending).toBe(0)
      controller.abort("late")
      cancel.cancel("late")
      expect(await ref.ask(1)).toBe("counted")
      const early = ref.askStream(1, { signal: controller.signal })
      await expect(early.next()).rejects.toMatchObject({ name: "AbortedError" })
    }
  })

  it("ends the generator of an ask that is given up", async () => {
    const { app, clock } = setUp()
    const diary: string[] = []
    const endless = app.spawn(
      actor(async function* (ms: number) {
        try {
          for (;;) {
            await new Promise<void>((resolve) => clock.after(ms, resolve))
            yield "tick"
          }
        } finally {
          diary.push("finally")
        }
      }),
    )
    const answer = endless.ask(10, { timeout: 25 })
    const outcome = expect(answer).rejects.toMatchObject({ fault: { _tag: "TimedOut" } })
    await clock.advance(25)
    await outcome
    expect(diary).toEqual([])
    await clock.advance(5)
    expect(diary).toEqual(["finally"])
    expect(app.stats()).toMatchObject({ asks: 0, timers: 0 })
  })

  it("may be ended by its own generator", async () => {
    const { app, clock } = setUp()
    const cancel = new Cancel()
    const diary: string[] = []
    const ref = app.spawn(
      actor(function* (_message: string) {
        try {
          yield 1
          cancel.cancel("from within")
          diary.push("goes on to its next chunk")
          yield 2
          diary.push("never")
        } finally {
          diary.push("finally")
        }
      }),
    )
    const stream = ref.askStream("x", { cancel, readAhead: 0 })
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    await expect(stream.next()).rejects.toMatchObject({ reason: "from within" })
    await clock.settle()
    expect(diary).toEqual(["goes on to its next chunk", "finally"])
  })

  it("counts as the one message of an actor that ends after it", async () => {
    for (const leaves of [true, false]) {
      const { app, clock } = setUp()
      class Once extends Actor<number, void, number> {
        override *onReceive(n: number) {
          yield n
          yield n + 1
        }
        override stopPolicy() {
          return oneTime
        }
      }
      const stream = app.spawn(Once).askStream(1, { readAhead: 0 })
      expect(await stream.next()).toEqual({ done: false, value: 1 })
      expect(app.stats().actors).toBe(1)
      if (leaves) await stream.return()
      else for await (const n of stream) expect(n).toBe(2)
      await clock.settle()
      expect(app.stats().actors).toBe(0)
    }
  })
})
