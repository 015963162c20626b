import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Cancel } from "../../../src/data/cancel.js"
import { FaultError } from "../../../src/data/fault.js"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { tail } from "../../../src/flow/interpret/cost-success.js"
import { execute } from "../../../src/flow/interpret/run/index.js"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { failures, failingFlows } from "./failing-flows.js"
import { type Any, ask, of } from "./parts.js"
import { times } from "../../setup/times.js"

const estimates = Object.fromEntries(Object.entries(failures).map(([name, failure]) => [name, { failure }]))

/** Runs a flow whose agents answer at once: the n-th ask fails where the n-th of these says so. Undefined: there were more asks. */
function ended(flow: Any, fails: readonly boolean[]): { readonly well: boolean } | { readonly next: string } {
  let asks = 0
  let next: string | undefined
  let well = false
  const clock = virtualClock()
  execute(
    flow,
    ["x", "y"],
    {
      clock,
      random: () => 0,
      ask({ ref }) {
        const fail = fails[asks++]
        if (fail === undefined) next ??= ref.name
        if (fail) throw new FaultError({ _tag: "Unavailable", message: "away", retry: "yes" })
        return { value: ["x", "y"] }
      },
    },
    { runId: "r", cancel: new Cancel() },
    (result) => {
      well = result._tag === "Right"
    },
  )
  return next === undefined ? { well } : { next }
}

/** How likely a flow succeeds, by running it with every sequence of failures that there is. */
function enumerated(flow: Any): number {
  let likely = 0
  const open: { readonly fails: readonly boolean[]; readonly chance: number }[] = [{ fails: [], chance: 1 }]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { fails, chance } = one
    const end = ended(flow, fails)
    if ("well" in end) likely += end.well ? chance : 0
    else {
      const rate = failures[end.next] ?? 0
      open.push({ fails: [...fails, true], chance: chance * rate })
      open.push({ fails: [...fails, false], chance: chance * (1 - rate) })
    }
  }
  return likely
}

describe("success", () => {
  it("is what comes of running a flow with every sequence of failures", () =>
    fc.assert(
      fc.property(failingFlows, (node) => {
        const { success } = cost(of(node), { estimates })
        expect(success?.kind).toBe("estimate")
        expect(success?.value).toBeCloseTo(enumerated(of(node)), 9)
      }),
      times(200),
    ))

  it.each<[string, Any, number]>([
    ["a sequence multiplies", ask("a").andThen(ask("b")), 0.375],
    ["two tries", ask("b").retry({ times: 1 }), 0.75],
    ["a race fails where all do", F.race(ask("b"), ask("b")), 0.75],
    ["a recovery", ask("b").recoverWith(ask("a")), 0.875],
    ["a recovery from some faults is not counted on", ask("b").recoverTag("TimedOut", ask("a")), 0.5],
    ["two of three", F.atLeast(2, [ask("b"), ask("b"), ask("b")]), 0.5],
    ["all turns of a loop", F.loop(ask("b") as never, { max: 3 }), 0.125],
    ["the worst arm", F.pure(true).branchOn((x) => x, ask("a"), ask("b")), 0.5],
    ["a flow that only fails", F.fail({ code: "no", message: "no" }), 0],
  ])("of %s", (_, flow, value) => expect(cost(flow, { estimates }).success).toEqual({ value, kind: "estimate" }))

  it("is not there without rates, and unknown where an agent has none", () => {
    expect(cost(ask("a"), { estimates: { a: { tokens: 5 } } })).not.toHaveProperty("success")
    const { success, unbounded } = cost(ask("a").andThen(ask("other")), { estimates })
    expect(success).toEqual({ value: null, kind: "estimate" })
    expect(unbounded).toContainEqual({ path: "1", agent: "other", figure: "success" })
  })

  it("of a quorum of like members is the tail of a binomial distribution", () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, k, p) => {
          let sum = 0
          for (let i = k; i <= n; i++) sum += choose(n, i) * p ** i * (1 - p) ** (n - i)
          expect(
            tail(
              Array.from({ length: n }, () => p),
              k,
            ),
          ).toBeCloseTo(sum, 9)
        },
      ),
    )
  })

  it("of 10,000 members is told", () => {
    const flow = F.atLeast(
      5_000,
      Array.from({ length: 10_000 }, () => ask("a")),
    )
    expect(cost(flow, { estimates }).success?.value).toBeCloseTo(1, 9)
  })
})
