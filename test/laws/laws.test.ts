import * as fc from "fast-check"
import { laws, type Outcome, samples, type Samples } from "../../src/laws/index.js"
import { describe, expect, it } from "vitest"
import type { AnyFlow } from "../../src/flow/index.js"
import { anySamples, choices, delays, equal, runOn, scheduledRun, schedules } from "./interpreters.js"
import { times } from "../setup/times.js"

type Run = (flow: AnyFlow, input: unknown) => Promise<Outcome>

const holding = Object.entries(laws).filter(([name]) => name !== "interchange")

async function check(law: (typeof laws)[string], given: Samples, run: Run): Promise<void> {
  const { lhs, rhs, reads = (outcome) => outcome } = law(given)
  const left = await run(lhs, given.input)
  const right = reads(await run(rhs, given.input))
  if (!equal(left, right)) expect(left).toEqual(right)
  expect(equal(left, right)).toBe(true)
}

/** Samples none of which can fail, or observe time: each side may see an order of its own. */
const anyTotal: fc.Arbitrary<Samples> = fc.tuple(choices, fc.integer({ min: 1, max: 8 })).map(([from, size]) => {
  return samples(from, size, { agents: true, faults: false, races: false })
})

/** The sides of these observe time, or fail, whatever they are made of. */
const timed = new Set(["sleepsAdd", "timeoutsNest", "limitsNest", "hedgeKeepsTheResult", "raceIsAQuorumOfOne"])

const runs: readonly [string, fc.Arbitrary<{ readonly given: Samples; readonly run: Run }>, number][] = [
  ["at once", anySamples.map((given) => ({ given, run: (flow, input) => runOn(schedules.now, flow, input) })), 15],
  [
    "in a microtask",
    anySamples.map((given) => ({ given, run: (flow, input) => runOn(schedules.soon, flow, input) })),
    8,
  ],
  [
    "when it is time",
    fc
      .tuple(anySamples, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }))
      .map(([given, table]) => ({ given, run: (flow, input) => runOn(delays(table), flow, input) })),
    8,
  ],
]

describe.each(holding)("the law %s holds of run", (_name, law) => {
  it.each(runs)("with agents that answer %s", (_, trials, numRuns) =>
    fc.assert(
      fc.asyncProperty(trials, ({ given, run }) => check(law, given, run)),
      times(numRuns),
    ),
  )
})

describe.each(holding.filter(([name]) => !timed.has(name)))("the law %s holds of run", (_, law) => {
  it("with agents that answer in any order, if nothing fails", () =>
    fc.assert(
      fc.asyncProperty(anyTotal, fc.scheduler(), (given, s) =>
        check(law, given, (flow, input) => scheduledRun(s, flow, input)),
      ),
      times(6),
    ))
})
