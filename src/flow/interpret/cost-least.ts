import { cheapest, fewest, lower, plus, scaled, smallest, Tally, times } from "./cost-tally.js"

/** The fewest asks with which something can come about. */
export interface Least {
  readonly asks: number
  readonly byAgent: Tally
  readonly concurrency: number
}

/** How something can come about at the least; `undefined` when it cannot at all. */
export type Chance = Least | undefined

export const free = (): Least => ({ asks: 0, byAgent: new Tally(), concurrency: 0 })

export const oneAsk = (agent: string): Least => ({ asks: 1, byAgent: Tally.of(agent, 1), concurrency: 1 })

/** One after the other. Consumes both. */
export function both(a: Chance, b: Chance): Chance {
  if (a === undefined || b === undefined) return undefined
  return {
    asks: a.asks + b.asks,
    byAgent: plus(a.byAgent, b.byAgent),
    concurrency: Math.max(a.concurrency, b.concurrency),
  }
}

/** Either `a`, or `first` and then `second`, whichever is less. Consumes nothing. */
export function either(a: Chance, first: Chance, second: Chance): Chance {
  if (first === undefined || second === undefined) return a
  if (a === undefined) return both(copyOf(first), copyOf(second))
  return {
    asks: Math.min(a.asks, first.asks + second.asks),
    byAgent: lower(a.byAgent, first.byAgent, second.byAgent),
    concurrency: Math.min(a.concurrency, Math.max(first.concurrency, second.concurrency)),
  }
}

export const copyOf = (chance: Chance): Chance => chance && { ...chance, byAgent: chance.byAgent.copy() }

/** The same thing so many times over. Consumes it. */
export function severalOf(chance: Chance, n: number): Chance {
  if (n === 0) return free()
  return chance && { ...chance, asks: times(chance.asks, n), byAgent: scaled(chance.byAgent, n) }
}

/** The cheapest `n` of those that can come about. Consumes them. */
export function cheapestOf(chances: readonly Chance[], n: number): Chance {
  const known = chances.filter((chance) => chance !== undefined)
  if (known.length < n) return undefined
  return {
    asks: fewest(
      known.map((chance) => chance.asks),
      n,
    ),
    byAgent: cheapest(
      known.map((chance) => chance.byAgent),
      n,
    ),
    concurrency:
      smallest(
        known.map((chance) => chance.concurrency),
        n,
      ).at(-1) ?? 0,
  }
}

/** Success and failure of steps in a row. Consumes them. */
export function inOrder(steps: ReadonlyArray<{ readonly least: Chance; readonly fails: Chance }>): {
  least: Chance
  fails: Chance
} {
  let fails: Chance
  for (const step of steps.toReversed()) fails = either(step.fails, step.least, fails)
  let least: Chance = free()
  for (const step of steps) least = both(least, step.least)
  return { least, fails }
}
