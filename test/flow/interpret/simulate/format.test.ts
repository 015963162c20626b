import { describe, expect, it } from "vitest"
import * as F from "../../../../src/flow/index.js"
import type { Spread } from "../../../../src/flow/interpret/simulate/figures.js"
import { ask } from "../parts.js"

describe("formatSimulation", () => {
  it("is an aligned table of what came of the runs", async () => {
    const flow = F.zip(ask("first"), ask("second")).retry({ times: 1, backoff: "constant", base: 0 })
    const found = await F.simulate(flow, {
      agents: { first: { latency: 90_500, tokens: 1_200, usd: 0.125 } },
      runs: 2_000,
    })
    expect(F.formatSimulation(found)).toBe(
      [
        "2,000 runs, seed 1: 100.00% succeed (99.81% to 100.00%)",
        "            mean     p50     p90     p95     p99     max",
        "latency    90.5s   90.5s   90.5s   90.5s   90.5s   90.5s",
        "calls          2       2       2       2       2       2",
        "  first        1",
        "  second       1",
        "tokens     1,200   1,200   1,200   1,200   1,200   1,200",
        "money     $0.125  $0.125  $0.125  $0.125  $0.125  $0.125",
        "no profile, so at once and never failing: second",
      ].join("\n"),
    )
  })

  it("tells of failures, repeats, copies and what was aborted", async () => {
    const flow = F.atLeast(1, [ask("a"), ask("b")], { settle: "quorum", hedge: { after: 50, max: 1 } })
    const options = { default: { latency: 150_000, failure: 0.5 }, runs: 100 }
    const text = F.formatSimulation(await F.simulate(flow.retry({ times: 1, base: 10, jitter: false }), options))
    expect(text).toMatch(/^ {2}of successes /m)
    expect(text).toMatch(/^hedged copies +1\.\d+$/m)
    expect(text).toMatch(/^retried asks? +0\.\d+$/m)
    expect(text).toMatch(/^aborted asks +\d/m)
    expect(text).toMatch(/^faults: QuorumNotMet \d+$/m)
    expect(text).toMatch(/^latency +[\d.]+m /m)
    expect(text.split("\n").some((line) => line.endsWith(" "))).toBe(false)
  })

  it("counts the agents beyond twenty, and the runs that wait", async () => {
    const many = Array.from({ length: 25 }, (_, i) => ask(`agent-${String(i).padStart(2, "0")}`))
    const flow = F.zipAll(many).andThen(F.suspend("approval", true))
    const text = F.formatSimulation(await F.simulate(flow, { runs: 3 }))
    expect(text).toContain("… 5 more agents")
    expect(text).toContain("agent-19, 5 more")
    expect(text).toContain("waiting for an answer from outside: 3")
  })

  it("shows each figure in the unit that suits it", () => {
    const flat = (value: number): Spread => ({
      mean: value,
      p50: value,
      p90: value,
      p95: value,
      p99: value,
      max: value,
    })
    const shown = (latency: number, calls: number, usd: number, runs = 1): string[][] =>
      F.formatSimulation({
        runs,
        seed: 2,
        success: { rate: 1, low: 0.5, high: 1 },
        latency: flat(latency),
        successLatency: flat(latency),
        calls: flat(calls),
        callsByAgent: { a: calls },
        tokens: flat(0),
        usd: { ...flat(usd), p50: 0, max: 1 },
        mean: { aborted: 0, hedged: 0, retried: 0 },
        faults: {},
        causes: {},
        waiting: 0,
        unprofiled: [],
      })
        .split("\n")
        .map((line) => line.split(/ +/))
    expect(shown(999, 1_000.4, 0.5)[0]?.slice(0, 3)).toEqual(["1", "run,", "seed"])
    expect(shown(999, 1_000.4, 0.5, 2)[0]?.slice(0, 3)).toEqual(["2", "runs,", "seed"])
    const row = (latency: number, calls: number, usd: number): (string | undefined)[] => {
      const [, , times, asks, money] = shown(latency, calls, usd)
      return [times?.[1], asks?.[1], money?.[1], money?.[2]]
    }
    expect(row(999, 1_000.4, 0.1234)).toEqual(["999ms", "1,000", "$0.123", "$0"])
    expect(row(1_000, 999.6, 1)).toEqual(["1s", "1,000", "$1.00", "$0"])
    expect(row(119_900, 12.345, 1_234.5)).toEqual(["120s", "12.3", "$1234.50", "$0"])
    expect(row(120_000, 0, 0)).toEqual(["2m", "0", "$0", "$0"])
    expect(row(7_200_000, 1, 2)).toEqual(["2h", "1", "$2.00", "$0"])
  })

  it("lists twenty agents, and their names up to forty letters", async () => {
    const long = "x".repeat(41)
    const many = [ask("y".repeat(40)), ask(long), ...Array.from({ length: 18 }, (_, i) => ask(`agent-${i}`))]
    const text = F.formatSimulation(await F.simulate(F.zipAll(many), { runs: 1 }))
    expect(text).toContain(`  ${"y".repeat(40)} `)
    expect(text).toContain(`  ${"x".repeat(39)}… `)
    expect(text).not.toContain("more")
    const one = F.formatSimulation(await F.simulate(F.zipAll([...many, ask("last")]), { runs: 1 }))
    expect(one).toMatch(/^ {2}… 1 more agent$/m)
    expect(one.split("\n").filter((line) => /^ {2}\S/.test(line))).toHaveLength(21)
  })
})
