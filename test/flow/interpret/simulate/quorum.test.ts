import { describe, expect, it } from "vitest"
import { atLeast, cost, simulate } from "../../../../src/flow/index.js"
import { ask } from "../parts.js"

// What docs/quorum.md claims of a layer with 2 % stragglers, against order statistics and the binomial distribution.

const seats = ["a", "b", "c", "d", "e", "f"].map((name) => ask(name))
const runs = 20_000
/** One ask: the likelihood that it has answered after so many seconds, and just before. */
const answered = (t: number): number => 0.98 * Math.min(1, Math.max(0, (t - 1) / 2)) + (t >= 30 ? 0.02 : 0)
const hedged = (t: number): number => 1 - (1 - answered(t)) * (t < 4 ? 1 : 1 - answered(t - 4))

const ways = [
  { way: "6 of 6", flow: atLeast(6, seats), cdf: (t: number): number => answered(t) ** 6, asks: 6 },
  {
    way: "5 of 6",
    flow: atLeast(5, seats, { settle: "quorum" }),
    cdf: (t: number): number => answered(t) ** 6 + 6 * answered(t) ** 5 * (1 - answered(t)),
    asks: 6,
  },
  {
    way: "hedged",
    flow: atLeast(6, seats, { hedge: { after: 4_000, max: 6 } }),
    cdf: (t: number): number => hedged(t) ** 6,
    asks: 6.12,
  },
]
const profile = { default: { latency: "98% uniform(1s, 3s) + 2% 30s" }, runs }
/** Beyond five standard deviations of a share. */
const far = (share: number): number => 5 * Math.sqrt((share * (1 - share)) / runs)

describe.each(ways)("a layer of six, $way", ({ flow, cdf, asks }) => {
  it.each([1, 2, 3])("has the percentiles of its closed form, seed %d", async (seed) => {
    const { latency, calls } = await simulate(flow, { ...profile, seed })
    for (const [percentile, p] of [
      ["p50", 0.5],
      ["p90", 0.9],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const) {
      const t = latency[percentile] / 1_000
      expect(cdf(t + 1e-6)).toBeGreaterThan(p - far(p))
      expect(cdf(t - 1e-6)).toBeLessThan(p + far(p))
    }
    expect(Math.abs(calls.mean - asks)).toBeLessThan(5 * Math.sqrt((6 * 0.02 * 0.98) / runs))
  })

  it("answers within ten seconds as often as its closed form says", async () => {
    const { success, faults } = await simulate(flow.timeout(10_000), profile)
    expect(Math.abs(success.rate - cdf(10))).toBeLessThan(far(cdf(10)))
    expect(faults).toEqual({ TimedOut: runs - success.rate * runs })
  })
})

describe("a layer of six whose members fail", () => {
  const estimates = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, { failure: 0.02 }]))

  it.each([6, 5, 4])("has %d answers as often as the binomial distribution says", async (n) => {
    const known = cost(atLeast(n, seats), { estimates }).success?.value ?? Number.NaN
    const { success } = await simulate(atLeast(n, seats), { default: { failure: 0.02 }, runs })
    expect(Math.abs(success.rate - known)).toBeLessThan(far(known))
    expect(success.low).toBeLessThan(success.rate)
    expect(success.high).toBeGreaterThan(success.rate)
  })
})
