import { describe, expect, it } from "vitest"
import { virtualClock } from "troupe/testing"
import { stage, wheres } from "./where.js"

describe.each(wheres)("an actor $name ends", (where) => {
  it("when it is stopped: after its message, its last hook run", async () => {
    await using on = stage(where)
    await on.ledger.ask({ do: "last words", to: on.witness })
    await on.ledger.ask({ do: "note", n: 3 })
    const waited = on.ledger.ask({ do: "wait", entered: on.witness, gate: on.gate })
    const queued = on.ledger.ask({ do: "note", n: 4 }).catch((error: unknown) => error)
    expect(await on.told.next()).toBe("entered")
    const stopped = on.ledger.stop()
    on.openGate("done")
    expect(await waited).toBe("done")
    await stopped
    expect(await queued).toMatchObject({ fault: { _tag: "Unavailable" } })
    expect(await on.told.next()).toBe("stopped with 3")
  })

  it("when it stops itself", async () => {
    await using on = stage(where)
    on.ledger.tell({ do: "note", n: 1 })
    expect(await on.ledger.ask({ do: "stop" })).toBe("bye")
    await on.ledger.stop()
    expect(on.app.get("/app/ledger")).toBeUndefined()
  })

  it("after one message, if its policy says so", async () => {
    await using on = stage(where)
    const once = on.app.spawn(where.source<string, string, unknown>("Once"), "once")
    const [first, second] = await Promise.allSettled([once.ask("one"), once.ask("two")])
    expect(first).toMatchObject({ value: "one" })
    expect(second).toMatchObject({ reason: { fault: { _tag: "Unavailable" } } })
    const failing = on.app.spawn(where.source<string, string, unknown>("Once"), "failing")
    await expect(failing.ask("fail")).rejects.toThrow("failed as told")
    await failing.stop()
    expect(on.app.get("/app/failing")).toBeUndefined()
  })

  it("after a certain message, if its policy says so", async () => {
    await using on = stage(where)
    const ref = on.app.spawn(where.source<unknown, unknown, unknown>("UntilBye"), "until")
    expect(await ref.ask("one")).toBe("one")
    expect(await ref.ask({ say: "bye" })).toEqual({ say: "bye" })
    await expect(ref.ask("two")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("when it has been idle for long, if its policy says so", async () => {
    const clock = virtualClock()
    await using on = stage(where, { clock })
    const ref = on.app.spawn(where.source<string, string, unknown>("Sleepy"), "sleepy")
    expect(await ref.ask("one")).toBe("one")
    await clock.advance(999)
    expect(await ref.ask("two")).toBe("two")
    await clock.advance(999)
    expect(on.app.get("/app/sleepy")).toBe(ref)
    await clock.advance(1)
    await ref.stop()
    expect(on.app.get("/app/sleepy")).toBeUndefined()
  })

  it("with its children", async () => {
    await using on = stage(where)
    const kid = (await on.ledger.ask({ do: "child", name: "kid" })) as typeof on.ledger
    await on.ledger.stop()
    await expect(kid.ask("hello" as never)).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("in a shutdown: its signal aborts, its asker is told at once, its last hook runs", async () => {
    const on = stage(where)
    await on.ledger.ask({ do: "last words", to: on.witness })
    const asked = on.ledger.ask({ do: "until aborted", entered: on.witness }).catch((error: unknown) => error)
    expect(await on.told.next()).toBe("entered")
    await on.app.shutdown({ timeout: 5_000 })
    expect(await asked).toMatchObject({ fault: { _tag: "Unavailable", message: "app shuts down" } })
    expect(on.app.stats()).toMatchObject({ actors: 0, timers: 0, asks: 0, abandoned: 0 })
  })
})
