import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, of } from "./parts.js"

interface Member {
  readonly ms: number
  /** Asks at one time. */
  readonly wide: number
  readonly dependsOn: readonly number[]
}

/** A member that takes so long, and asks so many at one time. */
function work({ ms, wide }: Member): Any {
  const one = ask("one", { caps: { requests: 0, latency: ms } })
  return of(make.all(Array.from({ length: wide }, () => one.node)))
}

/** The members `m0`, `m1`, … */
const graph = (members: readonly Member[]): Any =>
  of(
    make.graph(
      members.map((member, i) => ({
        id: `m${i}`,
        of: work(member).node,
        dependsOn: member.dependsOn.map((dep) => `m${dep}`),
      })),
    ),
  )

const member = (ms: number, wide: number, ...dependsOn: readonly number[]): Member => ({ ms, wide, dependsOn })

/** Latency, asks at one time, and the members of the longest way. */
function priced(members: readonly Member[]): readonly [number | null, number | null, ...number[]] {
  const { most, criticalPath } = cost(graph(members))
  const way = criticalPath.map(({ path }) => Number(path.split("/")[0]?.slice(1)))
  return [most.latency.value, most.concurrency.value, ...way]
}

const dags: fc.Arbitrary<readonly Member[]> = fc
  .array(
    fc.record({ ms: fc.nat(5), wide: fc.integer({ min: 1, max: 4 }), deps: fc.array(fc.nat(), { maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((all) =>
    all.map(({ ms, wide, deps }, i) => ({
      ms,
      wide,
      dependsOn: i === 0 ? [] : [...new Set(deps.map((dep) => dep % i))],
    })),
  )

describe("a graph", () => {
  it.each<[string, readonly Member[], readonly number[]]>([
    ["of one", [member(3, 2)], [3, 2, 0]],
    ["a chain", [member(3, 2), member(4, 5, 0), member(5, 1, 1)], [12, 5, 0, 1, 2]],
    ["a chain that is written backwards", [member(3, 2, 1), member(4, 5, 2), member(5, 1)], [12, 5, 2, 1, 0]],
    ["two chains", [member(3, 2), member(9, 1), member(4, 4, 0), member(1, 3, 1)], [10, 7, 1, 3]],
    ["a diamond", [member(1, 1), member(2, 2, 0), member(3, 4, 0), member(4, 1, 1, 2)], [8, 6, 0, 2, 3]],
    ["with a short way first", [member(1, 1), member(5, 1), member(2, 1, 0, 1)], [7, 2, 1, 2]],
    ["with a long way first", [member(5, 1), member(1, 1), member(2, 1, 0, 1)], [7, 2, 0, 2]],
    ["with ways of one length: the first", [member(5, 1), member(5, 1), member(2, 1, 0, 1)], [7, 2, 0, 2]],
    ["with ends of one length: the first", [member(5, 1), member(5, 1)], [5, 2, 0]],
    ["whose last is no end of the longest way", [member(9, 1), member(1, 1)], [9, 2, 0]],
    ["that goes on with the widest chain", [member(1, 5), member(1, 1), member(1, 3, 0, 1)], [2, 6, 0, 2]],
    ["wherever it is written", [member(1, 1), member(1, 5), member(1, 3, 0, 1)], [2, 6, 0, 2]],
    [
      "that goes on with a chain once",
      [member(1, 5), member(1, 2, 0), member(1, 3, 0), member(1, 4, 0)],
      [2, 12, 0, 1],
    ],
    [
      "that goes on with what is left of the chains",
      [member(1, 5), member(1, 2), member(1, 1, 0), member(1, 2, 0, 1)],
      [2, 7, 0, 2],
    ],
  ])("%s", (_, members, wanted) => expect(priced(members)).toEqual(wanted))

  it("takes as long as its longest path, and as many asks at one time as may run side by side", () =>
    fc.assert(
      fc.property(dags, (members) => {
        const end = (i: number): number => {
          const { ms, dependsOn } = members[i] ?? member(0, 0)
          return ms + Math.max(0, ...dependsOn.map(end))
        }
        const behind = (i: number): number[] => (members[i]?.dependsOn ?? []).flatMap((dep) => [dep, ...behind(dep)])
        const [latency, concurrency, ...way] = priced(members)
        expect(latency).toBe(Math.max(0, ...members.map((_, i) => end(i))))
        expect(way.reduce((sum, i) => sum + (members[i]?.ms ?? 0), 0)).toBe(latency)
        for (const [at, i] of way.entries()) {
          const before = way[at - 1]
          // What takes no time is not listed.
          if (before !== undefined && before !== i) expect(behind(i)).toContain(before)
        }
        let widest = 0
        for (let set = 0; set < 2 ** members.length; set++) {
          const chosen = members.flatMap((_, i) => (set & (2 ** i) ? [i] : []))
          const apart = chosen.every((i) => !behind(i).some((dep) => chosen.includes(dep)))
          if (apart)
            widest = Math.max(
              widest,
              chosen.reduce((sum, i) => sum + (members[i]?.wide ?? 0), 0),
            )
        }
        expect(concurrency).toBeGreaterThanOrEqual(widest)
        expect(concurrency).toBeLessThanOrEqual(members.reduce((sum, { wide }) => sum + wide, 0))
      }),
    ))
})

it("a graph is as long as a graph of its parts in a row", () => {
  const { most } = cost(graph([member(2, 1), member(3, 1, 0)]).andThen(F.sleep(4)))
  expect(most.latency.value).toBe(9)
})
