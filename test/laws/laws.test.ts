import * as fc from "fast-check"
import { agents, claims, laws, type Outcome, type Samples, verify } from "../../src/laws/index.js"
import { describe, expect, it } from "vitest"
import { anySamples, choices, delays, equal, runOn, type Schedule, schedules } from "./interpreters.js"
import { samples } from "../../src/laws/index.js"

const waived = "a branch may fail, or take its time, before its sibling does"
const holding = Object.entries(laws).filter(([name]) => name !== "interchange")

async function check(
  name: string,
  given: Samples,
  run: (...of: [Parameters<typeof runOn>[1], unknown]) => Promise<Outcome>,
): Promise<void> {
  const law = laws[name]
  if (law === undefined) throw new Error(`no law ${name}`)
  const { lhs, rhs, reads = (outcome) => outcome } = law(given)
  const left = await run(lhs, given.input)
  const right = reads(await run(rhs, given.input))
  if (!equal(left, right)) expect(left).toEqual(right)
  expect(equal(left, right)).toBe(true)
}

const on = (schedule: Schedule) => (flow: Parameters<typeof runOn>[1], input: unknown) => runOn(schedule, flow, input)

describe.each(holding)("the law %s holds of run", (name) => {
  it("with agents that answer at once", () =>
    fc.assert(
      fc.asyncProperty(anySamples, (given) => check(name, given, on(schedules.now))),
      { numRuns: 25 },
    ))

  it("with agents that answer in a microtask", () =>
    fc.assert(
      fc.asyncProperty(anySamples, (given) => check(name, given, on(schedules.soon))),
      { numRuns: 15 },
    ))
})
