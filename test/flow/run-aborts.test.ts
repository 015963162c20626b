import { atLeast, continueWith, type Flow, identity, lift, loop, pure, race, zip } from "../../src/flow/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { describe, expect, it } from "vitest"
import { execute } from "../../src/flow/interpret/run/index.js"
import type { Clock } from "../../src/data/clock.js"
import { Cancel } from "../../src/data/cancel.js"
import type { FlowEvent } from "../../src/flow/event.js"
import { stage, to, valueOf } from "./recording.js"

const types = (events: readonly FlowEvent[]): string[] => events.map(({ type, path }) => `${type} ${path}`)

describe("an abort of the run", () => {
  const endless = loop(lift(continueWith), { max: 1_000_000_000 })
  it("before the start: nothing is asked", () => {
    const on = stage()
    on.cancel.cancel("no")
    expect(on.start(to("a"), 0)()).toEqual({ _tag: "Left", left: { _tag: "Aborted", reason: "no" } })
    expect(on.asked).toEqual([])
    expect(types(on.events)).toEqual(["run_started ", "run_aborted "])
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

  it("from inside a function ends the sequence or the loop that it is in, and is the last event", () => {
    const on = stage()
    const ran: string[] = []
    const stop = lift(() => on.cancel.cancel("inside"))
    expect(on.start(stop.andThen(lift(() => ran.push("step"))), 0)()).toMatchObject({ left: { _tag: "Aborted" } })
    const two = stage()
    const turns = lift(() => {
      ran.push("turn")
      two.cancel.cancel("inside")
      return continueWith(1)
    })
    expect(two.start(loop(turns), 0)()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(ran).toEqual(["turn"])
    const three = stage()
    const choose = lift((n: unknown) => n).branchOn(
      () => {
        three.cancel.cancel("inside")
        return true
      },
      pure(1),
      pure(2),
    )
    three.start(choose, 0)
    expect(three.events.map(({ type }) => type)).toEqual(["run_started", "run_aborted"])
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
    execute(endless, 0, { clock, random: () => 0, ask: () => ({ value: 0 }) }, { runId: "r", cancel }, (outcome) => {
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
