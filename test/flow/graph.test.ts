import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fail, type Flow, graph, identity, lift, pure, sleep, zip } from "../../src/flow/index.js"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { after, faultOf, stage, thrower, to, valueOf } from "./recording.js"
import { times } from "../setup/times.js"

type Any = Flow<unknown, unknown>
const timed = Object.fromEntries(
  [10, 20, 30].flatMap((ms) => [
    [`a${ms}`, after(ms, () => ms)],
    [`f${ms}`, after(ms, thrower(`after ${ms}`))],
  ]),
)
const of = (members: Readonly<Record<string, readonly [Any, ...string[]]>>): Any =>
  flow(make.graph(Object.entries(members).map(([id, [k, ...dependsOn]]) => ({ id, of: k.node, dependsOn }))))

describe("graph", () => {
  it("gives a root the input, another the input and what it depends on, and gives the only sink", () => {
    const seen = of({ a: [lift(Number)], b: [lift(String)], c: [identity(), "b", "a"], d: [identity(), "c"] })
    expect(valueOf(stage().start(seen, "7")())).toEqual({
      input: "7",
      results: { c: { input: "7", results: { b: "7", a: 7 } } },
    })
  })

  it("gives a record of several sinks, in the order in which they were written", () => {
    const whole = graph({
      z: { dependsOn: ["a"], flow: lift(({ results }: { results: { a: number } }) => results.a + 1) },
      a: { flow: pure(1) },
      b: { flow: pure("b") },
    })
    const value = valueOf(stage().start(whole)())
    expect(value).toEqual({ z: 2, b: "b" })
    expect(Object.keys(value as object)).toEqual(["z", "b"])
  })

  it("starts each member the moment its last dependency ends, and not before", async () => {
    const on = stage(timed)
    const whole = of({
      last: [to("a10"), "slow", "mid"],
      slow: [to("a30")],
      mid: [to("a10"), "quick"],
      quick: [to("a10").id("named")],
    })
    await on.run(whole.id("g").andThen(identity()))
    const starts = on.events.flatMap(({ type, path, time }) => (type === "task_started" ? [[path, time]] : []))
    expect(starts).toEqual([
      ["g/slow", 0],
      ["g/named", 0],
      ["g/mid", 10],
      ["g/last", 30],
    ])
  })

  it("aborts the rest at the first failure, and starts none that was to come", async () => {
    const on = stage(timed)
    const whole = of({ a: [to("a30")], b: [to("f10")], c: [to("a10"), "a"], d: [to("a10"), "b"] })
    expect(faultOf(await on.run(whole))).toMatchObject({ _tag: "AgentFailed", path: "b" })
    expect(on.asked).toEqual(["a", "b"])
    expect(on.events.filter(({ type }) => type === "task_aborted").map(({ path }) => path)).toEqual(["a"])
    const sync = stage()
    const failing = of({ a: [fail({ code: "x", message: "x" })], b: [to("t")] })
    expect(faultOf(sync.start(failing)())).toMatchObject({ code: "x", path: "a" })
    expect(sync.asked).toEqual([])
  })

  it("ends with a sibling, a deadline and an abort", async () => {
    const on = stage(timed)
    const whole = of({ a: [to("a20")], b: [to("a20"), "a"] })
    const shut = sleep(25).andThen(fail({ code: "shut", message: "shut" }))
    expect(faultOf(await on.run(zip(whole, shut)))).toMatchObject({ code: "shut" })
    expect(faultOf(await on.run(whole.timeout(30)))._tag).toBe("TimedOut")
    on.asked.length = 0
    const outcome = on.start(whole)
    await on.clock.advance(5)
    on.cancel.cancel("enough")
    await on.clock.advance(100)
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(on.asked).toEqual(["a"])
  })

  it("a chain of 100,000 members and a fan of 10,000, without recursion", async () => {
    const chain = make.graph(
      Array.from({ length: 100_000 }, (_, i) => ({
        id: `m${i}`,
        of: (i === 0
          ? lift(Number)
          : lift(({ results }: { results: Record<string, number> }) => (results[`m${i - 1}`] ?? 0) + 1)
        ).node,
        dependsOn: i === 0 ? [] : [`m${i - 1}`],
      })),
    )
    expect(valueOf(stage().start(flow(chain), 1)())).toBe(100_000)
    const ids = Array.from({ length: 10_000 }, (_, i) => `m${i}`)
    const fan = make.graph([
      ...ids.map((id) => ({ id, of: to("later").node, dependsOn: [] })),
      { id: "all", of: lift(({ results }: { results: object }) => Object.keys(results).length).node, dependsOn: ids },
    ])
    expect(valueOf(await stage({ later: () => async (value) => value }).run(flow(fan), 1))).toBe(10_000)
  })

  it("every member starts when its last dependency ends, whatever the graph", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.integer({ min: 0, max: 9 }), deps: fc.array(fc.nat(9), { maxLength: 4 }) }), {
          minLength: 1,
          maxLength: 10,
        }),
        async (shape) => {
          const depsOf = shape.map(({ deps }, i) => [...new Set(deps.filter((dep) => dep < i))])
          const ends: number[] = []
          for (const [i, { ms }] of shape.entries()) {
            ends.push(Math.max(0, ...(depsOf[i] ?? []).map((dep) => ends[dep] ?? 0)) + ms)
          }
          const acts = Object.fromEntries(shape.map(({ ms }, i) => [`t${i}`, after(ms)]))
          const on = stage(acts)
          const members = shape.map((_, i) => ({
            id: `m${i}`,
            of: to(`t${i}`).node,
            dependsOn: (depsOf[i] ?? []).map((dep) => `m${dep}`),
          }))
          await on.run(flow(make.graph(members.toReversed())))
          for (const [i, { ms }] of shape.entries()) {
            const events = on.events.filter(({ path }) => path === `m${i}`)
            const end = ends[i] ?? 0
            expect(events.map(({ type, time }) => [type, time])).toEqual([
              ["task_started", end - ms],
              ["task_completed", end],
            ])
          }
        },
      ),
      times(30),
    ))
})
