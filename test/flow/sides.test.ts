import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { execute } from "../../src/flow/interpret/run/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { anySample, delays, lawRuntime } from "../laws/interpreters.js"
import { type FlowEvent, fail, lift, pure, race, zip } from "../../src/flow/index.js"
import { start } from "../../src/flow/interpret/run/start.js"
import { after, faultOf, stage, thrower, to, valueOf } from "./recording.js"
import { times } from "../setup/times.js"

const slow = after(100)
const never = () => () => new Promise(() => undefined)
const types = (events: readonly { readonly type: string; readonly path: string }[]): string[] =>
  events.map(({ type, path }) => `${type} ${path}`)

describe("tap", () => {
  it("waits for its side, and passes the value on", async () => {
    const on = stage({ slow })
    const outcome = on.start(
      pure("v")
        .tap(to("slow"))
        .map((v) => `${v}!`),
    )
    await on.clock.advance(99)
    expect(outcome()).toBeUndefined()
    await on.clock.advance(1)
    expect(valueOf(outcome())).toBe("v!")
    expect(on.asked).toEqual(["0/tap"])
  })

  it("fails with its side, and is aborted with its flow", async () => {
    expect(faultOf(await stage({ bad: () => thrower("x") }).run(pure(1).tap(to("bad"))))).toMatchObject({
      _tag: "AgentFailed",
      path: "tap",
    })
    const on = stage({ never })
    expect(faultOf(await on.run(pure(1).tap(to("never")).timeout(10)))._tag).toBe("TimedOut")
    expect(on.events.map(({ type }) => type)).toContain("task_aborted")
  })
})

describe("notify and divertTo", () => {
  it("hold up no value: it is known at once, and the run ends with its side", async () => {
    const on = stage({ slow })
    const run = start(pure("v").notify(to("slow")), undefined, on.runtime, { runId: "r" })
    let known: unknown
    let ended: unknown
    void run.value.then((value) => (known = value))
    void run.result.then((value) => (ended = value))
    await on.clock.settle()
    expect([known, ended]).toEqual(["v", undefined])
    expect(types(on.events)).toEqual(["run_started ", "task_started notify"])
    await on.clock.advance(100)
    expect(ended).toBe("v")
    expect(types(on.events).slice(2)).toEqual(["task_completed notify", "run_completed "])
    expect(on.clock.pending).toBe(0)
  })

  it("gets the output; divertTo only where its condition holds; an id is its place", async () => {
    const got: unknown[] = []
    const on = stage({ log: () => (input) => got.push(input) })
    const divert = (n: number): Promise<unknown> =>
      on.run(
        pure(n)
          .divertTo(to("log").id("big"), (value) => value > 1)
          .map((value) => value),
      )
    await divert(1)
    await divert(2)
    expect(got).toEqual([2])
    expect(on.asked).toEqual(["0/big"])
  })

  it.each<[string, () => boolean]>([
    ["throws", thrower("no")],
    ["gives no boolean", () => "yes" as never],
  ])("a condition that %s is a failure of the side, which the value does not wait for", async (_, when) => {
    const on = stage()
    expect(await on.run(pure(1).divertTo(to("x"), when))).toEqual({ _tag: "Right", right: 1 })
    expect(on.asked).toEqual([])
    expect(on.events.filter(({ type }) => type === "side_failed")).toMatchObject([
      { path: "divert_to", data: { fault: { _tag: "FunctionFailed" } } },
    ])
  })

  it("a long side of pure steps starts once the value is on its way", async () => {
    const order: string[] = []
    const say = (word: string) =>
      lift((value: unknown) => {
        order.push(word)
        return value
      })
    await stage().run(pure(1).notify(say("side")).andThen(say("main")))
    expect(order).toEqual(["main", "side"])
  })

  it("its failure is an event and nothing else", async () => {
    const on = stage({ bad: () => thrower("x") })
    expect(
      valueOf(
        await on.run(
          pure(1)
            .notify(to("bad"))
            .map((n) => n + 1),
        ),
      ),
    ).toBe(2)
    expect(types(on.events).slice(-2)).toEqual(["side_failed 0/notify", "run_completed "])
    expect(on.events.at(-2)?.data).toMatchObject({ fault: { _tag: "AgentFailed", path: "0/notify" } })
  })

  it("belongs to the run: neither a timeout nor a race around it ends it", async () => {
    const on = stage({ slow, never })
    const inner = pure("v").notify(to("slow"))
    const outcome = on.start(
      race(inner.andThen(to("never")), pure("won"))
        .timeout(50)
        .andThen(to("never"))
        .timeout(60),
    )
    await on.clock.advance(60)
    expect(outcome()).toBeUndefined() // the fault is known, the side goes on
    await on.clock.advance(40)
    expect(faultOf(outcome())._tag).toBe("TimedOut")
    expect(types(on.events).slice(-2)).toEqual(["task_completed 0/0/0/notify", "run_failed "])
  })

  it("has no deadline of what is around it", async () => {
    const deadlines: (number | undefined)[] = []
    const on = stage({ log: () => (_, ask) => deadlines.push(ask.deadline) })
    await on.run(pure(1).notify(to("log")).tap(to("log")).timeout(50))
    expect(deadlines).toEqual([50, undefined])
  })

  it("sees the names that are bound around it, and may have sides of its own", async () => {
    const on = stage({ slow })
    const outcome = on.start(pure({ a: 1 }).notify(to("slow").notify(to("slow").id("second"))))
    await on.clock.advance(150)
    expect(outcome()).toBeUndefined()
    await on.clock.advance(50)
    expect(valueOf(outcome())).toEqual({ a: 1 })
    expect(on.asked).toEqual(["notify", "notify/second"])
  })
})

describe("the drain", () => {
  it("aborts what is not done 5,000 ms after the value, as side_failed", async () => {
    const on = stage({ slow, never })
    const outcome = on.start(to("slow").notify(to("never")).notify(to("never")))
    await on.clock.advance(5_099)
    expect(outcome()).toBeUndefined()
    await on.clock.advance(1)
    expect(valueOf(outcome())).toBeUndefined()
    expect(types(on.events).slice(-5)).toEqual([
      "task_aborted notify",
      "side_failed notify",
      "task_aborted notify",
      "side_failed notify",
      "run_completed ",
    ])
    expect(on.events.at(-2)?.data).toMatchObject({ fault: { _tag: "Aborted", reason: /5000 ms/ } })
    expect(on.clock.pending).toBe(0)
  })

  it.each([0, 70])("takes %i ms where it is told so", async (drain) => {
    const on = stage({ never })
    let ended: unknown
    const run = start(pure(1).notify(to("never")), undefined, on.runtime, { runId: "r", drain })
    void run.result.then((one) => (ended = one))
    await on.clock.advance(Math.max(0, drain - 1))
    if (drain > 0) expect(ended).toBeUndefined()
    await on.clock.advance(1)
    expect(ended).toBe(1)
  })

  it("is given to the sides of a flow that fails as well", async () => {
    const on = stage({ slow })
    const run = start(
      pure(1)
        .notify(to("slow"))
        .andThen(fail({ code: "c", message: "m" })),
      undefined,
      on.runtime,
      {
        runId: "r",
      },
    )
    const told: string[] = []
    run.value.catch(() => told.push(`value at ${on.clock.now()}`))
    run.result.catch(() => told.push(`result at ${on.clock.now()}`))
    await on.clock.advance(200)
    expect(told).toEqual(["value at 0", "result at 100"])
    expect(types(on.events).slice(-2)).toEqual(["task_completed 0/notify", "run_failed 1"])
  })

  it.each(["before", "after"])("an abort %s the value is known ends the sides at once", async (when) => {
    const on = stage({ slow, never })
    const outcome = on.start(pure(1).notify(to("never")).andThen(to("slow")))
    await on.clock.advance(when === "before" ? 50 : 150)
    on.cancel.cancel("enough")
    expect(outcome()).toEqual({ _tag: "Left", left: { _tag: "Aborted", reason: "enough" } })
    expect(on.events.filter(({ type }) => type === "side_failed")).toEqual([])
    const last = ["task_aborted 0/notify", ...(when === "before" ? ["task_aborted 1"] : []), "run_aborted "]
    expect(types(on.events).slice(-last.length)).toEqual(last)
    await on.clock.settle()
    const own = when === "before" ? 1 : 0 // the timer of the agent that was aborted
    expect(on.clock.pending).toBe(own)
  })
})

it("every ask of a side has one end, and its run as its parent", async () => {
  const on = stage({ slow, bad: () => thrower("x") })
  await on.run(zip(pure(1).notify(to("slow")), pure(2).notify(to("bad"))))
  const tasks = on.events.filter(({ parentTaskId }) => parentTaskId !== undefined)
  expect(tasks.map(({ taskId, parentTaskId }) => [taskId, parentTaskId])).toEqual([
    ["r.1", "r"],
    ["r.2", "r"],
    ["r.2", "r"],
    ["r.1", "r"],
  ])
  expect(on.events.map(({ seq }) => seq)).toEqual(on.events.map((_, i) => i))
  expect(on.events.at(-1)?.type).toBe("run_completed")
})

it("a side, whatever it is, changes neither the value nor the rules of events", () =>
  fc.assert(
    fc.asyncProperty(
      anySample({ agents: true, faults: true }, 20),
      anySample({ agents: true, faults: true }, 20),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
      async (main, side, table) => {
        const clock = virtualClock()
        const events: FlowEvent[] = []
        const ends: unknown[] = []
        const runtime = lawRuntime(clock, delays(table), (event) => events.push(event))
        const { emit: _, ...quiet } = runtime
        execute(main.flow, 1, quiet, { runId: "r" }, (end) => ends.push(end))
        execute(main.flow.notify(side.flow), 1, runtime, { runId: "r" }, (end) => ends.push(end))
        await clock.advance(10_000)
        expect(ends.length).toBe(2)
        expect(ends[1]).toEqual(ends[0])
        const of = (pattern: RegExp): string[] =>
          events.flatMap(({ type, taskId }) => (pattern.test(type) ? [taskId] : []))
        expect(of(/^task_(completed|failed|aborted)$/).toSorted()).toEqual(of(/^task_started$/).toSorted())
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i))
        expect(events.at(-1)?.type).toMatch(/^run_(completed|failed)$/)
        expect(clock.pending).toBe(0)
      },
    ),
    times(200),
  ))
