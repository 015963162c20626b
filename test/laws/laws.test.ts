import * as fc from "fast-check"
import { claims, laws, type Samples, verify } from "../../src/laws/index.js"
import { describe, expect, it } from "vitest"
import { anySamples, delays, equal, runOn, type Schedule, schedules } from "./interpreters.js"

const waived = "a branch may fail, or take its time, before its sibling does"
const holding = Object.entries(laws).filter(([name]) => name !== "interchange")

async function check(name: string, samples: Samples, schedule: Schedule): Promise<void> {
  const law = laws[name]
  if (law === undefined) throw new Error(`no law ${name}`)
  const { lhs, rhs, reads = (outcome) => outcome } = law(samples)
  const left = await runOn(schedule, lhs, samples.input)
  const right = reads(await runOn(schedule, rhs, samples.input))
  if (!equal(left, right)) expect(left).toEqual(right)
  expect(equal(left, right)).toBe(true)
}

describe.each(holding)("the law %s holds of run", (name) => {
  it("with agents that answer at once", () =>
    fc.assert(
      fc.asyncProperty(anySamples, (samples) => check(name, samples, schedules.now)),
      { numRuns: 60 },
    ))

  it("with agents that answer in a microtask", () =>
    fc.assert(
      fc.asyncProperty(anySamples, (samples) => check(name, samples, schedules.soon)),
      { numRuns: 40 },
    ))

  it("with agents that all take the same time", () =>
    fc.assert(
      fc.asyncProperty(anySamples, (samples) => check(name, samples, delays([10]))),
      { numRuns: 20 },
    ))
})

describe("the suite", () => {
  it("finds every law and claim true of run, and interchange false", async () => {
    const findings = await verify({
      run: (flow, input) => runOn(schedules.now, flow, input),
      waivers: { interchange: waived },
    })
    expect(findings.filter(({ ok }) => !ok)).toEqual([])
    expect(findings.length).toBe(Object.keys(laws).length + Object.values(claims).flatMap(Object.keys).length)
  })

  it("refuses a waiver of a law that holds, and of one that is none", async () => {
    const findings = await verify({
      run: (flow, input) => runOn(schedules.now, flow, input),
      waivers: { interchange: waived, associativity: "why not", gravity: "flies" },
    })
    expect(findings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["associativity", "gravity"])
  })

  it("finds an interpreter wrong that does nothing", async () => {
    const findings = await verify({ run: async (_, input) => ({ _tag: "Right", right: input }) })
    const wrong = findings.filter(({ ok }) => !ok).map(({ name }) => name.split(".")[0])
    expect(wrong).toEqual(expect.arrayContaining(Object.keys(claims).filter((tag) => tag !== "Within")))
  })
})
