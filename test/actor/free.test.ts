import { describe, expect, it } from "vitest"
import { ActorSystem, actor, bounded, Free } from "troupe/actor"
import { AbortedError } from "../../src/data/fault.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { live } from "./free-trace.js"

describe("free programs", () => {
  it("do nothing until they are run, and the same each time", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    let sum = 0
    const ref = app.spawn(
      actor((n: number) => (sum += n)),
      "sum",
    )
    const program = ref
      .freeTell(1)
      .flatMap(() => ref.freeAsk(10))
      .map((n) => `${n}`)
    await app.whenQuiescent()
    expect(sum).toBe(0)
    const text: string = await app.runFree(program)
    expect(text).toBe("11")
    expect(await app.runFree(program)).toBe("22")
    await app.shutdown()
  })

  it("leave alone a value that is a promise, and one that has a then", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const later = Promise.resolve(1)
    expect(await app.runFree(Free.of(later).map((value) => value === later))).toBe(true)
    expect(
      await app.runFree(
        Free.of(1)
          .map(() => later)
          .map((value) => value === later),
      ),
    ).toBe(true)
    await app.shutdown()
  })

  it("are 100,000 steps long, nested to the left, to the right, and through ask", async () => {
    const app = new ActorSystem("app")
    const steps = 100_000
    let left: Free<number> = Free.of(0)
    for (let i = 0; i < steps; i++) left = left.flatMap((n) => Free.of(n + 1))
    expect(await app.runFree(left)).toBe(steps)
    let mapped: Free<number> = Free.of(0)
    for (let i = 0; i < steps; i++) mapped = mapped.map((n) => n + 1)
    expect(await app.runFree(mapped)).toBe(steps)
    const right = (n: number): Free<number> => (n === steps ? Free.of(n) : Free.of(n + 1).flatMap(right))
    expect(await app.runFree(right(0))).toBe(steps)
    let inner: Free<number> = Free.of(0)
    for (let i = 0; i < steps; i++) {
      const after = inner
      inner = Free.of(1).flatMap((n) => after.map((m) => n + m))
    }
    expect(await app.runFree(inner)).toBe(steps)
    const add = app.spawn(actor((n: number) => n + 1))
    const asking = (n: number): Free<number> => (n === steps ? Free.of(n) : add.freeAsk(n).flatMap(asking))
    expect(await app.runFree(asking(0))).toBe(steps)
    await app.shutdown()
  })

  it("let the event loop turn, however long they only compute", async () => {
    const app = new ActorSystem("app")
    const abort = new AbortController()
    const forever = (n: number): Free<number> => Free.of(n + 1).flatMap(forever)
    app.clock.after(5, () => abort.abort("enough"))
    await expect(app.runFree(forever(0), { signal: abort.signal })).rejects.toEqual(new AbortedError("enough"))
    await app.shutdown()
  })

  it("stop an actor and go on: whoever asks it then fails, whoever tells it makes a dead letter", async () => {
    const { outcome, steps } = await live((a, b) =>
      a
        .freeAsk(1)
        .flatMap(() => a.freeStop())
        .flatMap(() => b.freeAsk(2))
        .flatMap(() => a.freeTell(3))
        .flatMap(() => b.freeAsk(4))
        .flatMap(() => a.freeAsk(5))
        .flatMap(() => b.freeAsk(6)),
    )
    expect(steps).toEqual([
      ["/app/a", 1],
      ["/app/b", 2],
      ["/app/a", 3, "dead"],
      ["/app/b", 4],
    ])
    expect(outcome).toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("go on after a stop only when the actor has ended", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const slow = app.spawn(actor((_message: string) => new Promise<void>((resolve) => clock.after(100, resolve))))
    slow.tell("work")
    await clock.settle()
    const seen: number[] = []
    const done = app.runFree(
      Free.of(0)
        .flatMap(() => slow.freeStop())
        .map(() => seen.push(clock.now())),
    )
    const quiet = app.whenQuiescent().then(() => [...seen])
    await clock.advance(1_000)
    await done
    expect(await quiet).toEqual([100])
    await app.shutdown()
  })

  it("end with the very error of a step, or of a function, and do nothing after", async () => {
    const failing = await live((a, b) => a.freeAsk(-1).flatMap(() => b.freeAsk(1)))
    expect(failing).toEqual({ outcome: new RangeError("-1 is below 0"), steps: [["/app/a", -1]] })
    const bug = new Error("bug")
    const thrown = await live((a, b) =>
      a
        .freeAsk(1)
        .map(() => {
          throw bug
        })
        .flatMap(() => b.freeAsk(1)),
    )
    expect(thrown.outcome).toBe(bug)
    expect(thrown.steps).toEqual([["/app/a", 1]])
  })

  it("take a timeout for an ask", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const mute = app.spawn(
      actor((_message: string) => new Promise<string>((resolve) => clock.after(60, () => resolve("late")))),
    )
    const late = app.runFree(mute.freeAsk("x", { timeout: 50 })).catch((error: unknown) => error)
    await clock.advance(60)
    expect(await late).toMatchObject({ fault: { _tag: "TimedOut", after: 50 } })
    await app.shutdown()
  })

  it("are given up with their ask, and do nothing after", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    let got = 0
    const slow = app.spawn(
      actor(async (_message: string) => {
        got++
        await new Promise<void>((resolve) => clock.after(100, resolve))
      }),
    )
    const abort = new AbortController()
    const program = slow.freeAsk("x").flatMap(() => slow.freeAsk("y"))
    const given = app.runFree(program, { signal: abort.signal }).catch((error: unknown) => error)
    await clock.advance(50)
    abort.abort("enough")
    expect(await given).toEqual(new AbortedError("enough"))
    expect(app.stats().asks).toBe(0)
    await clock.advance(100)
    expect(got).toBe(1)
    await expect(app.runFree(program, { signal: abort.signal })).rejects.toBeInstanceOf(AbortedError)
    expect(got).toBe(1)
    await app.shutdown()
  })

  it("wait for room in a mailbox that blocks, unless given up", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const got: number[] = []
    const slow = app.spawn(
      actor(async (n: number) => {
        await new Promise<void>((resolve) => clock.after(10, resolve))
        got.push(n)
      }),
      "slow",
      { mailbox: bounded(1, "block") },
    )
    const told: number[] = []
    const tell = (n: number): Free<void> => slow.freeTell(n).map(() => void told.push(n))
    const done = app.runFree(
      tell(1)
        .flatMap(() => tell(2))
        .flatMap(() => tell(3)),
    )
    await clock.settle()
    expect(told.length).toBeLessThan(3)
    const abort = new AbortController()
    const off = app.runFree(tell(4), { signal: abort.signal }).catch((error: unknown) => error)
    abort.abort("enough")
    expect(await off).toEqual(new AbortedError("enough"))
    await clock.advance(100)
    await done
    expect(told).toEqual([1, 2, 3])
    expect(got.slice(0, 3)).toEqual([1, 2, 3])
    await app.shutdown()
  })

  it("are typed by their refs", async () => {
    const app = new ActorSystem("app", { clock: virtualClock() })
    const ref = app.spawn(
      actor((text: string) => text.length),
      "length",
    )
    const program: Free<number | string> = ref.freeAsk("four")
    // @ts-expect-error it may give a text
    const wrong: Free<number> = program
    // @ts-expect-error a number is no text
    ref.freeTell(3)
    expect(await app.runFree(wrong)).toBe(4)
    await app.shutdown()
  })
})
