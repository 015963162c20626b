import { describe, expect, it } from "vitest"
import { Actor, type ActorRef, systemClock } from "troupe/actor"
import { virtualClock } from "troupe/testing"
import { stage, type Where, wheres } from "./where.js"

interface Count {
  readonly to: number
  readonly left?: ActorRef<string>
  readonly throwAt?: number
  readonly slowly?: boolean
}

/** Hands on what another counts. */
class Relay extends Actor<number, string, number> {
  readonly #to: ActorRef<Count, string, number>
  constructor(to: ActorRef<Count, string, number>) {
    super()
    this.#to = to
  }
  override async *onReceive(to: number) {
    const stream = this.#to.askStream({ to })
    for (;;) {
      const step = await stream.next()
      if (step.done === true) return step.value
      yield step.value
    }
  }
}

const counting = (where: Where, clock = systemClock) => {
  const on = stage(where, { clock })
  return { ...on, counter: on.app.spawn(where.source<Count, string, number>("Counter"), "counter") }
}

describe.each(wheres)("the stream of an actor $name", (where) => {
  it.each([false, true])("gives its chunks and then its answer; slowly: %s", async (slowly) => {
    await using on = counting(where)
    const stream = on.counter.askStream({ to: 20, slowly })
    const chunks: number[] = []
    let step = await stream.next()
    for (; step.done !== true; step = await stream.next()) chunks.push(step.value)
    expect([chunks, step.value]).toEqual([Array.from({ length: 20 }, (_, n) => n), "counted to 20"])
  })

  it("gives an asker the answer alone", async () => {
    await using on = counting(where)
    expect(await on.counter.ask({ to: 2_000 })).toBe("counted to 2000")
    on.counter.tell({ to: 3, left: on.witness })
    expect(await on.told.next()).toBe("left at 3")
  })

  it("of a handler that is none has no chunk", async () => {
    await using on = stage(where)
    const stream = on.ledger.askStream({ do: "note", n: 1 })
    expect(await stream.next()).toEqual({ done: true, value: 1 })
  })

  it("fails with what it throws, after the chunks before", async () => {
    await using on = counting(where)
    const chunks: number[] = []
    const reading = (async () => {
      for await (const n of on.counter.askStream({ to: 9, throwAt: 3 })) chunks.push(n)
    })()
    await expect(reading).rejects.toMatchObject({ name: "RangeError", message: "no 3" })
    expect(chunks).toEqual([0, 1, 2])
    await expect(on.counter.ask({ to: 9, throwAt: 3 })).rejects.toBeInstanceOf(RangeError)
    expect(await on.counter.ask({ to: 1 })).toBe("counted to 1")
  })

  it.each([0, 4])("makes no more than are wanted: readAhead %s", async (readAhead) => {
    await using on = counting(where)
    const stream = on.counter.askStream({ to: 1_000, left: on.witness }, { readAhead })
    await stream.next()
    await stream.next()
    await stream.return("enough")
    const left = Number(/\d+/.exec(await on.told.next())?.[0])
    expect(left).toBeGreaterThanOrEqual(2)
    expect(left).toBeLessThanOrEqual(2 + readAhead + 1)
    expect(await on.counter.ask({ to: 1 })).toBe("counted to 1")
  })

  it("that is left runs its last block before the loop is over", async () => {
    await using on = counting(where)
    for await (const n of on.counter.askStream({ to: 9, left: on.witness }, { readAhead: 0 })) if (n === 2) break
    await on.counter.ask({ to: 0 })
    expect(on.told.received).toEqual(["left at 3"])
  })

  it("ends when its asker aborts, and the actor goes on", async () => {
    await using on = counting(where)
    const abort = new AbortController()
    const stream = on.counter.askStream({ to: 1e9, left: on.witness }, { signal: abort.signal })
    await stream.next()
    abort.abort("enough")
    await expect(stream.next()).rejects.toMatchObject({ name: "AbortedError", reason: "enough" })
    expect(await on.told.next()).toMatch(/^left at/)
    expect(await on.counter.ask({ to: 1 })).toBe("counted to 1")
  })

  it("ends at its deadline, on the clock of the system", async () => {
    const clock = virtualClock()
    await using on = counting(where, clock)
    const stream = on.counter.askStream({ to: 1e9, left: on.witness }, { timeout: 1_000, readAhead: 0 })
    await stream.next()
    await clock.advance(1_000)
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "TimedOut", after: 1_000 } })
    expect(await on.told.next()).toBe("left at 1")
    expect(await on.counter.ask({ to: 1 })).toBe("counted to 1")
  })

  it("that is given up before its handler has begun ends all the same", async () => {
    await using on = counting(where)
    const first = on.counter.askStream({ to: 9, left: on.witness }, { readAhead: 0 })
    const read = first.next().catch((error: unknown) => error)
    await Promise.resolve()
    await first.return()
    await read
    const second = on.counter.askStream({ to: 9, left: on.witness })
    const stopped = on.counter.stop()
    await second.next().catch((error: unknown) => error)
    await stopped
    expect(on.app.get("/app/counter")).toBeUndefined()
    expect(on.app.stats().asks).toBe(0)
  })

  it("ends when its actor is stopped, also where nobody reads on", async () => {
    await using on = counting(where)
    const stream = on.counter.askStream({ to: 1e9, left: on.witness }, { readAhead: 0 })
    await stream.next()
    await on.counter.stop()
    expect(await on.told.next()).toBe("left at 1")
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("may be read by another such actor", async () => {
    await using on = counting(where)
    const counter = on.app.spawn(where.source<unknown, string, number>("Counter"), "other")
    const from = on.app.spawn(() => new Relay(counter), "relay")
    expect(await on.ledger.ask({ do: "stream", from })).toEqual([
      ...[0, 1, 2].map((event) => ({ type: "event", event })),
      { type: "result", output: "counted to 3" },
    ])
  })
})
