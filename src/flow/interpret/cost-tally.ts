/**
 * Asks by agent; an agent that is absent has none. A tally is owned by one holder: `plus` and `highest` consume what they
 * are given and pour the smaller into the larger, so that a flow of many agents is priced in linear time however it nests.
 */
export type Tally = Map<string, number>

export const times = (value: number, by: number): number => (value === 0 ? 0 : value * by)

function pour(a: Tally, b: Tally, mix: (x: number, y: number) => number): Tally {
  const [into, from] = a.size < b.size ? [b, a] : [a, b]
  for (const [agent, asks] of from) into.set(agent, mix(into.get(agent) ?? 0, asks))
  return into
}

/** The sums. Consumes both. */
export const plus = (a: Tally, b: Tally): Tally => pour(a, b, (x, y) => x + y)

/** The larger of each. Consumes both. */
export const highest = (a: Tally, b: Tally): Tally => pour(a, b, Math.max)

/** Each figure times `by`. Consumes the tally. */
export function scaled(tally: Tally, by: number): Tally {
  if (by !== 1) for (const [agent, asks] of tally) tally.set(agent, times(asks, by))
  return tally
}

const none: Tally = new Map()

/** The smaller of `a` and `b + c`, each. Consumes nothing; reads the smaller side alone. */
export function lower(a: Tally, b: Tally, c: Tally = none): Tally {
  const out: Tally = new Map()
  const see = (agent: string): void => {
    const least = Math.min(a.get(agent) ?? 0, (b.get(agent) ?? 0) + (c.get(agent) ?? 0))
    if (least > 0) out.set(agent, least)
  }
  if (a.size <= b.size + c.size) for (const agent of a.keys()) see(agent)
  else for (const tally of [b, c]) for (const agent of tally.keys()) see(agent)
  return out
}

/** For each agent the sum over the `n` tallies with the fewest of its asks. Consumes the tallies. */
export function cheapest(tallies: readonly Tally[], n: number): Tally {
  const spare = tallies.length - n
  if (spare === 0) return tallies.reduce(plus, new Map())
  // With a spare, only an agent of two or more tallies counts: the largest tally is looked up, never read through.
  const [largest = none, ...others] = [...tallies].sort((a, b) => b.size - a.size)
  const found = new Map<string, number[]>()
  for (const tally of others) {
    for (const [agent, asks] of tally) {
      const list = found.get(agent)
      if (list === undefined) found.set(agent, [asks])
      else list.push(asks)
    }
  }
  const out: Tally = new Map()
  for (const [agent, list] of found) {
    const more = largest.get(agent)
    if (more !== undefined) list.push(more)
    if (list.length > spare) {
      const sum = fewest(list, list.length - spare)
      if (sum > 0) out.set(agent, sum)
    }
  }
  return out
}

/** The sum of the `n` smallest. */
export function fewest(values: readonly number[], n: number): number {
  return smallest(values, n).reduce((sum, value) => sum + value, 0)
}

/** The `n` smallest, in order. */
export const smallest = (values: readonly number[], n: number): number[] =>
  [...values].sort((a, b) => a - b).slice(0, n)
