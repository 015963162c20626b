import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, longSequence, nested, of, sequences } from "./parts.js"

const calls = (flow: Any, params?: Record<string, unknown>): [number | null, number | null] => {
  const { least, most } = cost(flow, params === undefined ? {} : { params })
  return [least.calls.total.value, most.calls.total.value]
}

const a = ask("a")
/** One of a hundred: that each may be another is shown by the recoveries. */
const other = (i: number): Any => ask(`b${i % 100}`)
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
describe("depth and width", () => {
  it("does not see how a sequence is nested", () => {
    const costs = Object.values(sequences(1_000, (i) => ask(`agent${i % 10}`))).map((flow) => cost(flow))
    expect(costs).toEqual([costs[0], costs[0], costs[0]])
  })

  it("of 100,000 steps", () => {
    const flow = longSequence((i) => ask(`agent${i % 1_000}`))
    expect(calls(flow)).toEqual([100_000, 100_000])
  })

  it.each<[string, (inner: Any, level: number) => Any, number, number]>([
    ["recoveries by other agents", (inner, i) => inner.recoverWith(ask(`b${i}`)), 1, 100_001],
    ["parallels of other agents", (inner, i) => F.zip(inner, other(i)), 100_001, 100_001],
    ["quorums of other agents", (inner, i) => F.atLeast(1, [inner, other(i)]), 1, 100_001],
    ["races of other agents", (inner, i) => F.race(inner, other(i)), 1, 100_001],
    ["branches of other agents", (inner, i) => F.pure(true).branchOn((x) => x, inner, other(i)), 1, 1],
    ["deadlines", (inner) => inner.timeout(5), 1, 1],
    ["loops of one turn", (inner) => F.loop(inner as never, { max: 1 }), 1, 1],
    ["limits of other agents", (inner, i) => inner.andThen(other(i)).limit({ calls: 9 }), 0, 9],
    ["side flows of other agents", (inner, i) => inner.notify(other(i)), 1, 100_001],
    ["guards", (inner) => inner.guard(() => true), 1, 1],
    ["calls", (inner) => F.call("other", inner), 1, 1],
  ])("of 100,000 %s", (_, wrap, least, most) => {
    expect(calls(nested(100_000, ask("a"), wrap))).toEqual([least, most])
  })

  it("of 100,000 retries, each of another agent", () => {
    const flow = nested(100_000, a, (inner, i) => inner.andThen(other(i)).retry({ times: 1 }))
    expect(calls(flow)).toEqual([100_001, null])
  })

  it("of 10,000 lists, one in the other", () => {
    expect(calls(nested(10_000, a, (inner) => each(inner)))).toEqual([0, null])
  })

  it("of a graph of 100,000 members in a row", () => {
    const members = Array.from({ length: 100_000 }, (_, i) => ({
      id: `m${i}`,
      of: F.sleep(1).node,
      dependsOn: i === 0 ? [] : [`m${i - 1}`],
    }))
    expect(cost(of(make.graph(members))).most.latency.value).toBe(100_000)
  })

  it("of 10,000 members that are 100 agents each", () => {
    const members = Array.from({ length: 10_000 }, (_, i) => ask(`a${i}`).andThen(ask(`b${i % 100}`)))
    expect(calls(F.atLeast(5_000, members))).toEqual([10_000, 20_000])
  })
})
