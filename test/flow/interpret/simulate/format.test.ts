import { describe, expect, it } from "vitest"
import * as F from "../../../../src/flow/index.js"
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
})
