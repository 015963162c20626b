import { type AnyFlow, atLeast, type Flow, lift, pure, race, zip, zipAll } from "../../src/flow/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { describe, expect, it } from "vitest"
import { execute } from "../../src/flow/interpret/run/index.js"
import type { Clock } from "../../src/data/clock.js"
import type { FlowEvent } from "../../src/flow/event.js"
import { after, faultOf, having, stage, thrower, to, valueOf } from "./recording.js"

const types = (events: readonly FlowEvent[]): string[] => events.map(({ type, path }) => `${type} ${path}`)

describe("races", () => {
  it.each<[string, "success" | "settled", [number, boolean][], string]>([
    [
      "the first success",
      "success",
      [
        [10, false],
        [20, true],
        [30, true],
      ],
      "value 1",
    ],
    [
      "the lowest index at one instant",
      "success",
      [
        [10, true],
        [10, true],
      ],
      "value 0",
    ],
    [
      "the first to settle, a failure",
      "settled",
      [
        [10, false],
        [20, true],
      ],
      "AgentFailed",
    ],
    [
      "the first to settle, a success",
      "settled",
      [
        [20, false],
        [10, true],
      ],
      "value 1",
    ],
    [
      "none, when all fail",
      "success",
      [
        [20, false],
        [10, false],
      ],
      "AllFailed",
    ],
  ])("%s", async (_, wins, racers, expected) => {
    const on = stage(
      Object.fromEntries(
        racers.map(([ms, ok], i) => [`r${i}`, after(ms, ok ? () => `value ${i}` : thrower(`fault ${i}`))]),
      ),
    )
    const ended = await on.run(
      race(
        racers.map((__, i) => to(`r${i}`)),
        { wins },
      ),
      0,
    )
    expect(ended._tag === "Right" ? ended.right : faultOf(ended)._tag).toBe(expected)
    if (expected === "AllFailed") expect(faultOf(ended)).toMatchObject({ faults: [{ agent: "r0" }, { agent: "r1" }] })
    expect(on.asked.length).toBe(racers.length)
  })

  it("aborts the losers at once, and drops their late answers", async () => {
    const on = stage({ quick: after(10, () => "quick"), slow: after(20) })
    await on.run(race(to("slow"), to("quick")).andThen(lift((v) => v)), 0)
    expect(types(on.events).slice(3)).toEqual([
      "task_completed 0/1",
      "race_won 0",
      "task_aborted 0/0",
      "run_completed ",
    ])
  })
})

describe("members that work long at once", () => {
  it.each<[string, boolean, (of: Flow<unknown, unknown>[]) => AnyFlow]>([
    ["of a zip", false, (of) => zipAll(of)],
    ["of a race", true, (of) => race(of)],
    ["of a quorum", false, (of) => atLeast(1, of)],
  ])("%s let the event loop have its turn between them", async (_, fails, kind) => {
    let spent = 0
    const virtual = virtualClock()
    const on = stage({}, { ...virtual, pending: 0, elapsed: () => spent })
    const busy = lift(() => {
      spent += 5
      if (fails) throw new Error("in vain")
    })
    const outcome = on.start(kind(Array.from({ length: 20 }, () => busy)), 0)
    expect(outcome()).toBeUndefined()
    expect(spent).toBeLessThanOrEqual(10)
    on.cancel.cancel("enough")
    await virtual.settle()
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(spent).toBeLessThanOrEqual(10)
  })
})

describe("deadlines", () => {
  it("an answer a millisecond before is in time, one at the deadline is not", async () => {
    expect(valueOf(await stage({ a: after(9, () => 1) }).run(to("a").timeout(10), 0))).toBe(1)
    expect(faultOf(await stage({ a: after(10, () => 1) }).run(to("a").timeout(10), 0))._tag).toBe("TimedOut")
    expect(faultOf(await stage({ a: after(10, thrower("x")) }).run(to("a").timeout(10), 0))._tag).toBe("TimedOut")
    expect(faultOf(stage().start(pure(1).timeout(0), 0)())._tag).toBe("TimedOut")
  })

  it("fire at their instant and not later; the nearest of nested ones first", async () => {
    const on = stage({ never: () => () => new Promise(() => undefined) })
    const outcome = on.start(
      to("never")
        .timeout(10)
        .recover(() => "inner")
        .timeout(20),
      0,
    )
    await on.clock.advance(9)
    expect(outcome()).toBeUndefined()
    await on.clock.advance(1)
    expect(valueOf(outcome())).toBe("inner")
    expect(on.clock.pending).toBe(0)
    const outer = stage({ never: () => () => new Promise(() => undefined) })
    const late = outer.start(
      to("never")
        .timeout(30)
        .recover(() => "inner")
        .timeout(20),
      0,
    )
    await outer.clock.advance(20)
    expect(faultOf(late())).toMatchObject({ _tag: "TimedOut", after: 20 })
    expect(outer.clock.pending).toBe(0)
  })

  it("abort what is inside, with one end each", async () => {
    const on = stage({ never: () => () => new Promise(() => undefined) })
    await on.run(
      zip(to("never"), race(to("never"), to("never")))
        .timeout(5)
        .recover(({ _tag }) => _tag),
      0,
    )
    expect(types(on.events).filter((type) => type.startsWith("task_aborted"))).toEqual([
      "task_aborted 0",
      "task_aborted 1/0",
      "task_aborted 1/1",
    ])
  })

  /** A clock that keeps the interpreter waiting for a turn of the event loop, and fires timers when told. */
  const held = () => {
    let elapsed = 0
    const yielded: (() => void)[] = []
    const timers: (() => void)[] = []
    const clock: Clock = {
      now: () => 0,
      elapsed: () => elapsed,
      after: (_, fire) => {
        timers.push(fire)
        return () => undefined
      },
      yield: (resume) => yielded.push(resume),
    }
    const busy = (): void => {
      elapsed += 100
    }
    const turn = (): void => {
      for (const resume of yielded.splice(0)) resume()
    }
    return { clock, timers, busy, turn }
  }

  it("a deadline and an answer that wait for the same turn of the event loop settle once", () => {
    const { clock, timers, busy, turn } = held()
    const seen: unknown[] = []
    let answer: (value: { value: unknown }) => void = () => undefined
    const thenable = having("then", (resolve: typeof answer) => {
      answer = resolve
    }) as PromiseLike<{ value: unknown }>
    const whole = to("a")
      .timeout(10)
      .recover(() => seen.push("recovered"))
      .andThen(lift((value) => seen.push(value)))
    execute(whole, 0, { clock, random: () => 0, ask: () => thenable }, { runId: "r" }, (ended) => seen.push(ended._tag))
    busy()
    answer({ value: "in time" })
    for (const fire of timers) fire()
    turn()
    expect(seen).toEqual(["in time", "Right"])
  })

  it.each<[string, Flow<unknown, unknown>]>([
    ["a grace", atLeast(1, [pure(1), to("never")], { settle: "quorum", grace: 10 })],
    ["a hedge", atLeast(1, [to("never")], { hedge: { after: 10, max: 1 } })],
  ])("%s that ran out in the turn of its deadline is nothing any more", (_, quorum) => {
    const { clock, timers, busy, turn } = held()
    const told: string[] = []
    const whole = quorum
      .timeout(10)
      .recover(() => "late")
      .andThen(to("never"))
    const runtime = {
      random: () => 0,
      clock,
      ask: () => new Promise<never>(() => undefined),
      emit: ({ type }: FlowEvent) => told.push(type),
    }
    execute(whole, 0, runtime, { runId: "r" }, () => told.push("ended"))
    busy()
    for (const fire of timers.toReversed()) fire()
    turn()
    expect(told).toEqual(["run_started", "task_started", "task_aborted", "recovered", "task_started"])
  })
})
