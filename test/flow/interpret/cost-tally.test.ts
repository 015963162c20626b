import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  cheapest,
  fewest,
  highest,
  lower,
  plus,
  scaled,
  smallest,
  Tally,
  times as product,
  withCopies,
} from "../../../src/flow/interpret/cost-tally.js"

const names = ["a", "b", "c", "d", "e", "f"]
type Asks = ReadonlyMap<string, number>

const counts: fc.Arbitrary<Asks> = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 9 })), { maxLength: 12 })
  .map((entries) => new Map(entries))

/** The same asks, in a tally that has been multiplied on its way, or not. */
function tallied(asks: Asks, by = 1): Tally {
  const tally = new Tally()
  tally.scale(by)
  for (const [agent, n] of asks) tally.set(agent, n)
  return tally
}

/** What each agent has in several tallies. */
const columns = (all: readonly Asks[], of: (asks: number[]) => number): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, of(all.map((asks) => asks.get(name) ?? 0))]))

const read = (tally: Tally): Record<string, number> => Object.fromEntries(names.map((name) => [name, tally.get(name)]))
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const scales = fc.constantFrom(1, 3, 1e150)

type Step = (asks: Map<string, number>, tally: Tally) => void
const each = (asks: Map<string, number>, of: (n: number) => number): void => {
  for (const [agent, n] of asks) asks.set(agent, of(n))
}
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom(...names), fc.nat(9)).map(
    ([agent, n]): Step =>
      (asks, tally) => {
        asks.set(agent, n)
        tally.set(agent, n)
      },
  ),
  fc.constantFrom(1, 2, 7, 1e150, 1e250, Infinity).map(
    (by): Step =>
      (asks, tally) => {
        each(asks, (n) => (n === 0 ? 0 : n * by))
        tally.scale(by)
      },
  ),
  fc.constantFrom(0, 1, 4, 20, 1e160).map(
    (most): Step =>
      (asks, tally) => {
        each(asks, (n) => Math.min(n, most))
        tally.clamp(most)
      },
  ),
)

describe("a tally", () => {
  it("says what a plain map would say, however it is set, multiplied and cut", () =>
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), (todo) => {
        const [asks, tally] = [new Map<string, number>(), new Tally()]
        for (const step of todo) step(asks, tally)
        expect(tally.size).toBe(asks.size)
        expect([...tally.agents()]).toEqual([...asks.keys()])
        expect([...tally]).toEqual([...asks.keys()].map((agent) => [agent, tally.get(agent)]))
        expect([...tally.copy()]).toEqual([...tally])
        for (const name of names) {
          const [is, wanted] = [tally.get(name), asks.get(name) ?? 0]
          if (is !== wanted) expect(is / wanted).toBeCloseTo(1, 9) // beyond whole numbers the last digits may differ
        }
      }),
    ))

  it("keeps small numbers beside those multiplied beyond every number, whatever comes first", () => {
    const tally = Tally.of("many", 1)
    for (let i = 0; i < 3; i++) tally.scale(1e150)
    tally.set("few", 5)
    expect([tally.get("many"), tally.get("few"), tally.get("none")]).toEqual([Infinity, 5, 0])
    tally.scale(Infinity)
    tally.set("last", 2)
    expect([...tally]).toEqual([
      ["many", Infinity],
      ["few", Infinity],
      ["last", 2],
    ])
    const empty = new Tally()
    empty.scale(Infinity)
    expect([empty.size, [...empty], [...empty.agents()]]).toEqual([0, [], []])
  })

  it("that was copied does not see what becomes of its copy", () => {
    const tally = Tally.of("a", 2)
    const copy = tally.copy()
    copy.scale(3)
    copy.set("b", 1)
    expect([...tally]).toEqual([["a", 2]])
    expect([...copy]).toEqual([
      ["a", 6],
      ["b", 1],
    ])
  })
})

describe("tallies together", () => {
  it("are added, compared and multiplied agent by agent", () =>
    fc.assert(
      fc.property(counts, counts, scales, scales, (a, b, x, y) => {
        expect(read(plus(tallied(a, x), tallied(b, y)))).toEqual(columns([a, b], sum))
        expect(read(highest(tallied(a, x), tallied(b, y)))).toEqual(columns([a, b], (n) => Math.max(...n)))
        expect(read(scaled(tallied(a), 4))).toEqual(columns([a], ([n = 0]) => 4 * n))
      }),
    ))

  it("with copies are their sum and the largest so many times more", () =>
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 5 }), fc.nat(3), scales, (all, copies, by) => {
        const wanted = columns(all, (n) => sum(n) + copies * Math.max(0, ...n))
        expect(
          read(
            withCopies(
              all.map((asks) => tallied(asks, by)),
              copies,
            ),
          ),
        ).toEqual(wanted)
      }),
    ))

  it("are at the least the smaller of one and of two together, and list nobody who asks nothing", () =>
    fc.assert(
      fc.property(counts, counts, counts, scales, (a, b, c, by) => {
        const [of, other, third] = [tallied(a, by), tallied(b), tallied(c)]
        const [two, three] = [lower(of, other), lower(of, other, third)]
        expect(read(two)).toEqual(columns([a, b], (n) => Math.min(...n)))
        expect(read(three)).toEqual(columns([a, b, c], ([x = 0, y = 0, z = 0]) => Math.min(x, y + z)))
        for (const tally of [two, three]) expect([...tally].every(([, asks]) => asks > 0)).toBe(true)
        expect([of, other, third].map(read)).toEqual([a, b, c].map((asks) => columns([asks], sum)))
      }),
    ))

  it("of which the cheapest count, agent by agent, list nobody who asks nothing", () =>
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 6 }), fc.nat(6), scales, (all, n, by) => {
        const count = Math.min(n, all.length)
        const tally = cheapest(
          all.map((asks) => tallied(asks, by)),
          count,
        )
        const wanted = columns(all, (asks) => sum([...asks].sort((x, y) => x - y).slice(0, count)))
        expect(read(tally)).toEqual(wanted)
        if (count < all.length) expect([...tally].every(([, asks]) => asks > 0)).toBe(true)
      }),
    ))

  it.each<[number, number[], number]>([
    [0, [], 0],
    [1, [2], 2],
    [2, [2, 3], 5],
    [3, [2, 3, 10], 15],
    [9, [2, 3, 10], 15],
  ])("the %i smallest of 10, 2 and 3, by their size and not by their digits", (n, list, total) => {
    expect(smallest([10, 2, 3], n)).toEqual(list)
    expect(fewest([10, 2, 3], n)).toBe(total)
  })

  it("nothing, so many times over, is nothing, and so is anything not once", () => {
    expect([product(0, Infinity), product(Infinity, 0), product(3, 4), product(2, Infinity)]).toEqual([
      0,
      0,
      12,
      Infinity,
    ])
  })
})
