import * as fc from "fast-check"
import { template } from "../../src/expr/index.js"
import { type Ask, fail, type Flow, pure, race, suspend, zip } from "../../src/flow/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { describe, expect, it } from "vitest"
import { anySample, delays, lawRuntime } from "../laws/interpreters.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import type { Clock } from "../../src/data/clock.js"
import { Cancel } from "../../src/data/cancel.js"
import type { FlowEvent } from "../../src/flow/event.js"
import { after, stage, to } from "./recording.js"
import { times } from "../setup/times.js"

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
      times(300),
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

  it.each([
    ["run_suspended", suspend("a", { type: "string" })],
    ["side_failed", pure(1).notify(fail({ code: "c", message: "m" }))],
    ["run_completed", pure(1).notify(to("slow"))],
  ])("at %s ends the run as a Defect as well", async (type, whole) => {
    const on = stage({ slow: after(10) })
    const emit = (event: FlowEvent): void => {
      if (event.type === type) throw new Error("the sink broke")
    }
    let outcome: unknown
    execute(whole, 0, { ...on.runtime, emit }, { runId: "r" }, (ended) => {
      outcome = ended
    })
    await on.clock.advance(20)
    expect(outcome).toMatchObject({ _tag: "Left", left: { _tag: "Defect", cause: { message: "the sink broke" } } })
    expect(on.clock.pending).toBe(0)
  })

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

describe("what an agent tells after its end is not heard:", () => {
  it.each<[string, Flow<unknown, unknown>]>([
    ["after its answer", to("talks")],
    ["after its failure", to("grumbles").fallbackTo(to("waits"))],
    ["after its abort", race(to("never"), to("waits"))],
  ])("%s", async (_, first) => {
    const asks: Ask[] = []
    const told = (ask: Ask): void => {
      asks.push(ask)
      ask.emit("task_chunk", "in time")
    }
    const on = stage({
      talks: () => (_input, ask) => told(ask),
      grumbles: () => (_input, ask) => {
        told(ask)
        throw new Error("no")
      },
      never: () => (_input, ask) => {
        told(ask)
        return new Promise(() => {})
      },
      waits: after(10),
    })
    const outcome = on.start(first.andThen(to("waits")), 0)
    await on.clock.advance(10)
    for (const ask of asks) ask.emit("task_chunk", "too late")
    await on.clock.advance(10)
    expect(outcome()).toMatchObject({ _tag: "Right" })
    expect(on.events.filter(({ type }) => type === "task_chunk").map(({ data }) => data)).toEqual(["in time"])
  })
})

describe("a handler", () => {
  it("that is an expression reads the fault, and the input of its step", async () => {
    const { run } = stage()
    const flow = pure(3).andThen(
      fail({ code: "x", message: "broken" }).recover(template("${fault.message} at ${value}")),
    )
    expect(await run(flow, 0)).toMatchObject({ right: "broken at 3" })
  })
})
