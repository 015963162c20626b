import { describe, expect, it } from "vitest"
import { actor, allForOne, oneForOne, type Strategy } from "troupe/actor"
import { virtualClock } from "troupe/testing"
import { failure, type Order, stage, wheres } from "./where.js"

const always = (directive: "resume" | "restart" | "stop" | "escalate"): Strategy =>
  oneForOne({ decide: () => directive })

describe.each(wheres)("the failure of an actor $name", (where) => {
  it("reaches the asker with class, message, stack and cause", async () => {
    await using on = stage(where)
    const error = await failure(on.ledger, { do: "throw", what: "range" })
    expect(error).toBeInstanceOf(RangeError)
    expect(error).toMatchObject({ message: "out of range", cause: { message: "the cause", cause: "deeper" } })
    expect((error as Error).stack).toContain("actors.js")
  })

  it("reaches the asker with name and fields when its class is unknown here", async () => {
    await using on = stage(where)
    const error = await failure(on.ledger, { do: "throw", what: "odd" })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: "OddError", message: "odd", code: 42, extra: { n: [1, 2] } })
  })

  it.each([
    ["text", "a text"],
    ["data", { why: "data" }],
  ])("may be no error: %s", async (what, thrown) => {
    await using on = stage(where)
    expect(await failure(on.ledger, { do: "throw", what })).toEqual(thrown)
  })

  it("restarts it: with its ref and queue, and a fresh state", async () => {
    await using on = stage(where)
    await on.ledger.ask({ do: "last words", to: on.witness })
    on.ledger.tell({ do: "note", n: 1 })
    const failed = failure(on.ledger, { do: "throw", what: "range" })
    const after = [2, 3].map((n) => on.ledger.ask({ do: "note", n }))
    expect(await failed).toBeInstanceOf(RangeError)
    expect(await Promise.all(after)).toEqual([1, 2])
    expect(await on.ledger.ask({ do: "notes" })).toEqual([2, 3])
    expect(await on.ledger.ask({ do: "hooks" })).toEqual(["restarted: RangeError: out of range", "started"])
    expect(await on.told.next()).toBe("stopped with 1")
  })

  it("restarts it after a delay, on the clock of the system", async () => {
    const clock = virtualClock()
    await using on = stage(where, { clock, supervisor: oneForOne({ backoff: { first: 5_000 } }) })
    await failure(on.ledger, { do: "throw", what: "range" })
    let answered = false
    const after = on.ledger.ask({ do: "note", n: 1 }).then(() => (answered = true))
    await clock.advance(4_999)
    expect(answered).toBe(false)
    // When its last hook has run is for the other side to say.
    while (!answered) await clock.advance(5_000)
    await after
    expect(await on.ledger.ask({ do: "notes" })).toEqual([1])
  })

  it("leaves its state when its parent resumes it", async () => {
    await using on = stage(where, { supervisor: always("resume") })
    await on.ledger.ask({ do: "note", n: 1 })
    await failure(on.ledger, { do: "throw", what: "range" })
    expect(await on.ledger.ask({ do: "notes" })).toEqual([1])
    expect(await on.ledger.ask({ do: "hooks" })).toEqual(["started"])
  })

  it("restarts its siblings too, when they go together: the signal of a busy one aborts, and its asker is told why", async () => {
    await using on = stage(where, { supervisor: allForOne() })
    const sibling = on.app.spawn(where.source<Order, unknown, unknown>("Ledger"), "sibling")
    const busy = failure(sibling, { do: "until aborted", entered: on.witness })
    expect(await on.told.next()).toBe("entered")
    await failure(on.ledger, { do: "throw", what: "range" })
    expect(await on.told.next()).toBe("aborted: RangeError: out of range")
    expect(await busy).toMatchObject({ name: "RangeError", message: "out of range" })
    expect(await sibling.ask({ do: "hooks" })).toEqual(["restarted: RangeError: out of range", "started"])
  })

  it.each(["stop", "escalate"] as const)("ends it when its parent says so: %s", async (directive) => {
    await using on = stage(where, { supervisor: always(directive) })
    await on.ledger.ask({ do: "last words", to: on.witness })
    await failure(on.ledger, { do: "throw", what: "range" })
    expect(await on.told.next()).toBe("stopped with ")
    expect(await failure(on.ledger, { do: "notes" })).toMatchObject({ fault: { _tag: "Unavailable" } })
    await on.app.whenQuiescent()
    expect(on.app.get("/app/ledger")).toBeUndefined()
  })

  it("ends it after the third restart within a minute", async () => {
    await using on = stage(where)
    for (let n = 0; n < 4; n++)
      expect(await failure(on.ledger, { do: "throw", what: "range" })).toBeInstanceOf(RangeError)
    expect(await failure(on.ledger, { do: "notes" })).toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it.each([
    ["Stillborn", "stillborn"],
    ["Reluctant", "not today"],
  ] as const)("may be that it cannot start: %s", async (name, message) => {
    await using on = stage(where, { supervisor: always("stop") })
    const failures: unknown[] = []
    const { ActorFailed } = await import("troupe/actor")
    on.app.bus.subscribe(ActorFailed, ({ error }) => void failures.push(error))
    const ref = on.app.spawn(where.source<string, string, unknown>(name))
    expect(await ref.ask("x").catch((error: unknown) => error)).toMatchObject({ fault: { _tag: "Unavailable" } })
    await on.app.whenQuiescent()
    expect(failures).toMatchObject([{ name: "TypeError", message }])
  })

  it("may be that of a child made for a call, which goes to the one who asked", async () => {
    await using on = stage(where)
    expect(await on.ledger.ask({ do: "child fails", what: "nothing" })).toMatch(/^\/app\/ledger\/\$\d+ got nothing$/)
    expect(await failure(on.ledger, { do: "child fails", what: "range" })).toMatchObject({ message: "out of range" })
  })

  it("may be that of one made for a call, which is gone with it", async () => {
    await using on = stage(where)
    const asks = on.app.spawn(
      actor((message: string, context) => context.ask(where.source<string, string, unknown>("UntilBye"), message)),
    )
    expect(await asks.ask("hello")).toBe("hello")
    await expect(asks.ask("fail")).rejects.toThrow("failed as told")
    await on.app.whenQuiescent()
    expect(on.app.stats().actors).toBe(4)
  })

  it("of a child of its own goes to it, and its standard strategy restarts the child", async () => {
    await using on = stage(where)
    const kid = (await on.ledger.ask({ do: "child", name: "kid" })) as typeof on.ledger
    expect(kid.path).toBe("/app/ledger/kid")
    expect(await kid.ask("range" as never).catch((error: unknown) => error)).toBeInstanceOf(RangeError)
    expect(await kid.ask("again" as never)).toBe("/app/ledger/kid got again")
    expect(await on.ledger.ask({ do: "hooks" })).toEqual(["started"])
  })

  it("is told to whoever watches, when it has ended", async () => {
    await using on = stage(where)
    const other = on.app.spawn(where.source<Order, unknown, unknown>("Ledger"), "other")
    await other.ask({ do: "watch", ref: on.ledger })
    await on.ledger.ask({ do: "stop" })
    for (let hooks: unknown = []; JSON.stringify(hooks) !== '["started","ended: /app/ledger"]'; ) {
      hooks = await other.ask({ do: "hooks" })
    }
    const short = on.app.spawn(
      actor(() => {}),
      "short",
    )
    await short.stop()
    await other.ask({ do: "watch", ref: short })
    await on.app.whenQuiescent()
    expect(await other.ask({ do: "hooks" })).toContain("ended: /app/short")
  })
})
