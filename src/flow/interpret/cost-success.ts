import { own } from "../../data/json.js"
import type { FlowAlgebra } from "../fold.js"
import { range, type Surroundings } from "./cost-algebra.js"
import type { Unbounded } from "./cost-most.js"

/** How likely a part succeeds; `undefined` where nothing tells. */
export type Likelihood = number | undefined

const every = (kids: readonly Likelihood[]): Likelihood =>
  kids.reduce(
    (all, kid) => (all === 0 || kid === 0 ? 0 : all === undefined || kid === undefined ? undefined : all * kid),
    1,
  )

const known = (kids: readonly Likelihood[]): kids is readonly number[] => kids.every((kid) => kid !== undefined)

/** Of several parts one runs, and nobody knows which: the least likely to succeed. */
const worst = (kids: readonly Likelihood[]): Likelihood =>
  known(kids) ? kids.reduce((a, b) => Math.min(a, b), 1) : undefined

/** How often at least `n` of independent parts succeed: the upper tail of a Poisson-binomial distribution. */
export function tail(chances: readonly number[], n: number): number {
  const spare = chances.length - n
  if (spare < 0) return 0
  if (n <= 0) return 1
  // odds[k]: exactly k of those seen so far have failed. More than `spare` failures are too many.
  const odds = new Float64Array(spare + 1)
  odds[0] = 1
  for (const chance of chances) {
    for (let k = spare; k > 0; k--) odds[k] = (odds[k] ?? 0) * chance + (odds[k - 1] ?? 0) * (1 - chance)
    odds[0] = (odds[0] ?? 0) * chance
  }
  return Math.min(
    1,
    odds.reduce((sum, odd) => sum + odd, 0),
  )
}

/** Of longer lists of which some must succeed nothing is told: what it takes to count grows with the square. */
const longest = 10_000

const power = (base: Likelihood, exponent: number): Likelihood => (base === undefined ? undefined : base ** exponent)

/**
 * How likely a flow succeeds when each ask fails independently of the others, as often as its agent's `failure` says.
 * Where the flow itself decides, the worst is taken: the least likely arm, every turn of a loop, the longest list (with
 * `atLeast` the shortest one that can do). Each fault is taken to be worth another try. A recovery from some faults only is not
 * counted on, nor is a hedged copy. Functions, guards, deadlines, limits and answers from outside are taken to hold.
 */
export const success = (
  { params, estimates, sizeAt }: Surroundings,
  missing: (what: Unbounded) => void,
): FlowAlgebra<Likelihood> => ({
  Pure: () => 1,
  Agent({ ref }, _, { path }) {
    const rate = own(estimates, ref.name)?.failure
    if (rate === undefined) missing({ path, agent: ref.name, figure: "success" })
    return rate === undefined ? undefined : 1 - rate
  },
  Fail: () => 0,
  Seq: (_, kids) => every(kids),
  Let: (_, { of, body }) => every([of, body]),
  FlatMap(_, { of, among }, { path }) {
    if (among === undefined) missing({ path, figure: "success" })
    return every([of, among && worst(among)])
  },
  All: (_, kids) => every(kids),
  Traverse(node, body, { path }) {
    const { min, max } = sizeAt(node, path)
    if (body === 1 && node.atLeast === undefined) return 1
    const needed = node.atLeast === undefined ? undefined : range(node.atLeast, params).to
    // The longest list, where all must succeed; where some must, the shortest one that can do.
    const size = needed === undefined ? max : Math.min(max, Math.max(min, needed))
    const told = size <= (needed === undefined ? Number.MAX_VALUE : longest)
    if (!told) missing({ path, figure: "success" })
    if (!told || body === undefined) return undefined
    if (needed === undefined) return body ** size
    return tail(
      Array.from({ length: size }, () => body),
      needed,
    )
  },
  AtLeast(node, kids) {
    if (!known(kids)) return undefined
    const required = new Set(node.required)
    const rest = kids.filter((_, i) => !required.has(i))
    const musts = every(kids.filter((_, i) => required.has(i)))
    return every([musts, tail(rest, Math.min(range(node.n, params).to, kids.length) - required.size)])
  },
  Race: ({ wins }, kids) => {
    if (!known(kids)) return undefined
    return wins === "settled" ? worst(kids) : 1 - kids.reduce((none, kid) => none * (1 - kid), 1)
  },
  // What is not there is told from the node: of what is there, nothing may be known.
  Branch: (node, { by, arms, otherwise }) =>
    every(["by" in node.on ? by : 1, worst(node.otherwise === undefined ? arms : [...arms, otherwise])]),
  Recover({ on }, { of, handler }) {
    if (on !== undefined || of === 1) return of
    return of === undefined || handler === undefined ? undefined : of + (1 - of) * handler
  },
  Loop: ({ max }, body) => power(body, range(max, params).to),
  Within: (_, of) => of,
  Retry: ({ times }, of) => (of === undefined ? undefined : 1 - (1 - of) ** (range(times, params).to + 1)),
  Limit: (_, of) => of,
  Divert: ({ how }, { of, side }) => (how === "tap" ? every([of, side]) : of),
  Guard: ({ check }, { of, by }) => every([of, "by" in check ? by : 1]),
  Graph: (_, kids) => every(kids),
  Call: (_, of) => of,
  Suspend: () => 1,
  Sleep: () => 1,
})
