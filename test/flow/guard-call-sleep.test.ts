import { cel } from "../../src/expr/index.js"
import { describe, expect, it } from "vitest"
import {
  type AnyFlow,
  call,
  fail,
  type Flow,
  identity,
  letIn,
  lift,
  loop,
  named,
  pure,
  race,
  sleep,
  zip,
} from "../../src/flow/index.js"
import { continueWith, done } from "../../src/flow/index.js"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { faultOf, stage, thrower, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
const run = (whole: AnyFlow, input?: unknown): ReturnType<ReturnType<typeof stage>["start"]> =>
  stage().start(whole, input)
const big = named("big", (n: unknown) => Number(n) > 3)

describe("guard", () => {
  it("passes the output, or fails Rejected with it", () => {
    const guarded = lift((n: number) => n + 1).guard(big)
    expect(valueOf(run(guarded, 3)())).toBe(4)
    const fault = faultOf(run(guarded.id("g").andThen(identity()), 2)())
    expect(fault).toMatchObject({ _tag: "Rejected", path: "g", value: 3, retry: "no" })
    expect(fault.message).toBe("the value does not pass the guard: big")
    expect(faultOf(run(identity().guard(cel("value > input")), 3)()).message).toMatch(/: value > input$/)
    expect(
      faultOf(
        run(
          identity().filter(() => false),
          3,
        )(),
      ).message,
    ).toBe("the value does not pass the guard")
  })

  it("by a flow, which gets the output and has a path of its own", async () => {
    const on = stage({ t: () => async () => true, f: () => async () => false })
    const by = (name: string): Any => flow(make.guard(to("first").node, { by: to(name).node }))
    expect(valueOf(await on.run(by("t").id("g").andThen(identity()), 7))).toBe(7)
    expect(on.asked).toEqual(["g", "g/guard"])
    expect(faultOf(await on.run(by("f"), 7))).toMatchObject({ _tag: "Rejected", value: 7 })
    const failing = flow(make.guard(make.seq([]), { by: fail({ code: "c", message: "m" }).node }))
    expect(faultOf(run(failing)())).toMatchObject({ code: "c", path: "guard" })
  })

  it.each<[string, unknown, RegExp]>([
    ["a number", 1, /guard failed: its check gave a value of type number: expected true or false/],
    ["null", null, /gave null/],
    ["a list", [], /gave a list/],
  ])("is FunctionFailed where its check gives %s", (_, given, message) => {
    const fault = faultOf(run(flow(make.guard(make.seq([]), { by: pure(given).node })))())
    expect(fault).toMatchObject({ _tag: "FunctionFailed", path: "" })
    expect(fault.message).toMatch(message)
    expect(faultOf(run(identity().guard(thrower("no") as () => boolean))())._tag).toBe("FunctionFailed")
  })

  it("checks nothing after a fault, and ends with an abort", async () => {
    expect(faultOf(run(fail({ code: "c", message: "m" }).guard(thrower("no")))())._tag).toBe("Failed")
    const on = stage({ never: () => () => new Promise(() => 0) })
    const outcome = on.start(flow(make.guard(make.seq([]), { by: to("never").node })))
    await on.clock.settle()
    on.cancel.cancel("enough")
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(on.events.map(({ type }) => type)).toContain("task_aborted")
  })
})

describe("call", () => {
  const inputOf = lift<unknown, unknown>(cel("[value, input]"))

  it("means by input what the caller gave it, and so do calls within calls; outside it is as before", () => {
    const inner = call("inner", lift((n: number) => n * 2).andThen(inputOf))
    const outer = call("outer", lift((n: number) => n + 1).andThen(zip(inputOf, inner, inputOf)))
    const whole = lift((n: number) => n + 10).andThen(zip(outer, inputOf))
    expect(valueOf(run(whole, 1)())).toEqual([
      [
        [12, 11],
        [24, 12],
        [12, 11],
      ],
      [11, 1],
    ])
  })

  it("sees no name of its caller", () => {
    const reads = lift<unknown, unknown>(cel("value"))
    const chosen = letIn("far", pure(1), () =>
      call(
        "f",
        reads.map((v) => v),
      ),
    )
    expect(valueOf(run(chosen)())).toBe(1)
    const shadowed = letIn("far", pure(1), () =>
      call(
        "f",
        letIn("far", pure(2), (far) => far),
      ),
    )
    expect(valueOf(run(shadowed)())).toBe(2)
  })

  it("adds its name to the path, counters before it", async () => {
    const on = stage()
    const turn = call("a/b", to("t").andThen(identity())).map((n) => (n === 1 ? done(n) : continueWith(1)))
    await on.run(loop(turn), 0)
    await on.run(
      loop(
        call("only", to("t"))
          .recover(() => 0)
          .timeout(9) as never,
        { max: 1, exhausted: "last" },
      ),
      done(1),
    )
    await on.run(zip(call("f", to("t"))), 0)
    await on.run(call("f", to("t")))
    expect(on.asked).toEqual(["#0/0@a%2Fb/0", "#1/0@a%2Fb/0", "#0@only", "@f", "@f"])
  })

  it("of a name that nothing knows is told of", () => {
    const refused = ((): unknown => {
      try {
        return faultOf(run(call("lost"))())
      } catch (error) {
        return error
      }
    })()
    expect(String((refused as { message: unknown }).message)).toMatch(/lost/)
  })
})

describe("sleep", () => {
  it("waits on the run's clock, and passes its input on", async () => {
    const on = stage()
    const outcome = on.start(sleep<number>(5_000).andThen(lift((n: number) => n + 1)), 1)
    await on.clock.advance(4_999)
    expect(outcome()).toBeUndefined()
    await on.clock.advance(1)
    expect(valueOf(outcome())).toBe(2)
    expect(on.events.map(({ type }) => type)).toEqual(["run_started", "run_suspended", "run_resumed", "run_completed"])
  })

  it("ends with an abort, a deadline and a sibling, and leaves no timer", async () => {
    const on = stage()
    expect(faultOf(await on.run(sleep(100).timeout(50)))._tag).toBe("TimedOut")
    expect(
      valueOf(
        await on.run(
          race(
            sleep(100),
            sleep(50).map(() => "won"),
          ),
        ),
      ),
    ).toBe("won")
    const outcome = on.start(sleep(100))
    await on.clock.settle()
    expect(on.clock.pending).toBe(1)
    on.cancel.cancel("enough")
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(on.clock.pending).toBe(0)
  })
})
