import { describe, expect, it } from "vitest"
import { z } from "zod"
import { cel, template } from "../../src/expr/index.js"
import {
  type AnyFlow,
  atLeast,
  type Flow,
  type FlowEvent,
  fail,
  lift,
  pure,
  race,
  sleep,
  suspend,
  zip,
} from "../../src/flow/index.js"
import { type RunHandle, start } from "../../src/flow/interpret/run/start.js"
import { after, type Stage, stage, thrower, to } from "./recording.js"

const slow = after(100)
const approval = suspend("approval", z.boolean())
const begin = (on: Stage, flow: AnyFlow): RunHandle<unknown> =>
  start(flow, undefined as never, on.runtime, { runId: "r", cancel: on.cancel })
const told = (events: readonly FlowEvent[]): unknown[] =>
  events.flatMap(({ type, data }) => (/suspended|resumed/.test(type) ? [[type, data]] : []))

describe("a suspend", () => {
  it("gives the answer that comes in by its name, at once after the start as well", async () => {
    const on = stage()
    const run = begin(
      on,
      approval.map((yes) => (yes ? "go" : "stop")),
    )
    await run.signal("approval", true)
    expect(await run.value).toBe("go")
    expect(told(on.events)).toEqual([
      ["run_suspended", { waits: [{ path: "0", name: "approval" }] }],
      ["run_resumed", { path: "0" }],
    ])
  })

  it("takes the answer by its path, and what the schema makes of it", async () => {
    const run = begin(stage(), zip(suspend("a", z.string().trim()), suspend("b", z.number().default(7))))
    await run.signal("1", undefined)
    await run.signal("0", " x ")
    expect(await run.value).toEqual(["x", 7])
  })

  it("refuses an answer that does not fit, and stays open", async () => {
    const run = begin(stage(), approval.id("ask"))
    await expect(run.signal("approval", "yes")).rejects.toMatchObject({
      name: "FlowError",
      fault: { _tag: "InvalidInput", path: "", value: "yes", retry: "no" },
    })
    await run.signal("approval", false)
    expect(await run.value).toBe(false)
  })

  it("refuses an answer that nobody waits for, and says who waits", async () => {
    const run = begin(stage(), zip(approval, suspend("price", z.number())))
    await expect(run.signal("aproval", true)).rejects.toThrow(
      'the run "r" waits for no answer named "aproval": it waits for "approval", "price", did you mean "approval"?',
    )
    await run.signal("approval", true)
    await expect(run.signal("approval", true)).rejects.toThrow('no answer named "approval"')
    await run.signal("price", 1)
    expect(await run.result).toEqual([true, 1])
    await expect(run.signal("price", 1)).rejects.toThrow("none of its suspends is open")
  })

  it("waits for a run that is in the middle of its work, as long as it works", async () => {
    const on = stage()
    let now = 0
    const clock = { ...on.clock, elapsed: () => (now += 5) } // each look at the clock finds that much gone by
    const steps = Array.from({ length: 100 }, () => lift((value: unknown) => value))
    const whole = steps.reduce((all, one) => all.andThen(one)).andThen(approval)
    const run = start(whole, 0, { ...on.runtime, clock }, { runId: "r" })
    await Promise.all([
      run.signal("approval", true),
      expect(run.signal("other", true)).rejects.toThrow("no answer named"),
    ])
    expect(await run.value).toBe(true)
  })

  it("a second one of the same name is a fault, where the first is still open", async () => {
    const on = stage()
    const run = begin(
      on,
      zip(
        approval,
        approval.recover((fault) => fault._tag),
      ),
    )
    await run.signal("approval", true)
    expect(await run.value).toEqual([true, "InvalidInput"])
    const again = begin(on, approval.andThen(approval))
    await again.signal("approval", true)
    await again.signal("approval", false)
    expect(await again.value).toBe(false)
  })

  it("its name may be an expression; one that gives no text is a fault", async () => {
    const on = stage({ who: () => () => "ann" })
    const whole = to("who").andThen(suspend(template("approval of ${value}"), z.boolean()))
    const run = begin(on, whole)
    await on.clock.settle()
    await run.signal("approval of ann", true)
    expect(await run.value).toBe(true)
    await expect(begin(on, suspend(cel("2 + 3"), z.boolean())).value).rejects.toMatchObject({
      fault: { _tag: "FunctionFailed", path: "" },
    })
  })
})

describe("a run", () => {
  it("is suspended only when all that is alive waits, and each time anew", async () => {
    const on = stage({ slow })
    const run = begin(on, zip(approval, to("slow"), suspend("price", z.number())))
    await on.clock.advance(50)
    expect(told(on.events)).toEqual([])
    await on.clock.advance(50)
    const price = { path: "2", name: "price" }
    expect(told(on.events)).toEqual([["run_suspended", { waits: [{ path: "0", name: "approval" }, price] }]])
    await run.signal("approval", true)
    expect(told(on.events).slice(1)).toEqual([
      ["run_resumed", { path: "0" }],
      ["run_suspended", { waits: [price] }],
    ])
    await run.signal("price", 1)
    expect(await run.value).toEqual([true, undefined, 1])
    expect(told(on.events).length).toBe(4)
  })

  it("that a deadline wakes goes on", async () => {
    const on = stage()
    const run = begin(on, approval.timeout(50).fallbackTo(suspend("other", z.string())))
    await on.clock.advance(50)
    expect(told(on.events)).toEqual([
      ["run_suspended", { waits: [{ path: "", name: "approval" }] }],
      ["run_resumed", { path: "" }],
      ["run_suspended", { waits: [{ path: "recover", name: "other" }] }],
    ])
    await run.signal("other", "x")
    expect(await run.value).toBe("x")
  })

  it("is not suspended by a suspend that lost, nor by one of a part that failed", async () => {
    const on = stage({ slow })
    const lost = begin(on, race(approval, to("slow")).andThen(to("slow")))
    await on.clock.advance(150)
    expect(told(on.events)).toEqual([])
    await on.clock.advance(50)
    await lost.result
    await expect(begin(on, zip(approval, fail({ code: "c", message: "m" }))).result).rejects.toThrow("m")
    expect(told(on.events)).toEqual([])
  })

  it("is suspended while all of it sleeps, and not while a part waits to try again", async () => {
    const on = stage({ bad: () => thrower("x") })
    const tries = to("bad")
      .retry({ times: 1, base: 40, jitter: false, on: ["AgentFailed"] })
      .id("r")
    const run = begin(
      on,
      zip(
        pure(0).andThen(sleep(50)),
        tries.recover(() => "gave up"),
      ),
    )
    await on.clock.advance(0)
    const nap = { path: "0/1", until: 50 }
    expect(told(on.events)).toEqual([])
    await on.clock.advance(40)
    expect(told(on.events)).toEqual([["run_suspended", { waits: [nap] }]])
    await on.clock.advance(60)
    expect(told(on.events).slice(1)).toEqual([["run_resumed", { path: "0/1" }]])
    expect(await run.value).toEqual([0, "gave up"])
  })

  it.each<[string, Flow<unknown, unknown>, string[]]>([
    ["asks", to("slow"), ["run_suspended", "run_resumed"]],
    ["waits", sleep(60), ["run_suspended", "run_resumed", "run_suspended"]],
  ])("goes on where the hedged copy of a member that waits %s", async (_, copy, types) => {
    const on = stage({ slow })
    const first: Flow<unknown, unknown> = sleep(50)
    let copies = 0
    const member = lift(() => copies++ > 0).branchOn((again) => again, copy, first)
    on.start(atLeast(1, [member], { hedge: { after: 5, max: 1 } }))
    await on.clock.advance(10)
    expect(on.events.flatMap(({ type }) => (/suspended|resumed/.test(type) ? [type] : []))).toEqual(types)
    on.cancel.cancel("enough")
  })

  it("is alive until what settles at one instant is decided", async () => {
    const on = stage({ slow })
    const run = begin(on, race(approval, to("slow"), to("slow")))
    await on.clock.advance(100)
    await run.result
    expect(told(on.events)).toEqual([])
  })

  it("that is aborted while suspended ends at once, and holds nothing", async () => {
    const on = stage()
    const run = begin(on, zip(approval, suspend("price", z.number()).timeout(1_000)))
    await on.clock.settle()
    run.abort("enough")
    await expect(run.result).rejects.toMatchObject({ reason: "enough" })
    expect(on.events.map(({ type }) => type)).toEqual(["run_started", "run_suspended", "run_aborted"])
    expect(on.clock.pending).toBe(0)
    await expect(run.signal("approval", true)).rejects.toThrow("none of its suspends is open")
  })
})
