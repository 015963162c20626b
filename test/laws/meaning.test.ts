import * as fc from "fast-check"
import {
  type Choices,
  claims,
  type Ingredients,
  laws,
  meant,
  sample,
  type Sample,
  seeded,
} from "../../src/laws/index.js"
import { describe, expect, it } from "vitest"
import { nameProblems } from "../../src/flow/closed.js"
import { walk } from "../../src/flow/fold.js"
import { anySample, anySamples, delays, equal, runOn, scheduledRun, schedules } from "./interpreters.js"
import type { Outcome } from "../../src/laws/index.js"
import { times } from "../setup/times.js"

const expectAlike = (got: Outcome, expected: Outcome): void => {
  if (!equal(got, expected)) expect(got).toEqual(expected)
  expect(equal(got, expected)).toBe(true)
}

const agreesOn = async ({ flow, means }: Sample, input: number): Promise<void> =>
  expectAlike(await runOn(schedules.now, flow, input), meant(means, input))

describe("run is plain function composition", () => {
  it.each<[string, Ingredients]>([
    ["pure flows that never fail", { agents: false, faults: false }],
    ["pure flows", { agents: false, faults: true }],
    ["flows whose agents answer at once", { agents: true, faults: true }],
    ["flows that take their time", { agents: true, faults: true, waits: true }],
  ])("on random %s", (_, ingredients) =>
    fc.assert(
      fc.asyncProperty(anySample(ingredients), fc.nat(100), (random, input) => agreesOn(random, input)),
      times(200),
    ),
  )

  // Nothing that these could fail with depends on who answers first.
  const total: Ingredients = { agents: true, faults: false, races: false, waits: true, suspends: true }

  it("on random flows that cannot fail, whenever their agents answer", () =>
    fc.assert(
      fc.asyncProperty(
        anySample(total, 25),
        fc.nat(100),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }),
        async ({ flow, means }, input, table) => {
          const expected = meant(means, input)
          expect(expected._tag).toBe("Right")
          expectAlike(await runOn(schedules.soon, flow, input), expected)
          expectAlike(await runOn(delays(table), flow, input), expected)
        },
      ),
      times(60),
    ))

  it("on random flows that cannot fail, in whatever order their agents answer", () =>
    fc.assert(
      fc.asyncProperty(anySample(total, 25), fc.nat(100), fc.scheduler(), async ({ flow, means }, input, s) => {
        expectAlike(await scheduledRun(s, flow, input), meant(means, input))
      }),
      times(80),
    ))
})

describe("the claims", () => {
  const all = Object.entries(claims).flatMap(([tag, ofTag]) =>
    Object.entries(ofTag).map(([name, claim]) => [`${tag}.${name}`, claim] as const),
  )

  it("are made of every node", () => {
    const poor = Object.entries(claims).filter(([, ofTag]) => Object.keys(ofTag).length < 2)
    expect(poor.map(([tag]) => tag)).toEqual([])
  })

  it.each(all)("%s", (_, claim) =>
    fc.assert(
      fc.asyncProperty(anySamples, async (samples) => {
        const { flow, input, means } = claim(samples)
        expectAlike(await runOn(schedules.now, flow, input), means)
      }),
      times(20),
    ),
  )
})

describe("random flows", () => {
  it("are closed", () =>
    fc.assert(
      fc.property(anySample({ agents: true, faults: true, waits: true }), ({ flow }) => {
        expect(nameProblems(flow.node)).toEqual([])
      }),
    ))

  it.each<[string, Ingredients, readonly string[]]>([
    ["that may fail", { agents: true, faults: true, waits: true }, ["Suspend"]],
    ["that cannot fail", { agents: true, faults: false, races: false, waits: true, suspends: true }, ["Fail", "Race"]],
  ])("%s reach every node", (_, ingredients, but) => {
    const seen = new Set(but)
    for (let seed = 0; seed < 300; seed++) {
      walk(sample(seeded(seed), 12, ingredients).flow.node, (node) => seen.add(node._tag))
    }
    expect([...seen].toSorted()).toEqual(Object.keys(claims).toSorted())
  })

  it("are as large as was asked for, or smaller", () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, size) => {
        let nodes = 0
        walk(sample(seeded(seed), size).flow.node, () => nodes++)
        // A node may come with the functions that join it to the next: at most seven for each.
        expect(nodes).toBeLessThanOrEqual(size * 8)
      }),
    ))

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

  it("have no law without a name", () => expect(Object.keys(laws).length).toBeGreaterThan(80))
})
