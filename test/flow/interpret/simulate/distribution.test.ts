import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Distribution, InvalidProfile, readProfiles, simulate } from "../../../../src/flow/index.js"
import { spreadOf, shareOf } from "../../../../src/flow/interpret/simulate/figures.js"
import { randomOf } from "../../../../src/flow/interpret/simulate/random.js"
import { readDistribution } from "../../../../src/flow/interpret/simulate/read-distribution.js"
import { ask } from "../parts.js"

const draws = 20_000

function drawn(distribution: Distribution): number[] {
  const issues: { at: string; message: string }[] = []
  const sample = readDistribution(distribution, { at: "", unit: "ms", issues })
  expect(issues).toEqual([])
  const random = randomOf(5, 0)
  return Array.from({ length: draws }, () => sample(random)).sort((a, b) => a - b)
}

/** The standard normal distribution function, by Abramowitz and Stegun 7.1.26: right to 1.5e-7. */
function phi(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const upper = (tail * Math.exp((-x * x) / 2)) / 2
  return x > 0 ? 1 - upper : upper
}

const step = (at: number) => (x: number) => (x < at ? 0 : 1)
const logs = (median: number, p95: number) => (x: number) =>
  x <= 0 ? 0 : phi((Math.log(x / median) * 1.6448536269514722) / Math.log(p95 / median))

const known: [Distribution, (x: number) => number][] = [
  ["uniform(1s, 3s)", (x) => Math.min(1, Math.max(0, (x - 1_000) / 2_000))],
  [{ uniform: [1_000, "3s"] }, (x) => Math.min(1, Math.max(0, (x - 1_000) / 2_000))],
  ["normal(2s, 500ms)", (x) => (x < 0 ? 0 : phi((x - 2_000) / 500))],
  [{ normal: { mean: 100, sd: 100 } }, (x) => (x < 0 ? 0 : phi((x - 100) / 100))],
  ["lognormal(2s, 6s)", logs(2_000, 6_000)],
  [{ lognormal: { median: "2s", p95: "6s" } }, logs(2_000, 6_000)],
  [{ lognormal: { median: 2_000, sigma: 0.5 } }, (x) => (x <= 0 ? 0 : phi(Math.log(x / 2_000) / 0.5))],
  ["exponential(2s)", (x) => 1 - Math.exp(-x / 2_000)],
  [{ exponential: { mean: 2_000 } }, (x) => 1 - Math.exp(-x / 2_000)],
  ["98% uniform(1s, 3s) + 2% 60s", (x) => (x >= 60_000 ? 1 : 0.98 * Math.min(1, Math.max(0, (x - 1_000) / 2_000)))],
  [
    {
      mixture: [
        { weight: 3, of: "1s" },
        { weight: 1, of: { exponential: { mean: "1s" } } },
      ],
    },
    (x) => 0.75 * step(1_000)(x) + 0.25 * (1 - Math.exp(-x / 1_000)),
  ],
  [{ empirical: [5, 5, 7, "1s"] }, (x) => (step(5)(x) * 2 + step(7)(x) + step(1_000)(x)) / 4],
  ["250ms", step(250)],
  [80, step(80)],
]

describe("a distribution", () => {
  // Dvoretzky, Kiefer and Wolfowitz: the empirical distribution is farther off once in 10^6 times.
  const band = Math.sqrt(Math.log(2e6) / (2 * draws))

  it.each(known)("%j is spread as its closed form says", (distribution, cdf) => {
    const values = drawn(distribution)
    expect(values.every((value) => value >= 0 && Number.isFinite(value))).toBe(true)
    let farthest = 0
    for (const [i, value] of values.entries()) {
      if (values[i + 1] === value) continue // of equal ones the last counts
      farthest = Math.max(farthest, Math.abs((i + 1) / draws - cdf(value)))
    }
    expect(farthest).toBeLessThan(band)
  })

  it("has percentiles in a simulation that are those of its closed form", async () => {
    const { latency } = await simulate(ask("a"), { default: { latency: "lognormal(2s, 6s)" }, runs: draws, seed: 3 })
    const cdf = logs(2_000, 6_000)
    for (const [percentile, p] of [
      ["p50", 0.5],
      ["p90", 0.9],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const) {
      expect(Math.abs(cdf(latency[percentile]) - p)).toBeLessThan(band)
    }
  })

  const shapes = "uniform, normal, lognormal, exponential, empirical or mixture"
  const amountIn = "expected an amount such as 250ms, 2s or lognormal(2s, 6s)"
  const neither = `expected an amount, a text such as 250ms, 2s or lognormal(2s, 6s), or an object with one key: ${shapes}`
  const time = "expected milliseconds, or a duration such as 2s"

  it.each<[unknown, string, string]>([
    ["2", "", `"2": ${amountIn}`],
    ["", "", `"": ${amountIn}`],
    ["poisson(2s)", "", `"poisson(2s)": ${amountIn}`],
    ["x uniform(1s, 2s)", "", `"x uniform(1s, 2s)": ${amountIn}`],
    ["uniform(1s, 2s) x", "", `"uniform(1s, 2s) x": ${amountIn}`],
    ["lognormal(2s)", "", "lognormal(2s): expected lognormal(median, p95)"],
    ["exponential(2s, 3s)", "", "exponential(2s, 3s): expected exponential(mean)"],
    ["lognormal(6s, 2s)", "", "lognormal: expected a median above 0 and a p95 that is not below it"],
    ["lognormal(0ms, 2s)", "", "lognormal: expected a median above 0 and a p95 that is not below it"],
    ["uniform(3s, 1s)", "", "uniform: from is above to"],
    ["uniform(3s, x)", "/1", `"x": ${time}`],
    ["98% 2s + 3% 60s", "", "98% 2s + 3% 60s: expected shares that make 100%, such as 98% 2s + 2% 60s"],
    ["2s + 60s", "", "2s + 60s: expected shares that make 100%, such as 98% 2s + 2% 60s"],
    ["98% 2s", "", "98% 2s: expected shares that make 100%, such as 98% 2s + 2% 60s"],
    [-1, "", `-1: ${time}`],
    [Number.NaN, "", `null: ${time}`],
    [null, "", neither],
    [[], "", neither],
    [{}, "", neither],
    [{ uniform: [1, 2], normal: { mean: 1, sd: 1 } }, "", neither],
    [{ poisson: 3 }, "", `there is no distribution poisson: expected ${shapes}`],
    [{ toString: 3 }, "", `there is no distribution toString: expected ${shapes}`],
    [{ uniform: [1] }, "/uniform", "expected two amounts: [from, to]"],
    [{ uniform: [1, "x"] }, "/uniform/1", `"x": ${time}`],
    [{ uniform: { from: 1 } }, "/uniform", "expected { from, to }"],
    [{ normal: [1, 2] }, "/normal", "expected { mean, sd }"],
    [{ normal: { mean: "2s" } }, "/normal", "expected { mean, sd }"],
    [{ normal: { mean: "2s", st: 1 } }, "/normal", "expected { mean, sd }"],
    [{ normal: { mean: "2s", sd: -1 } }, "/normal/sd", `-1: ${time}`],
    [{ normal: { mean: "2s", sigma: 1 } }, "/normal", "expected { mean, sd }"],
    [{ lognormal: 3 }, "/lognormal", "expected { median, p95 }"],
    [{ lognormal: { median: "x", sigma: 1 } }, "/lognormal/median", `"x": ${time}`],
    [{ lognormal: { median: 2, sigma: "1s" } }, "/lognormal/sigma", '"1s": expected a number, 0 or more'],
    [{ lognormal: { median: 2, sigma: 1, p95: 3 } }, "/lognormal", "expected { median, p95 } or { median, sigma }"],
    [{ empirical: [] }, "/empirical", "expected a list of measured values"],
    [{ empirical: 3 }, "/empirical", "expected a list of measured values"],
    [{ empirical: [1, "x"] }, "/empirical/1", `"x": ${time}`],
    [{ mixture: [] }, "/mixture", "expected a list of { weight, of }"],
    [{ mixture: [{ weight: 0, of: 3 }] }, "/mixture", "expected a weight above 0"],
    [
      {
        mixture: [
          { weight: "1s", of: 3 },
          { weight: 1, of: 3 },
        ],
      },
      "/mixture/0/weight",
      '"1s": expected a number, 0 or more',
    ],
    [
      { mixture: [{ weight: 1, of: { mixture: [{ weight: 1 }] } }] },
      "/mixture/0/of/mixture/0",
      "expected { weight, of }",
    ],
  ])("%j is refused", (distribution, at, message) => {
    const issues: { at: string; message: string }[] = []
    readDistribution(distribution, { at: "", unit: "ms", issues })
    expect(issues).toEqual([{ at, message }])
  })

  it.each<[Distribution, number]>([
    ["  250ms ", 250],
    ["uniform(2s, 2s)", 2_000],
    ["lognormal (2s, 2s)", 2_000],
    ["lognormal(2s,2s)", 2_000],
    ["12.25% 3ms + 87.75% 3ms", 3],
    ["50%3ms+50 % 3ms", 3],
    [{ uniform: { from: " 2s ", to: "2s" } } as object as Distribution, 2_000],
    [
      {
        mixture: [
          { weight: 0, of: 1 },
          { weight: "2" as object as number, of: 7 },
        ],
      },
      7,
    ],
  ])("%j is read", (distribution, value) => {
    const issues: { at: string; message: string }[] = []
    const sample = readDistribution(distribution, { at: "", unit: "ms", issues })
    expect([issues, sample(() => 0.3)]).toEqual([[], value])
  })

  it("of what has no unit is of plain numbers", () => {
    const read = (text: string): unknown => {
      const issues: { at: string; message: string }[] = []
      const sample = readDistribution(text, { at: "", unit: "plain", issues })
      return issues[0]?.message ?? sample(() => 0.5)
    }
    expect(["12", "12.25", "uniform(1, 2)"].map(read)).toEqual([12, 12.25, 1.5])
    for (const text of ["12x", "x12", "1.x", "1.", ".5"]) {
      expect(read(text)).toBe(`"${text}": expected an amount such as 800 or uniform(500, 900)`)
    }
  })

  it("is read whatever a file holds, without a throw but InvalidProfile", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ agents: fc.dictionary(fc.string(), fc.jsonValue()), default: fc.jsonValue() }),
        ),
        (json) => {
          try {
            expect(readProfiles(json)).toBe(json)
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidProfile)
            expect((error as InvalidProfile).issues.length).toBeGreaterThan(0)
          }
        },
      ),
    ))

  it("is refused with all mistakes of its profiles at once", () => {
    const profiles = {
      agents: {
        "a/b": { latency: "2x", failure: 2 },
        b: { output: [] },
        c: { output: [{ value: 1, wieght: 3 }] },
        d: 3,
      },
      defalt: {},
    }
    let message = ""
    try {
      readProfiles(profiles)
    } catch (error) {
      message = error instanceof Error ? error.message : ""
    }
    expect(message.split("\n").map((line) => line.slice(0, line.indexOf(":")))).toEqual([
      "/defalt",
      "/agents/a~1b/failure",
      "/agents/a~1b/latency",
      "/agents/b/output",
      "/agents/c/output/0/wieght",
      "/agents/d",
    ])
  })

  it("is refused where the flow asks no such agent", async () => {
    const agents = { wrtier: { latency: 3 } }
    await expect(simulate(ask("writer"), { agents, runs: 1 })).rejects.toThrow(
      "/agents/wrtier: the flow asks no agent wrtier: did you mean writer?",
    )
  })
})

describe("figures", () => {
  it("are those of the values, by nearest rank", () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => 200 - i)
    expect(spreadOf(values)).toEqual({ mean: 100.5, p50: 100, p90: 180, p95: 190, p99: 198, max: 200 })
    expect(spreadOf(new Float64Array(0))).toEqual({ mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 })
  })

  it("of a share hold the true one 95 times of 100", () => {
    let held = 0
    const random = randomOf(11, 0)
    for (let i = 0; i < 2_000; i++) {
      let hits = 0
      for (let run = 0; run < 100; run++) if (random() < 0.1) hits++
      const { low, high } = shareOf(hits, 100)
      if (low <= 0.1 && 0.1 <= high) held++
    }
    expect(held / 2_000).toBeGreaterThan(0.92)
    expect(held / 2_000).toBeLessThan(0.98)
    expect(shareOf(0, 50)).toMatchObject({ rate: 0, low: 0 })
    expect(shareOf(50, 50)).toMatchObject({ rate: 1, high: 1 })
    expect(shareOf(49, 50).high).toBeLessThan(1)
    expect(shareOf(0, 0)).toEqual({ rate: 0, low: 0, high: 1 })
  })
})

describe("chance", () => {
  it("is even, and each run has its own", () => {
    const firsts = Array.from({ length: draws }, (_, run) => randomOf(1, run)()).sort((a, b) => a - b)
    for (const [i, value] of firsts.entries()) expect(Math.abs(value - i / draws)).toBeLessThan(0.02)
    const ofRun = (seed: number, run: number): number[] => Array.from({ length: 4 }, randomOf(seed, run))
    expect(ofRun(1, 2)).toEqual(ofRun(1, 2))
    expect(ofRun(1, 2)).not.toEqual(ofRun(2, 1))
    expect(ofRun(1, 0)).not.toEqual(ofRun(1 + 2 ** 32, 0))
  })
})
