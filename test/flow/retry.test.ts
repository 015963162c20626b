import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fail, type Fault, type Flow, lift, pure, retryable, zip } from "../../src/index.js"
import type { FlowEvent } from "../../src/flow/index.js"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { type Act, faultOf, type Stage, stage, to, valueOf } from "./recording.js"

/** An agent that fails so often, as it is told, and then answers. */
function flaky(times: number, how: () => unknown = () => retryable(new Error("again"))): () => Act {
  let failed = 0
  return () => () => {
    if (failed++ < times) throw how()
    return "done"
  }
}
const scheduled = (events: readonly FlowEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === "retry_scheduled" ? [[event.data.attempt, event.data.after]] : []))
const always = (): (() => Act) => flaky(Infinity)

describe("retry", () => {
  it("tries again with waits that double, a chance part of each, and a path that counts", async () => {
    const on = stage({ a: flaky(3) })
    expect(valueOf(await on.run(to("a").retry({ times: 3, base: 100 }).id("ask").andThen(pure(1))))).toBe(1)
    expect(on.asked).toEqual(["ask", "ask!1", "ask!2", "ask!3"])
    expect(scheduled(on.events)).toEqual([
      [1, 75],
      [2, 150],
      [3, 300],
    ])
    const first = on.events.find(({ type }) => type === "retry_scheduled")
    expect(first).toMatchObject({ path: "ask", data: { fault: { _tag: "AgentFailed", path: "ask" } } })
    expect(on.clock.pending).toBe(0)
  })

  it("gives the last fault when the tries are used up", async () => {
    const on = stage({ a: always() })
    expect(faultOf(await on.run(to("a").retry({ times: 2, base: 0 })))).toMatchObject({ path: "!2", retry: "yes" })
    expect(on.asked).toEqual(["", "!1", "!2"])
  })

  it.each<[string, make.RetryOptions, unknown[]]>([
    ["constant", { backoff: "constant", base: 10, jitter: false, times: 3 }, [10, 10, 10]],
    ["exponential", { base: 10, jitter: false, times: 3 }, [10, 20, 40]],
    ["capped", { base: 10, max: 15, jitter: false, times: 3 }, [10, 15, 15]],
    ["by default", {}, [375, 750, 1500]],
  ])("waits %s", async (_, policy, waits) => {
    const on = stage({ a: always() })
    await on.run(to("a").retry(policy))
    expect(scheduled(on.events)).toEqual(waits.map((wait, i) => [i + 1, wait]))
  })

  it("honours how long a fault asks to wait, and fails at once where that is beyond the longest wait", async () => {
    const asking = (after: number): Stage => stage({ a: flaky(1, () => retryable(new Error("busy"), { after })) })
    const on = asking(4_000)
    await on.run(to("a").retry({ base: 10 }))
    expect(scheduled(on.events)).toEqual([[1, 4_000]])
    const longest = asking(60_000)
    await longest.run(to("a").retry({ base: 10 }))
    expect(scheduled(longest.events)).toEqual([[1, 60_000]])
    const beyond = asking(60_001)
    expect(faultOf(beyond.start(to("a").retry({}))())).toMatchObject({ retry: { after: 60_001 } })
    expect(scheduled(beyond.events)).toEqual([])
  })

  it("does not try again where whoever is told of it aborts", async () => {
    const on = stage({ a: always() })
    Object.assign(on.runtime, {
      emit({ type }: FlowEvent) {
        if (type === "retry_scheduled") on.cancel.cancel("enough")
      },
    })
    expect(on.start(to("a").retry({ base: 0 }))()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(on.asked).toEqual([""])
  })

  it("tries what its verdict allows, or what `on` names whatever its verdict", () => {
    const tries = (whole: Flow<unknown, unknown>, on?: readonly Fault["_tag"][]): number => {
      const { start, events } = stage()
      start(whole.retry({ base: 0, times: 2, ...(on === undefined ? {} : { on }) }))()
      return scheduled(events).length
    }
    const no = fail({ code: "x", message: "x" })
    const yes = fail({ code: "x", message: "x", retry: true })
    const deep = lift((): unknown => {
      throw new RangeError("Maximum call stack size exceeded")
    })
    expect([tries(no), tries(yes)]).toEqual([0, 2])
    expect([tries(no, ["Failed"]), tries(yes, ["TimedOut"])]).toEqual([2, 0])
    expect([tries(deep), tries(deep, ["Failed"]), tries(deep, ["Defect"])]).toEqual([0, 0, 2])
  })

  it("takes its count from a parameter, which may be 0", () => {
    const whole = flow(make.retry(to("a").node, { times: { _tag: "Param", name: "tries" }, base: 0 }))
    const count = (tries: unknown): [number, string] => {
      const on = stage({ a: always() })
      const fault = faultOf(on.start(whole, 0, { tries })())
      return [on.asked.length, fault._tag]
    }
    expect([count(0), count(2), count(-1)]).toEqual([
      [1, "AgentFailed"],
      [3, "AgentFailed"],
      [1, "InvalidInput"],
    ])
  })

  it("an abort is never tried again, and ends the wait", async () => {
    const on = stage({ a: always() })
    const outcome = on.start(to("a").retry({}))
    await on.clock.settle()
    expect(on.clock.pending).toBe(1)
    on.cancel.cancel("enough")
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(on.clock.pending).toBe(0)
    await on.clock.advance(60_000)
    expect(on.asked.length).toBe(1)
  })

  it("ends at a deadline around it, and with a sibling's failure; a timeout within is tried again", async () => {
    const on = stage({ a: always(), slow: () => () => new Promise(() => undefined) })
    expect(faultOf(await on.run(to("a").retry({ times: 9 }).timeout(1_000)))._tag).toBe("TimedOut")
    expect(on.asked).toEqual(["", "!1"])
    const with_ = stage({ a: always(), b: (clock) => () => new Promise((_, no) => clock.after(10, () => no("b"))) })
    expect(faultOf(await with_.run(zip(to("a").retry({}), to("b"))))).toMatchObject({ agent: "b" })
    expect(with_.clock.pending).toBe(0)
    const within = stage({ slow: () => () => new Promise(() => undefined) })
    expect(faultOf(await within.run(to("slow").timeout(10).retry({ times: 1 })))).toMatchObject({ path: "!1" })
    expect(within.events.filter(({ type }) => type === "task_aborted").map(({ path }) => path)).toEqual(["", "!1"])
  })

  it("retries within retries multiply, and each try has its own path", async () => {
    const on = stage({ a: always() })
    await on.run(to("a").retry({ times: 1, base: 0 }).andThen(pure(1)).retry({ times: 1, base: 0 }))
    expect(on.asked).toEqual(["0", "0!1", "!1/0", "!1/0!1"])
  })

  it("with no wait is a loop: 100,000 tries at once", () => {
    const on = stage({ a: flaky(100_000) })
    expect(valueOf(on.start(to("a").retry({ times: 100_000, base: 0 }))())).toBe("done")
  })

  it("asks once more than it fails, and never more than its tries", () =>
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), (failures, times) => {
        const on = stage({ a: flaky(failures) })
        const outcome = on.start(to("a").retry({ times, base: 0 }))()
        expect(on.asked.length).toBe(Math.min(failures, times) + 1)
        expect(outcome?._tag).toBe(failures <= times ? "Right" : "Left")
      }),
    ))
})
