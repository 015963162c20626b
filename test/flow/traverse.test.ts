import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fail, type Flow, identity, lift, pure, sleep, traverse, zip } from "../../src/flow/index.js"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { type Act, faultOf, stage, to, valueOf } from "./recording.js"
import { times } from "../setup/times.js"

/** Answers after as many milliseconds as it gets; fails for negative ones. Counts how many are under way. */
function timed(): { readonly act: (clock: { after: (ms: number, fire: () => void) => unknown }) => Act; most: number } {
  let running = 0
  const self = {
    most: 0,
    act:
      (clock: { after: (ms: number, fire: () => void) => unknown }): Act =>
      (input, ask) =>
        new Promise((resolve, reject) => {
          self.most = Math.max(self.most, ++running)
          ask.cancel.onCancel(() => running--)
          clock.after(Math.abs(Number(input)), () => {
            if (ask.cancel.cancelled) return
            running--
            if (Number(input) < 0) reject(new Error(`no ${String(input)}`))
            else resolve(input)
          })
        }),
  }
  return self
}
const flowOf = (options: make.TraverseOptions = {}): Flow<unknown, unknown> =>
  flow(make.traverse(to("t").node, options))

describe("traverse", () => {
  it("gives the outputs in order, from paths that count", async () => {
    const on = stage({ t: timed().act })
    expect(valueOf(await on.run(flowOf().id("each").andThen(identity()), [30, 10, 20]))).toEqual([30, 10, 20])
    expect(on.asked).toEqual(["each[0]", "each[1]", "each[2]"])
    expect(on.clock.now()).toBeLessThan(60_001)
    const nested = traverse(traverse(to("t").andThen(identity())))
    const inner = stage()
    expect(valueOf(await inner.run(nested, [[1], [2, 3]]))).toEqual([[1], [2, 3]])
    expect(inner.asked).toEqual(["[0][0]/0", "[1][0]/0", "[1][1]/0"])
    expect(valueOf(inner.start(flowOf(), [])())).toEqual([])
  })

  it.each<[string, unknown, RegExp]>([
    ["a text", "bees", /what arrived is a value of type string: expected a list/],
    ["null", null, /what arrived is null: expected a list/],
    ["an object", { length: 1 }, /value of type object/],
  ])("refuses %s before anything starts", (_, input, message) => {
    const on = stage()
    const fault = faultOf(on.start(flowOf().id("each").andThen(identity()), input)())
    expect(fault).toMatchObject({ _tag: "InvalidInput", path: "each", value: input, retry: "no" })
    expect(fault.message).toMatch(message)
    expect(on.asked).toEqual([])
  })

  it("keeps at most so many under way, in order, at any time", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (list, concurrency) => {
          const agent = timed()
          const on = stage({ t: agent.act })
          expect(valueOf(await on.run(flowOf({ concurrency }), list))).toEqual(list)
          expect(agent.most).toBe(Math.min(concurrency, list.length))
          expect(on.asked).toEqual(list.map((_, i) => `[${i}]`))
          expect(on.clock.pending).toBe(0)
        },
      ),
      times(30),
    ))

  it("the first failure is that of all: the rest is aborted, and none starts any more", async () => {
    const on = stage({ t: timed().act })
    expect(faultOf(await on.run(flowOf({ concurrency: 2 }), [50, -10, 20, 20]))).toMatchObject({ path: "[1]" })
    expect(on.asked).toEqual(["[0]", "[1]"])
    expect(on.events.filter(({ type }) => type === "task_aborted").map(({ path }) => path)).toEqual(["[0]"])
    const sync = stage()
    const body = lift((n: number) => n).guard((n) => n < 3)
    expect(faultOf(sync.start(traverse(body.andThen(to("t"))), [1, 2, 3, 4])())).toMatchObject({ path: "[2]/0" })
    expect(sync.asked).toEqual(["[0]/1", "[1]/1"])
  })

  it("a sibling's failure, a deadline and an abort end it", async () => {
    const on = stage({ t: timed().act })
    const shut = sleep(5).andThen(fail({ code: "shut", message: "shut" }))
    expect(faultOf(await on.run(zip(flowOf(), shut), [10, 20]))).toMatchObject({ code: "shut" })
    expect(faultOf(await on.run(flowOf({ concurrency: 1 }).timeout(25), [10, 10, 10]))._tag).toBe("TimedOut")
    on.asked.length = 0
    const outcome = on.start(flowOf({ concurrency: 1 }), [10, 10])
    await on.clock.settle()
    on.cancel.cancel("enough")
    await on.clock.advance(100)
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(on.asked).toEqual(["[0]"])
  })

  it("with atLeast awaits every element, and gives what a quorum gives", async () => {
    const on = stage({ t: timed().act })
    const value = valueOf(await on.run(flowOf({ atLeast: 2, concurrency: 2 }), [10, -20, 30]))
    expect(value).toMatchObject({
      succeeded: [
        { index: 0, name: "0", value: 10 },
        { index: 2, name: "2", value: 30 },
      ],
      failed: [{ index: 1, name: "1", fault: { _tag: "AgentFailed", path: "[1]" } }],
      aborted: [],
    })
    expect(on.events.filter(({ type }) => type === "quorum_reached").map(({ data }) => data)).toEqual([
      { needed: 2, succeeded: [0, 2] },
    ])
  })

  it("with atLeast fails as soon as that is impossible, at once for a list that is too short", async () => {
    const on = stage({ t: timed().act })
    expect(faultOf(await on.run(flowOf({ atLeast: 2 }), [-10, 50, -20, 50].slice(0, 3)))).toMatchObject({
      _tag: "QuorumNotMet",
      needed: 2,
      succeeded: 0,
      faults: [{ path: "[0]" }, { path: "[2]" }],
    })
    expect(on.events.filter(({ type }) => type === "task_aborted").map(({ path }) => path)).toEqual(["[1]"])
    const short = stage()
    expect(faultOf(short.start(flowOf({ atLeast: 3 }), [1, 2])())).toMatchObject({ _tag: "QuorumNotMet", succeeded: 0 })
    expect(short.asked).toEqual([])
    const param = flowOf({ atLeast: { _tag: "Param", name: "most" } })
    expect(valueOf(short.start(param, [1, 2], { most: 2 })())).toMatchObject({ failed: [] })
    expect(faultOf(short.start(param, [1, 2], {})())._tag).toBe("InvalidInput")
  })

  it("a defect of an element is one of all", async () => {
    const deep = lift((): unknown => {
      throw new RangeError("Maximum call stack size exceeded")
    })
    expect(faultOf(stage().start(traverse(deep, { atLeast: 1 }), [1, 2])())._tag).toBe("Defect")
  })

  it("takes the list as it was when it began", async () => {
    const list = [10, 20]
    const on = stage({ t: timed().act })
    const outcome = on.start(flowOf({ concurrency: 1 }), list)
    list.push(30)
    list[1] = 5
    await on.clock.advance(60)
    expect(valueOf(outcome())).toEqual([10, 20])
  })

  it("100,000 elements, synchronous or not, one at a time or all at once", async () => {
    const list = Array.from({ length: 100_000 }, (_, i) => i)
    const { start, run } = stage({ later: () => async (n) => n })
    const twice = lift((n: number) => n * 2)
    expect(valueOf(start(traverse(twice), list)())).toEqual(list.map((n) => n * 2))
    expect(valueOf(start(traverse(twice, { concurrency: 1 }), list)())).toEqual(list.map((n) => n * 2))
    const some = list.slice(0, 10_000)
    for (const options of [{}, { concurrency: 3 }, { concurrency: 100, atLeast: 10_000 }]) {
      const value = valueOf(await run(flow(make.traverse(to("later").node, options)), some))
      expect(Array.isArray(value) ? value.length : (value as { succeeded: unknown[] }).succeeded.length).toBe(10_000)
    }
  })

  it("an element that is synchronous settles before the next starts, however deep it is", () => {
    const on = stage()
    let deep: Flow<unknown, unknown> = to("a").andThen(fail({ code: "x", message: "x" }))
    for (let i = 0; i < 5_000; i++) deep = deep.retry({ times: 0 })
    expect(faultOf(on.start(traverse(deep), [1, 2])())).toMatchObject({ code: "x" })
    expect(on.asked).toEqual(["[0]/0"])
    expect(valueOf(on.start(traverse(pure(1)), [1, 2])())).toEqual([1, 1])
  })
})
