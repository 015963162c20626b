import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, asking, nested, of, ref } from "./parts.js"

const a = ask("a")
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
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

  it("that are enforced are not widened or narrowed by an estimate", () => {
    const { latency } = cost(capped, { estimates: { capped: { latency: 50 } } }).most
    expect(latency).toEqual({ value: 4_000, kind: "bound" })
  })

  describe("of latency, with an estimate beside", () => {
    const late = (caps: { latency?: number }, timeout?: number): Any =>
      asking({ ...ref("late", { caps }), ...(timeout === undefined ? {} : { timeout }) })
    const beside = (flow: Any, latency: number): F.Figure =>
      cost(flow.andThen(a), { estimates: { late: { latency }, a: { latency: 2_000 } } }).most.latency

    it.each<[string, Any, number, number]>([
      ["a cap, whether the estimate is lower", late({ latency: 4_000 }), 50, 4_000],
      ["or higher", late({ latency: 4_000 }), 90_000, 4_000],
      ["a timeout", late({}, 3_000), 50, 3_000],
      ["the lower of a cap and a timeout", late({ latency: 4_000 }, 3_000), 50, 3_000],
      ["in either order", late({ latency: 2_500 }, 3_000), 90_000, 2_500],
    ])("what is enforced counts, also in a flow that others leave open: %s", (_, flow, estimate, enforced) => {
      expect(beside(flow, estimate)).toEqual({ value: enforced + 2_000, kind: "estimate" })
      expect(cost(flow, { estimates: { late: { latency: estimate } } }).most.latency).toEqual({
        value: enforced,
        kind: "bound",
      })
    })

    it("what is not enforced is the estimate", () => {
      expect(beside(late({}), 50)).toEqual({ value: 2_050, kind: "estimate" })
      expect(cost(late({}).andThen(a), { estimates: { a: { latency: 2_000 } } }).most.latency.value).toBeNull()
    })

    it("the longest way is made of what is enforced", () => {
      const way = cost(late({ latency: 4_000 }).andThen(a), {
        estimates: { late: { latency: 1 }, a: { latency: 2_000 } },
      })
      expect(way.criticalPath.map(({ latency }) => latency)).toEqual([4_000, 2_000])
    })
  })

  it("add up to money without the traces of binary fractions", () => {
    const cheap = ask("cheap", { caps: { requests: 1, usd: 0.1 } })
    expect(cost(cheap.andThen(cheap).andThen(cheap)).most.usd.value).toBe(0.3)
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

  it("of an agent that calls no model take no tokens and no money", () => {
    const { most } = cost(ask("plain", { caps: { requests: 0 } }))
    expect([most.requests.value, most.tokens.value, most.usd.value]).toEqual([0, 0, 0])
  })

  it("under a limit", () => {
    const many = ask("lists").andThen(each(capped))
    const calls = cost(many.limit({ calls: 4 })).most
    // The agent that makes the list declares nothing, so that its ask leaves the figures open.
    expect([calls.calls.total.value, calls.requests.value]).toEqual([4, null])
    const { most, unbounded } = cost(each(capped).limit({ calls: 4, usd: 0.6 }))
    expect([most.requests.value, most.tokens.value, most.usd.value]).toEqual([8, 4_000, 0.6])
    expect(most.concurrency.value).toBe(4)
    expect(unbounded).toEqual([])
    expect(cost(each(capped).limit({ concurrency: 3 })).most.concurrency.value).toBe(3)
    expect(cost(each(a).limit({ usd: 1 })).most.usd.value).toBeNull()
  })

  it("of a list are as late as its rounds", () => {
    const list = F.pure([1, 2, 3, 4, 5])
    const { most } = cost(list.andThen(each(capped, { concurrency: 2 })))
    expect([most.latency.value, most.concurrency.value]).toEqual([12_000, 2])
    expect(cost(list.andThen(each(capped))).most.latency.value).toBe(4_000)
    expect(cost(each(capped)).most.latency.value).toBe(4_000)
    expect(cost(each(capped, { concurrency: 9 })).most.latency.value).toBeNull()
  })

  it.each<[string, Any, number]>([
    ["an agent may ask for the longest wait", capped.retry({ times: 2, base: 10, max: 1_000 }), 14_000],
    ["backoff doubles up to its end", F.sleep(1).retry({ times: 4, base: 10, max: 35 }), 5 + 10 + 20 + 35 + 35],
    ["backoff may be constant", F.sleep(1).retry({ times: 4, base: 10, backoff: "constant" }), 5 + 40],
  ])("with retries take their waits: %s", (_, flow, latency) => expect(cost(flow).most.latency.value).toBe(latency))

  it("of a graph take its longest path, and the chains that cover it", () => {
    const sleep = (id: string, ms: number, dependsOn: string[]): make.GraphMember => ({
      id,
      of: capped.andThen(F.sleep(ms)).node,
      dependsOn,
    })
    const { most, criticalPath } = cost(
      of(make.graph([sleep("d", 1, ["b", "c"]), sleep("a", 1, []), sleep("b", 20, ["a"]), sleep("c", 30, ["a"])])),
    )
    expect([most.latency.value, most.concurrency.value]).toEqual([12_032, 2])
    expect(criticalPath.map(({ path }) => path)).toEqual(["a/0", "a/1", "c/0", "c/1", "d/0", "d/1"])
  })

  it("of side flows hold up nothing but run beside all that follows", () => {
    const { most } = cost(capped.notify(F.zip(capped, capped)).andThen(F.zip(capped, capped, capped)))
    expect([most.latency.value, most.concurrency.value]).toEqual([8_000, 5])
    expect(cost(capped.tap(capped)).most.latency.value).toBe(8_000)
  })

  it("do not bound the wait for an answer from outside, but for a deadline", () => {
    const waits = capped.andThen(F.suspend("ok", { type: "boolean" }))
    expect(cost(waits).most.latency.value).toBeNull()
    expect(cost(waits).unbounded).toEqual([{ path: "1", figure: "latency" }])
    expect(cost(waits).criticalPath).toEqual([
      { kind: "ask", path: "0", agent: "capped", times: 1, latency: 4_000 },
      { kind: "wait", path: "1", times: 1, latency: null },
    ])
    expect(cost(waits.timeout(9_000)).criticalPath).toEqual([{ kind: "deadline", path: "", times: 1, latency: 9_000 }])
  })

  it("that are missing are replaced by estimates, which are marked", () => {
    const flow = capped.andThen(F.loop(a as never, { max: 2 }))
    const { most, unbounded } = cost(flow, { estimates: { a: { tokens: 500, latency: 2_000 }, capped: { tokens: 1 } } })
    expect(most.tokens).toEqual({ value: 2_000, kind: "estimate" })
    expect(most.latency).toEqual({ value: 8_000, kind: "estimate" })
    expect(most.usd).toEqual({ value: null, kind: "bound" })
    expect(most.calls.total).toEqual({ value: 3, kind: "bound" })
    expect(unbounded.map(({ figure }) => figure)).toEqual(["requests", "usd"])
    const within = cost(a.timeout(3_000), { estimates: { a: { latency: 2_000 } } })
    expect(within.most.latency).toEqual({ value: 3_000, kind: "bound" })
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
