import * as fc from "fast-check"
import { type Choices, claims, laws, sample, seeded } from "../../src/laws/index.js"
import { describe, expect, it } from "vitest"
import { nameProblems } from "../../src/flow/closed.js"
import { walk } from "../../src/flow/fold.js"
import { anySample, anySamples, equal, runOn, schedules } from "./interpreters.js"

const noNames = new Map<string, unknown>()

describe("run is plain function composition", () => {
  it.each([
    ["pure flows that never fail", { agents: false, faults: false }],
    ["pure flows", { agents: false, faults: true }],
    ["flows whose agents answer at once", { agents: true, faults: true }],
  ])("on random %s", (_, ingredients) =>
    fc.assert(
      fc.asyncProperty(anySample(ingredients), fc.nat(100), async ({ flow, means }, input) => {
        const got = await runOn(schedules.now, flow, input)
        const meant = means(input, noNames)
        if (!equal(got, meant)) expect(got).toEqual(meant)
        expect(equal(got, meant)).toBe(true)
      }),
      { numRuns: 400 },
    ),
  )

  it("never fails where there is nothing to fail, but by a loop that is not done", () =>
    fc.assert(
      fc.property(anySample({ agents: true, faults: false }), fc.nat(100), ({ means }, input) => {
        const meant = means(input, noNames)
        if (meant._tag === "Left") {
          expect(["LoopExceeded", "QuorumNotMet", "AllFailed"]).toContain(meant.left._tag)
        }
      }),
    ))
})

describe("the claims", () => {
  const all = Object.entries(claims).flatMap(([tag, ofTag]) =>
    Object.entries(ofTag).map(([name, claim]) => [`${tag}.${name}`, claim] as const),
  )
  it.each(all)("%s", (_, claim) =>
    fc.assert(
      fc.asyncProperty(anySamples, async (samples) => {
        const { flow, input, means } = claim(samples)
        const got = await runOn(schedules.now, flow, input)
        if (!equal(got, means)) expect(got).toEqual(means)
        expect(equal(got, means)).toBe(true)
      }),
      { numRuns: 60 },
    ),
  )
})

describe("random flows", () => {
  it("are closed", () =>
    fc.assert(
      fc.property(anySample(), ({ flow }) => {
        expect(nameProblems(flow.node)).toEqual([])
      }),
    ))

  it("reach every node", () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 200; seed++) walk(sample(seeded(seed), 12).flow.node, (node) => seen.add(node._tag))
    expect([...seen].toSorted()).toEqual(Object.keys(claims).toSorted())
  })

  it("are the same for the same seed", () => {
    const choices = (): Choices => seeded(42)
    const tags = (from: Choices): string[] => {
      const out: string[] = []
      walk(sample(from, 30).flow.node, (node) => out.push(node._tag))
      return out
    }
    expect(tags(choices())).toEqual(tags(choices()))
    expect(tags(choices())).not.toEqual(tags(seeded(43)))
  })

  it("have no law without a name", () => expect(Object.keys(laws).length).toBeGreaterThan(20))
})
