import * as fc from "fast-check"
import { atLeast, continueWith, fail, type Flow, identity, lift, loop, pure, race, zip } from "troupe/flow"
import { virtualClock } from "troupe/testing"
import { describe, expect, it } from "vitest"
import { anySample, delays, lawRuntime } from "../laws/interpreters.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import type { Clock } from "../../src/data/clock.js"
import { Cancel } from "../../src/data/cancel.js"
import type { FlowEvent } from "../../src/flow/event.js"
import { after, faultOf, stage, thrower, to, valueOf } from "./recording.js"

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

  it("a deadline and an answer that wait for the same turn of the event loop settle once", () => {
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
    const seen: unknown[] = []
    let answer: (value: { value: unknown }) => void = () => undefined
    const thenable = {
      then: (resolve: typeof answer) => {
        answer = resolve
      },
    } as unknown as PromiseLike<{ value: unknown }>
    const whole = to("a")
      .timeout(10)
      .recover(() => "late")
      .andThen(lift((value) => seen.push(value)))
    execute(whole, 0, { clock, ask: () => thenable }, { runId: "r" }, (ended) => seen.push(ended._tag))
    elapsed = 100
    answer({ value: "in time" })
    for (const fire of timers) fire()
    for (const resume of yielded.splice(0)) resume()
    expect(seen).toEqual(["in time", "Right"])
  })
})

describe("an abort of the run", () => {
  const endless = loop(lift(continueWith), { max: 1_000_000_000 })
  it("before the start: nothing is asked", () => {
    const on = stage()
    on.cancel.cancel("no")
    expect(on.start(to("a"), 0)()).toEqual({ _tag: "Left", left: { _tag: "Aborted", reason: "no" } })
    expect(on.asked).toEqual([])
    expect(types(on.events)).toEqual(["run_aborted "])
  })

  it.each<[string, Flow<unknown, unknown>]>([
    ["a sequence", to("never").andThen(to("next"))],
    [
      "recoveries",
      to("never")
        .recover(() => 1)
        .fallbackTo(pure(1))
        .recoverTag("Defect", pure(1)),
    ],
    ["a quorum", atLeast(1, [to("never"), to("never")], { hedge: { after: 5, max: 1 } })],
    ["a quorum in its grace", atLeast(1, [pure(1), to("never")], { settle: "quorum", grace: 50 })],
    ["races and deadlines", race(to("never"), to("never").timeout(50)).timeout(60)],
    ["a loop", loop(to("never").map(continueWith))],
  ])("under way, in %s: at once, and nothing recovers", async (_, whole) => {
    const on = stage({ never: () => () => new Promise(() => undefined) })
    const outcome = on.start(whole, 0)
    await on.clock.advance(10)
    on.cancel.cancel("enough")
    expect(outcome()).toEqual({ _tag: "Left", left: { _tag: "Aborted", reason: "enough" } })
    expect(on.clock.pending).toBe(0)
    expect(on.events.at(-1)?.type).toBe("run_aborted")
    const started = on.events.filter(({ type }) => type === "task_started").length
    expect(on.events.filter(({ type }) => type === "task_aborted").length).toBe(started)
  })

  it("from inside a function or an agent: what follows does not run", () => {
    for (const inside of ["fn", "agent"]) {
      const ran: string[] = []
      const on = stage({ stop: () => () => on.cancel.cancel("inside") })
      const stop = inside === "fn" ? lift(() => on.cancel.cancel("inside")) : to("stop")
      const after_ = zip(stop, to("sibling")).andThen(lift(() => ran.push("next")))
      expect(on.start(after_, 0)()).toMatchObject({ _tag: "Left", left: { _tag: "Aborted" } })
      expect(ran).toEqual([])
      expect(on.asked).toEqual(inside === "fn" ? [] : ["0/0"])
      expect(on.events.at(-1)?.type).toBe("run_aborted")
      expect(on.events.filter(({ type }) => type === "task_started").length).toBe(
        on.events.filter(({ type }) => type === "task_aborted").length,
      )
    }
  })

  it("reaches a synchronous loop at its next turn of the event loop", async () => {
    const cancel = new Cancel()
    let elapsed = 0
    let resume: () => void = () => undefined
    const clock: Clock = {
      ...virtualClock(),
      elapsed: () => elapsed++,
      yield: (next) => {
        resume = next
      },
    }
    let ended: unknown
    execute(endless, 0, { clock, ask: () => ({ value: 0 }) }, { runId: "r", cancel }, (outcome) => {
      ended = outcome
    })
    expect(ended).toBeUndefined()
    cancel.cancel("enough")
    expect(ended).toMatchObject({ _tag: "Left", left: { _tag: "Aborted" } })
    resume()
  })

  it("after the end does nothing", async () => {
    const on = stage()
    const ended = await on.run(identity(), 1)
    const told = on.events.length
    on.cancel.cancel("late")
    expect(valueOf(ended)).toBe(1)
    expect(on.events.length).toBe(told)
  })
})

describe("whatever a run is and however it ends", () => {
  it("one end per task, seq without gaps, the run's end last, no timer left", () =>
    fc.assert(
      fc.asyncProperty(
        anySample({ agents: true, faults: true }, 30),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
        fc.option(fc.nat(60)),
        async ({ flow }, table, abortAt) => {
          const clock = virtualClock()
          const events: FlowEvent[] = []
          const cancel = new Cancel()
          let ended = false
          const timers = { open: 0 }
          const counted: Clock = {
            ...clock,
            after(ms, fire) {
              timers.open++
              let open = true
              const close = (): void => {
                if (open) timers.open--
                open = false
              }
              const off = clock.after(ms, () => {
                close()
                fire()
              })
              return () => {
                close()
                off()
              }
            },
          }
          const runtime = lawRuntime(clock, delays(table), (event) => events.push(event))
          execute(flow, 1, { ...runtime, clock: counted }, { runId: "r", cancel }, () => {
            if (ended) throw new Error("twice")
            ended = true
          })
          if (abortAt !== null) {
            await clock.advance(abortAt)
            cancel.cancel("random instant")
            expect(ended).toBe(true)
          }
          await clock.advance(2_000)
          expect(ended).toBe(true)
          expect(timers.open).toBe(0)
          expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i))
          expect(events.at(-1)?.type).toMatch(/^run_(completed|failed|aborted)$/)
          const of = (pattern: RegExp): string[] =>
            events.filter(({ type }) => pattern.test(type)).map(({ taskId }) => taskId)
          expect(of(/^task_(completed|failed|aborted)$/).toSorted()).toEqual(of(/^task_started$/).toSorted())
        },
      ),
      { numRuns: 300 },
    ))
})

describe("a sink that throws", () => {
  it.each(["run_started", "task_started", "task_completed", "race_won", "run_completed"])(
    "at %s ends the run as a Defect",
    async (type) => {
      const on = stage({ slow: after(10) })
      const seen: string[] = []
      let outcome: unknown
      const emit = (event: FlowEvent): void => {
        seen.push(event.type)
        if (event.type === type) throw new Error("the sink broke")
      }
      execute(race(to("slow"), to("slow")), 0, { ...on.runtime, emit }, { runId: "r" }, (ended) => {
        outcome = ended
      })
      await on.clock.advance(20)
      expect(outcome).toMatchObject({ _tag: "Left", left: { _tag: "Defect", cause: { message: "the sink broke" } } })
      expect(seen.filter((one) => /^run_(completed|failed)$/.test(one)).length).toBe(1)
    },
  )

  it("at the abort lets the abort through", async () => {
    const on = stage({ never: () => () => new Promise(() => undefined) })
    let outcome: unknown
    const emit = ({ type }: FlowEvent): void => {
      if (type === "task_aborted") throw new Error("the sink broke")
    }
    execute(
      zip(to("never"), to("never"), fail({ code: "x", message: "" }).fallbackTo(to("never"))),
      0,
      { ...on.runtime, emit },
      { runId: "r", cancel: on.cancel },
      (ended) => {
        outcome = ended
      },
    )
    on.cancel.cancel("stop")
    expect(outcome).toMatchObject({ _tag: "Left" })
  })
})
