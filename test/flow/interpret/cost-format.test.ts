import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { formatCost } from "../../../src/flow/interpret/cost-format.js"
import { ask, longSequence } from "./parts.js"

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

  it("tells the longest way, estimates and success", () => {
    const slow = ask("slow", { caps: { requests: 0, latency: 30_000 } })
    const flow = slow.andThen(F.loop(ask("guessed") as never, { max: 3 })).andThen(F.suspend("ok", { type: "boolean" }))
    const priced = cost(flow, {
      estimates: {
        guessed: { requests: 1, tokens: 400, usd: 0.01, latency: 1_000, failure: 0.1 },
        slow: { failure: 0 },
      },
    })
    expect(formatCost(priced).split("\n").slice(4)).toEqual([
      "model calls      0         ~3",
      "tokens           0     ~1,200",
      "money           $0     ~$0.03",
      "latency        0ms  unbounded",
      "at one time      1          1",
      "success: ~72.9%",
      "longest way: slow 30s, then 3 × guessed 3s, then wait at 2 unbounded",
      "no bound of latency: what the flow at 2 takes is known only as it runs",
    ])
  })

  it("lists no more than a few steps of a long way", () => {
    const text = formatCost(cost(longSequence(() => F.sleep(1))))
    expect(text).toContain("then wait at 5 1ms, then 99,994 more steps")
  })

  it("stays short for many agents", () => {
    const flow = F.zipAll(Array.from({ length: 500 }, (_, i) => ask(`agent${i}`)))
    const text = formatCost(cost(flow))
    expect(text.split("\n").length).toBeLessThan(60)
    expect(text).toContain("… 480 more agents")
  })
})
