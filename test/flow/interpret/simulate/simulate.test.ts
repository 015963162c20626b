import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { systemClock } from "../../../../src/actor/clock.js"
import { AbortedError } from "../../../../src/data/fault.js"
import * as F from "../../../../src/flow/index.js"
import { cost } from "../../../../src/flow/interpret/cost.js"
import { survey } from "../../../../src/flow/interpret/simulate/actors.js"
import { walk } from "../../../../src/flow/fold.js"
import * as make from "../../../../src/flow/make.js"
import type { Node } from "../../../../src/flow/node.js"
import { trees } from "../cost-flows.js"
import { failingFlows, failures } from "../failing-flows.js"
import { type Any, ask, of, ref } from "../parts.js"

const { simulate } = F

/**
 * How far a share of `runs` may be from its likelihood before it is an error: beyond, it happens once in 10^12 times
 * (Bernstein's inequality).
 */
function tolerance(likely: number, runs: number): number {
  const log = Math.log(2e12)
  const variance = likely * (1 - likely)
  return (log / 3 + Math.sqrt((log / 3) ** 2 + 2 * runs * variance * log)) / runs
}

describe("simulate", () => {
  const panel = F.atLeast(2, [ask("a"), ask("b"), ask("c")], { settle: "quorum", hedge: { after: 1_500, max: 1 } })
  const spread = { default: { latency: "uniform(1s, 3s)", failure: 0.1, tokens: "normal(500, 100)", usd: 0.01 } }

  it("gives the same figures for the same seed, others for another", async () => {
    const once = await simulate(panel, { ...spread, runs: 500, seed: 7 })
    expect(await simulate(panel, { ...spread, runs: 500, seed: 7 })).toEqual(once)
    expect((await simulate(panel, { ...spread, runs: 500, seed: 8 })).latency).not.toEqual(once.latency)
    const another = await simulate(panel, { ...spread, runs: 500, seed: 7 + 2 ** 32 })
    expect(another.latency).not.toEqual(once.latency)
  })

  it("gives the same figures when the event loop has its turns", async () => {
    let turns = 0
    let time = 0
    const clock = { elapsed: () => (time += 5), yield: (go: () => void) => (turns++, systemClock.yield(go)) }
    const flow = panel.retry({ times: 2, base: 100 })
    const told: number[] = []
    const options = { ...spread, runs: 100 }
    const given = await simulate(flow, { ...options, clock, onProgress: (done) => told.push(done) })
    expect(given).toEqual(await simulate(flow, options))
    expect(turns).toBeGreaterThan(100)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told).toHaveLength(turns)
  })

  it("ends when it is told to", async () => {
    const controller = new AbortController()
    const simulating = simulate(panel, {
      ...spread,
      runs: 10_000_000,
      clock: systemClock,
      signal: controller.signal,
      onProgress: () => controller.abort("enough"),
    })
    await expect(simulating).rejects.toThrow(new AbortedError("enough"))
  })

  it("counts what a run takes", async () => {
    const flow = F.atLeast(2, [ask("a"), ask("b"), ask("c")], { settle: "quorum", hedge: { after: 5_000, max: 1 } })
    const found = await simulate(flow, {
      agents: { c: { latency: 20_000 } },
      default: { latency: "8s", tokens: 100, usd: 0.25 },
      runs: 10,
    })
    expect(found.latency).toEqual({ mean: 8_000, p50: 8_000, p90: 8_000, p95: 8_000, p99: 8_000, max: 8_000 })
    expect(found.calls.max).toBe(4)
    expect(found.callsByAgent).toEqual({ a: 2, b: 1, c: 1 })
    expect([found.tokens.mean, found.usd.mean]).toEqual([400, 1])
    expect(found.mean).toEqual({ aborted: 2, hedged: 1, retried: 0 })
    expect([found.success, found.faults, found.waiting, found.unprofiled]).toEqual([
      { rate: 1, low: expect.closeTo(0.7225, 4), high: 1 },
      {},
      0,
      [],
    ])
  })

  it("counts faults by their tag, and the time until they are known", async () => {
    const late = await simulate(ask("a").timeout(500), { default: { latency: 600 }, runs: 10 })
    expect([late.faults, late.latency.max, late.success.rate, late.mean.aborted]).toEqual([{ TimedOut: 10 }, 500, 0, 1])
    expect(late.successLatency.max).toBe(0)
    const down = await simulate(ask("a").retry({ times: 2, backoff: "constant", base: 100, jitter: false }), {
      default: { latency: 50, failure: 1 },
      runs: 10,
    })
    expect([down.faults, down.latency.max, down.mean.retried]).toEqual([{ Unavailable: 10 }, 350, 2])
  })

  it("does not wait for what comes from outside", async () => {
    const answer = F.suspend("approval", { type: "boolean" })
    const found = await simulate(ask("a").andThen(answer), { default: { latency: 5 }, runs: 10 })
    expect([found.waiting, found.success.rate, found.calls.mean]).toEqual([10, 0, 1])
    const timed = await simulate(answer.timeout(1_000), { runs: 10 })
    expect([timed.waiting, timed.faults, timed.latency.max]).toEqual([0, { TimedOut: 10 }, 1_000])
  })

  it("queues what a limit holds back", async () => {
    const flow = F.zip(ask("a"), ask("a"), ask("a")).limit({ concurrency: 1 })
    expect((await simulate(flow, { default: { latency: 1_000 }, runs: 3 })).latency.max).toBe(3_000)
    const dear = F.zip(ask("a"), ask("a")).limit({ tokens: 900 })
    const found = await simulate(dear, { default: { latency: 1, tokens: 500 }, runs: 3 })
    expect([found.faults, found.tokens.max]).toEqual([{}, 1_000])
    expect((await simulate(dear.andThen(dear), { default: { tokens: 950 }, runs: 3 })).success.rate).toBe(1)
    const inTurn = ask("a").andThen(ask("a")).limit({ tokens: 900 })
    expect((await simulate(inTurn, { default: { tokens: 950 }, runs: 3 })).faults).toEqual({ BudgetExceeded: 3 })
  })

  it("lets agents answer by their schema, by weights, by a function, or what they were given", async () => {
    const verdict = ask("judge", {
      output: {
        type: "object",
        required: ["ok", "n"],
        properties: { ok: { type: "boolean" }, n: { type: "integer", minimum: 3 } },
      },
    })
    const seen: unknown[] = []
    const note = F.lift((value: unknown) => void seen.push(value)) as Any
    await simulate(F.zip(verdict, ask("echo")).andThen(note), { input: "why", runs: 1 })
    expect(seen.pop()).toEqual([{ ok: true, n: 3 }, "why"])
    const output = (input: unknown, random: () => number): unknown => [input, random() < 1]
    await simulate(ask("judge").andThen(note), { input: "why", runs: 1, agents: { judge: { output } } })
    expect(seen.pop()).toEqual(["why", true])

    const routed = F.route(ask("judge") as never, { easy: ask("quick"), hard: ask("deep") } as never) as Any
    const weights = [{ value: "easy", weight: 6 }, { value: "hard", weight: 3 }, { value: "odd" }]
    const found = await simulate(routed, { agents: { judge: { output: weights } }, runs: 20_000 })
    expect(Math.abs((found.callsByAgent["quick"] ?? 0) - 0.6)).toBeLessThan(tolerance(0.6, 20_000))
    expect(Math.abs((found.faults.NoMatch ?? 0) / 20_000 - 0.1)).toBeLessThan(tolerance(0.1, 20_000))
    expect(found.unprofiled).toEqual(["deep", "quick"])
  })

  it("takes what an agent's function throws for the agent's failure", async () => {
    const output = (): never => {
      throw new Error("no")
    }
    const found = await simulate(ask("a"), { agents: { a: { output, latency: 10 } }, runs: 4 })
    expect([found.faults, found.latency.max]).toEqual([{ AgentFailed: 4 }, 10])
  })

  it("plays agents that a flow chooses while it runs", async () => {
    const flow = F.pure("x").flatMap(() => ask("chosen"))
    expect((await simulate(flow, { agents: { chosen: { latency: 7 } }, runs: 2 })).latency.max).toBe(7)
    expect((await simulate(flow, { runs: 2 })).unprofiled).toEqual(["chosen"])
    const odd = F.pure("x").flatMap(() => ask("odd", { output: { not: {} } }))
    await expect(simulate(odd, { runs: 2 })).rejects.toThrow(/\/agents\/odd\/output: nothing stands in for its answer/)
  })

  it("refuses flows that cannot run, before anything runs", async () => {
    await expect(simulate(F.call("nowhere"))).rejects.toThrow(F.InvalidFlow)
    const closed = ref("closed", { output: { type: "string", pattern: "^x{7}$" } })
    await expect(simulate(F.agent(closed))).rejects.toThrow("/agents/closed/output")
    expect(
      (await simulate(F.agent(closed), { agents: { closed: { output: [{ value: "xxxxxxx" }] } }, runs: 2 })).success
        .rate,
    ).toBe(1)
  })

  it.each([
    [{ runs: 0 }, "/runs: 0: expected a whole number from 1"],
    [{ seed: -1 }, "/seed: -1: expected a whole number from 0"],
    [{ runs: 2.5 }, "/runs: 2.5"],
  ])("refuses %j", async (options, message) => {
    await expect(simulate(ask("a"), options)).rejects.toThrow(message)
  })

  it("runs 100,000 steps", async () => {
    const flow = of(make.seq(Array.from({ length: 100_000 }, () => ask("a").node)))
    const found = await simulate(flow, { default: { latency: 2 }, runs: 1, clock: systemClock })
    expect([found.latency.max, found.calls.max]).toEqual([200_000, 100_000])
  })
})

describe("a simulation agrees with", () => {
  it("the likelihood of success that cost gives", () =>
    fc.assert(
      fc.asyncProperty(failingFlows, fc.nat(), async (node, seed) => {
        const agents = Object.fromEntries(
          survey(node).agents.map(({ name }) => [name, { failure: failures[name] ?? 0, latency: "uniform(0ms, 9ms)" }]),
        )
        const runs = 400
        const { success } = await simulate(of(node), { agents, runs, seed, input: ["x", "y"] })
        const estimates = Object.fromEntries(Object.entries(failures).map(([name, failure]) => [name, { failure }]))
        const likely = cost(of(node), { estimates }).success?.value ?? Number.NaN
        expect(Math.abs(success.rate - likely)).toBeLessThanOrEqual(tolerance(likely, runs))
      }),
    ))

  it("the bounds that cost gives: asks, tokens, dollars, latency", () =>
    fc.assert(
      fc.asyncProperty(trees, fc.nat(), fc.constantFrom(0, 0.2), async (node, seed, failure) => {
        fc.pre(names(node))
        const flow = of(node)
        const { agents, open } = survey(node)
        const profiles = agents.map(({ name, caps }) => [
          name,
          {
            latency: { uniform: [0, caps?.latency ?? 0] as const },
            failure,
            tokens: caps?.tokens ?? 0,
            usd: caps?.usd ?? 0,
            output: [{ value: { tag: "x", _tag: "Done", value: ["x"] } }, { value: ["x", "bad"] }],
          },
        ])
        const found = await simulate(flow, { agents: Object.fromEntries(profiles), runs: 20, seed, input: "x" })
        const { least, most } = cost(flow)
        const within = (value: number, { value: bound }: F.Figure): boolean => bound === null || value <= bound + 1e-9
        expect(within(found.calls.max, most.calls.total)).toBe(true)
        if (found.success.rate === 1)
          expect(found.calls.mean).toBeGreaterThanOrEqual((least.calls.total.value ?? 0) - 1e-9)
        if (!open)
          expect(
            [found.tokens.max, found.usd.max].map((value, i) => within(value, i === 0 ? most.tokens : most.usd)),
          ).toEqual([true, true])
        if (!queues(node)) expect(within(found.latency.max, most.latency)).toBe(true)
      }),
    ))
})

/** Whether every name is bound once. */
function names(node: Node): boolean {
  try {
    cost(of(node))
    return true
  } catch (error) {
    if (error instanceof F.InvalidFlow) return false
    throw error
  }
}

/** Whether anything waits for a limit: a latency of `cost` does not count that. */
function queues(node: Node): boolean {
  let found = false
  walk(node, (one) => {
    found ||= "concurrency" in one && "of" in one
  })
  return found
}
