import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { align } from "../../../src/flow/interpret/diff/align.js"

const letters = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 })

/** The length of the longest common subsequence, by its definition. */
function longest(x: readonly string[], y: readonly string[]): number {
  const [first, ...rest] = x
  if (first === undefined) return 0
  const at = y.indexOf(first)
  return Math.max(longest(rest, y), at < 0 ? 0 : 1 + longest(rest, y.slice(at + 1)))
}

describe("the alignment of two lists", () => {
  it("pairs what is equal, in order, leaves nothing out, and pairs as much as can be", () =>
    fc.assert(
      fc.property(letters, letters, (x, y) => {
        const { pairs, removed, added } = align(x, y)
        for (const [i, j] of pairs) expect(x[i]).toBe(y[j])
        expect(pairs).toEqual(pairs.toSorted(([i], [j]) => i - j))
        expect(pairs.map(([, j]) => j)).toEqual(pairs.map(([, j]) => j).toSorted((i, j) => i - j))
        expect([...pairs.map(([i]) => i), ...removed].toSorted((i, j) => i - j)).toEqual([...x.keys()])
        expect([...pairs.map(([, j]) => j), ...added].toSorted((i, j) => i - j)).toEqual([...y.keys()])
        expect(pairs.length).toBe(longest(x, y))
      }),
    ))

  it.each([
    [
      ["a", "b", "c"],
      ["a", "b", "c"],
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ], // prettier-ignore
    [["a", "b"], ["b", "a"], [[1, 0]]],
    [
      ["a", "b", "c"],
      ["x", "a", "c"],
      [
        [0, 1],
        [2, 2],
      ],
    ],
    [[], ["a"], []],
    [["a"], [], []],
    [["a", "b"], ["x", "y"], []],
  ] as const)("of %j and %j is %j", (x, y, pairs) => {
    expect(align(x, y).pairs).toEqual(pairs)
  })

  it("beyond two thousand differences pairs only what stands once on each side, in order", () => {
    const many = (name: string): string[] => Array.from({ length: 1_001 }, (_, i) => `${name}${i}`)
    const before = ["twice", "one", "twice", ...many("x"), "two", "late", "last"]
    const after = ["one", "twice", ...many("y"), "late", "two", "last", "twice"]
    const pairs = [
      [1, 0],
      [before.indexOf("two"), after.indexOf("two")],
      [before.length - 1, after.length - 2],
    ] // prettier-ignore
    expect(align(before, after).pairs).toEqual(pairs)
    expect(align(before.slice(0, 1_003), after.slice(0, 999)).pairs).toEqual([
      [1, 0],
      [2, 1],
    ]) // prettier-ignore
  })
})
