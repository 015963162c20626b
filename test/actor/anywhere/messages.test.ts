import { describe, expect, it } from "vitest"
import { actor, bounded, MailboxFull } from "troupe/actor"
import { virtualClock } from "troupe/testing"
import { failure, type Order, stage, wheres } from "./where.js"

describe.each(wheres)("messages to an actor $name", (where) => {
  it("arrive in the order in which they were told and asked", async () => {
    await using on = stage(where)
    const lengths: Promise<unknown>[] = []
    for (let n = 0; n < 200; n++) {
      if (n % 3 === 0) lengths.push(on.ledger.ask({ do: "note", n }))
      else on.ledger.tell({ do: "note", n })
    }
    expect(await on.ledger.ask({ do: "notes" })).toEqual(Array.from({ length: 200 }, (_, n) => n))
    expect((await Promise.all(lengths)).slice(0, 3)).toEqual([1, 4, 7])
  })

  it("are handled one at a time, however long one takes", async () => {
    await using on = stage(where)
    const waited = on.ledger.ask({ do: "wait", entered: on.witness, gate: on.gate })
    const after = on.ledger.ask({ do: "note", n: 1 })
    await on.told.next()
    on.openGate("now")
    expect(await Promise.all([waited, after])).toEqual(["now", 1])
  })

  it("carry data, refs and errors both ways", async () => {
    await using on = stage(where)
    const what = {
      text: "ä",
      date: new Date(7),
      map: new Map<unknown, unknown>([["k", new Set([1n])]]),
      bytes: new Uint8Array([1, 2]),
      none: undefined,
      list: [null, Number.NaN, -0],
    }
    expect(await on.ledger.ask({ do: "give back", what })).toEqual(what)
    const twice = { on: {} }
    const [a, b] = (await on.ledger.ask({ do: "give back", what: [twice, twice] })) as [object, object]
    expect(a).toBe(b)
    const ring: { self?: unknown; to: unknown } = { to: on.witness }
    ring.self = ring
    const back = (await on.ledger.ask({ do: "give back", what: ring })) as typeof ring
    expect([back.self === back, (back.to as typeof on.witness).path]).toEqual([true, "/app/witness"])
    const error = await on.ledger.ask({ do: "give back", what: new TypeError("odd", { cause: new Error("why") }) })
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: "odd", cause: { message: "why" } })
  })

  it("may tell and ask others by their refs, and itself", async () => {
    await using on = stage(where)
    await on.ledger.ask({ do: "tell", to: on.witness, what: "hello" })
    expect(await on.told.next()).toBe("hello")
    const double = on.app.spawn(actor((n: number) => n * 2))
    expect(await on.ledger.ask({ do: "ask", to: double, what: 21 })).toBe(42)
    await on.ledger.ask({ do: "tell", to: on.ledger, what: { do: "note", n: 5 } })
    await on.app.whenQuiescent()
    expect(await on.ledger.ask({ do: "notes" })).toEqual([5])
    const self = (await on.ledger.ask({ do: "self" })) as typeof on.ledger
    expect(await self.ask({ do: "whoami" })).toEqual(["/app/ledger", "ledger", "/app/ledger"])
  })

  it("that it sends arrive in order, as those of one sender do", async () => {
    await using on = stage(where)
    const order = { do: "tell", to: on.witness, what: "" }
    for (let n = 0; n < 100; n++) on.ledger.tell({ ...order, what: String(n) })
    on.ledger.tell({ do: "last words", to: on.witness })
    await on.ledger.ask({ do: "notes" })
    await on.app.whenQuiescent()
    expect(on.told.received).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
  })

  it("may go between two such actors", async () => {
    await using on = stage(where)
    const other = on.app.spawn(where.source<Order, unknown, unknown>("Ledger"), "other")
    expect(await on.ledger.ask({ do: "ask", to: other, what: { do: "whoami" } })).toContain("/app/other")
    const kid = await on.ledger.ask({ do: "child", name: "kid" })
    expect(await other.ask({ do: "ask", to: kid, what: "hello" })).toBe("/app/ledger/kid got hello")
  })

  it("are dead letters, or asks that fail, when it has ended", async () => {
    await using on = stage(where)
    await on.ledger.ask({ do: "note", n: 1 })
    await on.ledger.stop()
    on.ledger.tell({ do: "note", n: 2 })
    expect(on.app.stats().deadLetters).toBe(1)
    expect(await failure(on.ledger, { do: "notes" })).toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("are dead letters that it sends to one that has ended", async () => {
    await using on = stage(where)
    const gone = on.app.spawn(
      actor(() => {}),
      "gone",
    )
    await gone.stop()
    await on.ledger.ask({ do: "tell", to: gone, what: "too late" })
    await on.app.whenQuiescent()
    expect(on.app.stats().deadLetters).toBe(1)
    expect(await failure(on.ledger, { do: "ask", to: gone, what: "?" })).toMatchObject({
      fault: { _tag: "Unavailable" },
    })
  })

  it.each([
    ["dropNew", [10, 11], [12]],
    ["dropOldest", [11, 12], [10]],
  ] as const)("that a full mailbox drops are dead letters: %s", async (whenFull, kept, dropped) => {
    await using on = stage(where)
    const mailbox = bounded(2, whenFull)
    const busy = on.app.spawn(where.source<Order, unknown, unknown>("Ledger"), "busy", { mailbox })
    const letters: unknown[] = []
    on.app.deadLetters.subscribe(({ message }) => letters.push(message))
    busy.tell({ do: "wait", entered: on.witness, gate: on.gate })
    await on.told.next()
    for (const n of [10, 11, 12]) busy.tell({ do: "note", n })
    expect(letters).toMatchObject(dropped.map((n) => ({ n })))
    await expect(busy.ask({ do: "notes" })).rejects.toBeInstanceOf(MailboxFull)
    on.openGate()
    await on.app.whenQuiescent()
    expect(await busy.ask({ do: "notes" })).toEqual(kept)
  })

  it("that wait for room in a full mailbox are not lost", async () => {
    await using on = stage(where)
    const mailbox = bounded(1, "block")
    const busy = on.app.spawn(where.source<Order, unknown, unknown>("Ledger"), "busy", { mailbox })
    for (let n = 0; n < 20; n++) await busy.tell({ do: "note", n })
    await on.app.whenQuiescent()
    expect(await busy.ask({ do: "notes" })).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  it("may be asked with a deadline, and the actor goes on", async () => {
    const clock = virtualClock()
    await using on = stage(where, { clock })
    const late = on.ledger.ask({ do: "wait", entered: on.witness, gate: on.gate }, { timeout: 100 })
    const caught = late.catch((error: unknown) => error)
    await on.told.next()
    await clock.advance(100)
    expect(await caught).toMatchObject({ fault: { _tag: "TimedOut", after: 100 } })
    on.openGate()
    expect(await on.ledger.ask({ do: "note", n: 1 })).toBe(1)
  })

  it("may be asked with a signal, and are not delivered when it aborts before their turn", async () => {
    await using on = stage(where)
    const abort = new AbortController()
    const first = on.ledger.ask({ do: "wait", entered: on.witness, gate: on.gate })
    const given = on.ledger.ask({ do: "note", n: 1 }, { signal: abort.signal }).catch((error: unknown) => error)
    await on.told.next()
    abort.abort("enough")
    expect(await given).toMatchObject({ name: "AbortedError", reason: "enough" })
    on.openGate()
    await first
    expect(await on.ledger.ask({ do: "notes" })).toEqual([])
  })

  it("may be scheduled by itself, on the clock of the system", async () => {
    const clock = virtualClock(1_000)
    await using on = stage(where, { clock })
    await on.ledger.ask({ do: "schedule", ms: 60_000, n: 7 })
    await clock.advance(59_999)
    expect(await on.ledger.ask({ do: "notes" })).toEqual([])
    await clock.advance(1)
    await on.app.whenQuiescent()
    expect(await on.ledger.ask({ do: "notes" })).toEqual([7])
  })
})
