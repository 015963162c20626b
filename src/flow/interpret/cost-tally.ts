/**
 * Asks by agent; an agent that is absent has none. A tally is owned by one holder: `plus` and `highest` consume what they
 * are given and pour the smaller into the larger, and a multiple is taken when it is read, so that a flow of many agents
 * is priced in linear time however it nests.
 */
export class Tally {
  /** Asks, each divided by the factor. Most parts ask nobody, and have no map. */
  #stored: Map<string, number> | undefined
  #factor = 1
  #largest = 0

  static of(agent: string, asks: number): Tally {
    const tally = new Tally()
    tally.set(agent, asks)
    return tally
  }

  get size(): number {
    return this.#stored?.size ?? 0
  }

  get(agent: string): number {
    return this.#real(this.#stored?.get(agent) ?? 0)
  }

  set(agent: string, asks: number): void {
    this.#stored ??= new Map()
    this.#stored.set(agent, asks / this.#factor)
    this.#largest = Math.max(this.#largest, asks)
  }

  agents(): Iterable<string> {
    return this.#stored?.keys() ?? []
  }

  *[Symbol.iterator](): Generator<[string, number]> {
    if (this.#stored === undefined) return
    for (const [agent, stored] of this.#stored) yield [agent, this.#real(stored)]
  }

  copy(): Tally {
    const copy = new Tally()
    for (const [agent, asks] of this) copy.set(agent, asks)
    return copy
  }

  /** Each figure times `by`, which is above 0. */
  scale(by: number): void {
    this.#factor *= by
    this.#largest = times(this.#largest, by)
    if (this.#factor > farthest) this.#settle(Infinity)
  }

  /** No figure above `most`. */
  clamp(most: number): void {
    if (this.#largest > most) this.#settle(most)
  }

  /** Asks are whole: what dividing and multiplying has left of a fraction is not meant. */
  #real(stored: number): number {
    return Math.round(times(stored, this.#factor))
  }

  #settle(most: number): void {
    this.#stored?.forEach((stored, agent, all) => all.set(agent, Math.min(this.#real(stored), most)))
    this.#factor = 1
    this.#largest = Math.min(this.#largest, most)
  }
}

/** Beyond this factor, what is divided by it comes near the smallest numbers there are. */
const farthest = 1e200

export const times = (value: number, by: number): number => (value === 0 || by === 0 ? 0 : value * by)

function pour(a: Tally, b: Tally, mix: (x: number, y: number) => number): Tally {
  const [into, from] = a.size < b.size ? [b, a] : [a, b]
  for (const [agent, asks] of from) into.set(agent, mix(into.get(agent), asks))
  return into
}

/** The sums. Consumes both. */
export const plus = (a: Tally, b: Tally): Tally => pour(a, b, (x, y) => x + y)

/** The larger of each. Consumes both. */
export const highest = (a: Tally, b: Tally): Tally => pour(a, b, Math.max)

/** Each figure times `by`, which is above 0. Consumes the tally. */
export function scaled(tally: Tally, by: number): Tally {
  tally.scale(by)
  return tally
}

const largestFirst = (tallies: readonly Tally[]): Tally[] => [...tallies].sort((a, b) => b.size - a.size)

/** The sums, and the largest of each `copies` times more. Consumes the tallies. */
export function withCopies(tallies: readonly Tally[], copies: number): Tally {
  const [largest = new Tally(), ...others] = largestFirst(tallies)
  const found = new Map<string, { sum: number; high: number }>()
  for (const tally of others) {
    for (const [agent, asks] of tally) {
      const before = found.get(agent) ?? { sum: largest.get(agent), high: largest.get(agent) }
      found.set(agent, { sum: before.sum + asks, high: Math.max(before.high, asks) })
    }
  }
  largest.scale(1 + copies)
  for (const [agent, { sum, high }] of found) largest.set(agent, sum + times(high, copies))
  return largest
}

const none = new Tally()

/** The smaller of `a` and `b + c`, each. Consumes nothing; reads the smaller side alone. */
export function lower(a: Tally, b: Tally, c: Tally = none): Tally {
  const out = new Tally()
  const see = (agent: string): void => {
    const least = Math.min(a.get(agent), b.get(agent) + c.get(agent))
    if (least > 0) out.set(agent, least) // what nobody asks is left out, so that flows in flows stay small
  }
  if (a.size <= b.size + c.size) for (const agent of a.agents()) see(agent)
  else for (const tally of [b, c]) for (const agent of tally.agents()) see(agent)
  return out
}

/** For each agent the sum over the `n` tallies with the fewest of its asks. Consumes the tallies. */
export function cheapest(tallies: readonly Tally[], n: number): Tally {
  const spare = tallies.length - n
  if (spare === 0) return tallies.reduce(plus, new Tally())
  // With a spare, only an agent of two or more tallies counts: the largest tally is looked up, never read through.
  const [largest = none, ...others] = largestFirst(tallies)
  const found = new Map<string, number[]>()
  for (const tally of others) {
    for (const [agent, asks] of tally) {
      const list = found.get(agent)
      if (list === undefined) found.set(agent, [asks])
      else list.push(asks)
    }
  }
  const out = new Tally()
  for (const [agent, list] of found) {
    list.push(largest.get(agent))
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
