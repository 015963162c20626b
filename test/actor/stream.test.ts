import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ActorSystem, actor, bounded } from "troupe/actor"
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

describe("askStream", () => {
  it.each(kinds)("gives the chunks of a generator in order, then the answer, again and again (%s)", async (kind) => {
    const { app, idle } = setUp()
    const stream = app.spawn(counting(kind)).askStream(12)
    expect(app.stats().asks).toBe(1)
    const chunks: number[] = []
    for (;;) {
      const step = await stream.next()
      if (step.done === true) {
        expect(step.value).toBe("counted")
        break
      }
      chunks.push(step.value)
    }
    expect(chunks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(await stream.next()).toEqual({ done: true, value: "counted" })
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(app.stats()).toEqual(idle)
    await app.whenQuiescent()
  })

  it("has no chunk where the handler is no generator", async () => {
    const { app } = setUp()
    const plain = app.spawn(actor((n: number) => n * 2))
    const later = app.spawn(actor(async (n: number) => [n]))
    expect(await plain.askStream(4).next()).toEqual({ done: true, value: 8 })
    expect(await later.askStream(4).next()).toEqual({ done: true, value: [4] })
    // An iterator without `throw` is an answer like any other.
    const values = app.spawn(actor<string, Iterable<number>>(() => [1, 2].values()))
    expect([...(await values.ask("x"))]).toEqual([1, 2])
  })

  it("serves readings that were asked for at once, in order", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.nat(20),
        fc.nat(20),
        fc.nat(30),
        async (kind, size, readAhead, readers) => {
          const { app } = setUp()
          const stream = app.spawn(counting(kind)).askStream(size, { readAhead })
          const steps = await Promise.all(Array.from({ length: readers }, () => stream.next()))
          const expected = Array.from({ length: readers }, (_, i) =>
            i < size ? { done: false, value: i + 1 } : { done: true, value: "counted" },
          )
          expect(steps).toEqual(expected)
          await stream.return()
          await app.shutdown()
        },
      ),
    ))

  it("makes no more chunks than were taken and may be read ahead", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.nat(20),
        fc.array(fc.constantFrom("read", "batch", "settle"), { maxLength: 30 }),
        async (kind, readAhead, orders) => {
          const { app, clock } = setUp()
          const diary: string[] = []
          const stream = app.spawn(counting(kind, diary)).askStream(1_000, { readAhead })
          const batches = stream.batches()
          let taken = 0
          const check = () => expect(diary.length).toBeLessThanOrEqual(taken + readAhead)
          for (const order of orders) {
            if (order === "settle") await clock.settle()
            else if (order === "read") {
              const step = await stream.next()
              expect(step).toEqual({ done: false, value: ++taken })
            } else {
              const { value } = await batches.next()
              if (typeof value !== "string") for (const chunk of value) expect(chunk).toBe(++taken)
            }
            check()
          }
          await clock.settle()
          check()
          // And no fewer: it does not wait to be asked.
          expect(diary.length).toBe(taken + readAhead)
          await batches.return?.()
          expect(diary.at(-1)).toBe(diary.length === 0 ? undefined : "finally")
          expect(app.stats().asks).toBe(0)
        },
      ),
    ))

  it("refuses a read-ahead that is no number of chunks", () => {
    const { app, idle } = setUp()
    const ref = app.spawn(counting("sync"))
    for (const readAhead of [-1, 0.5, Number.NaN]) {
      expect(() => ref.askStream(1, { readAhead })).toThrow(/readAhead .*expected a whole number of chunks/)
    }
    expect(app.stats()).toEqual(idle)
  })

  it("gives what has gathered at once as a batch, and the answer last", async () => {
    const { app, clock } = setUp()
    const stream = app.spawn(counting("sync")).askStream(10, { readAhead: 4 })
    await clock.settle()
    const batches = stream.batches()
    const sizes: number[] = []
    for await (const batch of { [Symbol.asyncIterator]: () => batches }) sizes.push(batch.length)
    expect(sizes).toEqual([4, 4, 2])
    expect(await stream.next()).toEqual({ done: true, value: "counted" })
  })

  it("keeps the actor busy until the generator has ended", async () => {
    const { app, clock } = setUp()
    const diary: string[] = []
    const ref = app.spawn(counting("async", diary))
    const stream = ref.askStream(3, { readAhead: 0 })
    const second = ref.ask(0)
    await clock.settle()
    expect(diary).toEqual([])
    await stream.next()
    await clock.settle()
    expect([diary, app.stats().asks]).toEqual([["made 1"], 2])
    await stream.return()
    expect(await second).toBe("counted")
    expect(diary).toEqual(["made 1", "finally", "finally"])
  })

  it("is drained by ask, and by tell", async () => {
    for (const kind of kinds) {
      const { app, clock, idle } = setUp()
      const diary: string[] = []
      const ref = app.spawn(counting(kind, diary))
      expect(await ref.ask(2)).toBe("counted")
      void ref.tell(1)
      await clock.settle()
      expect(diary).toEqual(["made 1", "made 2", "finally", "made 1", "finally"])
      expect(app.stats()).toEqual(idle)
    }
  })

  it("leaves others their turns of the event loop, however long the generator", async () => {
    const { app } = setUp()
    const other = app.spawn(actor((n: number) => n))
    const order: string[] = []
    const long = app
      .spawn(counting("sync"))
      .ask(2_000)
      .then(() => order.push("long"))
    const short = new Promise<void>((resolve) => app.clock.yield(resolve))
      .then(() => other.ask(1))
      .then(() => order.push("short"))
    await Promise.all([long, short])
    expect(order).toEqual(["short", "long"])
  })

  it("is refused at once by a full mailbox, as an ask is", async () => {
    for (const whenFull of ["block", "dropNew", "dropOldest", "fail"] as const) {
      const { app, clock } = setUp()
      const ref = app.spawn(counting("async"), "busy", { mailbox: bounded(1, whenFull) })
      const first = ref.askStream(3, { readAhead: 0 })
      await clock.settle()
      void ref.tell(1)
      const refused = ref.askStream(1)
      expect(app.stats().asks).toBe(1)
      await expect(refused.next()).rejects.toMatchObject({ name: "FaultError", message: /mailbox of .* is full/ })
      await expect(ref.ask(1)).rejects.toMatchObject({ fault: { _tag: "Unavailable", retry: "yes" } })
      await first.return()
      await clock.settle()
      expect(app.stats()).toMatchObject({ asks: 0, deadLetters: 0 })
    }
  })
})
