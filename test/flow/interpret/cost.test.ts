import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { formatCost } from "../../../src/flow/interpret/cost-format.js"
import { template } from "../../../src/expr/index.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, longSequences, nested, of, ref } from "./parts.js"

const param = (name: string, minimum?: number, maximum?: number): F.Param => ({
  _tag: "Param",
  name,
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
})

const calls = (flow: Any, params?: Record<string, unknown>): [number | null, number | null] => {
  const { least, most } = cost(flow, params === undefined ? {} : { params })
  return [least.calls.total.value, most.calls.total.value]
}

const [a, b, c] = [ask("a"), ask("b"), ask("c")]
const prompted = of(make.agent(ref("m"), { prompt: template("${value.text}") }))
const tries = F.atLeast(param("n", 2, 3), [a, b, c])
const throws: Any = F.lift(() => {
  throw new Error("no")
})

describe("asks", () => {
  it.each<[string, Any, number, number]>([
    ["nothing", F.identity(), 0, 0],
    ["an agent", a, 1, 1],
    ["a sequence adds", a.andThen(b).andThen(c), 3, 3],
    ["a name adds", F.letIn("x", a, (x) => x.andThen(b)), 2, 2],
    ["all add", F.zip(a, b, c), 3, 3],
    ["a quorum takes the cheapest n", F.atLeast(2, [a.andThen(b), a, b]), 2, 4],
    ["a required member is among them", F.atLeast(2, [a.andThen(b), a, b], { required: [0] }), 3, 4],
    ["hedging adds the dearest", F.atLeast(1, [a.andThen(b), c], { hedge: { after: 5, max: 3 } }), 1, 9],
    ["a race takes the cheapest", F.race(a.andThen(b), c), 1, 3],
    ["a synchronous racer wins for nothing", F.race(a, F.pure(1)), 0, 1],
    ["a branch takes one arm", F.pure(true).branchOn((x) => x, a, b.andThen(c)), 1, 2],
    ["a classifier counts", F.route(ask("k") as F.Flow<unknown, "x" | "y">, { x: a, y: b.andThen(c) }), 2, 3],
    ["a recovery may be all", a.recoverWith(b), 1, 2],
    ["a recovery after a failure before the ask", throws.andThen(a).recoverWith(F.pure(0)), 0, 1],
    ["a recovery of a prompt that cannot be computed", prompted.recoverWith(F.pure(0)), 0, 1],
    ["a recovery of what cannot fail is never taken", F.pure(1).andThen(a).recoverWith(F.pure(0)), 1, 1],
    ["two must fail before the quorum does", F.atLeast(2, [a, b, c]).recoverWith(F.pure(0)), 2, 3],
    ["one of a quorum of 2 or 3 may be enough to fail", tries.recoverWith(F.pure(0)), 1, 3],
    ["a part that only fails leaves its recovery", F.fail({ code: "x", message: "x" }).recoverWith(a), 1, 1],
    ["a loop runs once or max times", F.loop(a.andThen(b) as never, { max: 4 }), 2, 8],
    ["a deadline may pass first", a.timeout(5).recoverWith(F.pure(0)), 0, 1],
  ])("%s", (_, flow, least, most) => expect(calls(flow)).toEqual([least, most]))

  it("use a parameter's value where it is given, else both ends of its schema", () => {
    const flow: Any = F.loop(F.atLeast(param("n", 1, 2), [a, b]) as never, { max: param("tries", 2, 5) })
    expect(calls(flow)).toEqual([1, 10])
    expect(calls(flow, { n: 2, tries: 3 })).toEqual([2, 6])
  })

  it("are unbounded where a parameter is, and the place says so", () => {
    const { most, unbounded } = cost(F.pure(0).andThen(F.loop(a as never, { max: param("tries", 1) }).id("again")))
    expect(most.calls).toEqual({
      total: { value: null, kind: "bound" },
      byAgent: { a: { value: null, kind: "bound" } },
    })
    expect(unbounded).toContainEqual({ path: "again", figure: "calls" })
  })

  it("say nothing of a flow that cannot succeed but 0", () => {
    expect(calls(a.andThen(F.fail({ code: "x", message: "x" })))).toEqual([0, 1])
  })

  it("of an agent called like an inherited name are counted", () => {
    const { most } = cost(ask("__proto__").andThen(ask("constructor")))
    expect(Object.entries(most.calls.byAgent).map(([name, { value }]) => [name, value])).toEqual([
      ["__proto__", 1],
      ["constructor", 1],
    ])
  })

  it("refuse a flow with a free name", () => {
    expect(() => cost(of({ _tag: "Pure", code: { _tag: "Name", name: "x" } }))).toThrow(/x is not bound/)
  })
})

describe("caps", () => {
  const caps = { requests: 2, tokens: 1_000, usd: 0.25, latency: 4_000 }
  const { usd: _, ...withoutPrice } = caps
  const capped = ask("capped", { caps })

  it("bound model calls, tokens, money and latency", () => {
    const { most, unbounded } = cost(F.zip(capped, capped).andThen(capped))
    expect(most.requests.value).toBe(6)
    expect(most.tokens.value).toBe(3_000)
    expect(most.usd.value).toBe(0.75)
    expect(most.latency.value).toBe(8_000)
    expect(most.concurrency.value).toBe(2)
    expect(unbounded).toEqual([])
  })

  it("that are missing are told once for an agent and a figure", () => {
    const { most, unbounded } = cost(a.andThen(a).andThen(ask("b", { caps: withoutPrice })))
    expect(most.usd).toEqual({ value: null, kind: "bound" })
    expect(unbounded).toEqual([
      { path: "0", agent: "a", figure: "requests" },
      { path: "0", agent: "a", figure: "tokens" },
      { path: "0", agent: "a", figure: "usd" },
      { path: "2", agent: "b", figure: "usd" },
      { path: "0", agent: "a", figure: "latency" },
    ])
  })

  it("of latency are mended by a deadline", () => {
    const { most, unbounded } = cost(F.atLeast(1, [a, capped]).timeout(7_000))
    expect(most.latency.value).toBe(7_000)
    expect(unbounded.filter(({ figure }) => figure === "latency")).toEqual([])
  })

  it("with hedging start later", () => {
    const { most } = cost(F.atLeast(1, [capped, capped], { hedge: { after: 500, max: 1 } }))
    expect(most.latency.value).toBe(4_500)
    expect(most.concurrency.value).toBe(3)
  })

  it("that grow beyond every number are laid on the whole flow", () => {
    const flow = nested(2_000, capped, (inner) => F.loop(inner as never, { max: 10 }))
    const { most, unbounded } = cost(flow)
    expect(most.calls.total.value).toBeNull()
    expect(unbounded).toContainEqual({ path: "", figure: "calls" })
  })
})

describe("depth and width", () => {
  it("of 100,000 steps", () => {
    for (const flow of Object.values(longSequences((i) => ask(`agent${i % 1_000}`)))) {
      expect(calls(flow)).toEqual([100_000, 100_000])
    }
  })

  it.each<[string, (inner: Any, level: number) => Any, number, number]>([
    ["recoveries by other agents", (inner, i) => inner.recoverWith(ask(`b${i}`)), 1, 100_001],
    ["parallels of other agents", (inner, i) => F.zip(inner, ask(`b${i}`)), 100_001, 100_001],
    ["quorums of other agents", (inner, i) => F.atLeast(1, [inner, ask(`b${i}`)]), 1, 100_001],
    ["races of other agents", (inner, i) => F.race(inner, ask(`b${i}`)), 1, 100_001],
    ["branches of other agents", (inner, i) => F.pure(true).branchOn((x) => x, inner, ask(`b${i}`)), 1, 1],
    ["deadlines", (inner) => inner.timeout(5), 1, 1],
    ["loops of one turn", (inner) => F.loop(inner as never, { max: 1 }), 1, 1],
  ])("of 100,000 %s", (_, wrap, least, most) => {
    expect(calls(nested(100_000, ask("a"), wrap))).toEqual([least, most])
  })

  it("of 10,000 members that are 100 agents each", () => {
    const members = Array.from({ length: 10_000 }, (_, i) => ask(`a${i}`).andThen(ask(`b${i % 100}`)))
    expect(calls(F.atLeast(5_000, members))).toEqual([10_000, 20_000])
  })
})

describe("formatCost", () => {
  it("is a short table", () => {
    const capped = ask("editor", { caps: { requests: 2, tokens: 12_000, usd: 0.05, latency: 30_000 } })
    expect(formatCost(cost(F.atLeast(1, [capped, ask("analyst")]).timeout(60_000)))).toBe(
      [
        "             least       most",
        "calls            1          2",
        "  analyst        0          1",
        "  editor         0          1",
        "model calls      0  unbounded",
        "tokens           0  unbounded",
        "money           $0  unbounded",
        "latency        0ms         1m",
        "at one time      1          2",
        "no bound of model calls, tokens, money: analyst declares none",
      ].join("\n"),
    )
    expect(formatCost(cost(capped)).split("\n").slice(2, 7)).toEqual([
      "  editor         1       1",
      "model calls      0       2",
      "tokens           0  12,000",
      "money           $0   $0.05",
      "latency        0ms     30s",
    ])
  })

  it("stays short for many agents", () => {
    const flow = F.zipAll(Array.from({ length: 500 }, (_, i) => ask(`agent${i}`)))
    const text = formatCost(cost(flow))
    expect(text.split("\n").length).toBeLessThan(60)
    expect(text).toContain("… 480 more agents")
  })
})
