import type { Random } from "./random.js"

/** An amount: a number (of milliseconds, tokens, US dollars), or for a latency a duration such as `2s`. */
export type Amount = number | string

/**
 * How an amount is spread, as data. Nothing below 0 comes of any: a normal distribution is cut there.
 *
 * A number is constant. A text is a duration (`250ms`, `2s`), a distribution written as a call, `uniform(1s, 3s)`,
 * `normal(2s, 500ms)` (mean, standard deviation), `lognormal(2s, 6s)` (median, 95th percentile), `exponential(2s)`
 * (mean), or a mixture of these, `98% lognormal(2s, 6s) + 2% 60s`. Texts for tokens and dollars are written without units.
 */
export type Distribution =
  | Amount
  | { readonly uniform: readonly [from: Amount, to: Amount] }
  | { readonly normal: { readonly mean: Amount; readonly sd: Amount } }
  | {
      readonly lognormal:
        | { readonly median: Amount; readonly p95: Amount }
        | { readonly median: Amount; readonly sigma: number }
    }
  | { readonly exponential: { readonly mean: Amount } }
  /** Measured values, each as likely as the others. */
  | { readonly empirical: readonly Amount[] }
  | { readonly mixture: readonly { readonly weight: number; readonly of: Distribution }[] }

/** Draws an amount. */
export type Sampler = (random: Random) => number

/** How many standard deviations above the mean the 95th percentile of a normal distribution is. */
const z95 = 1.6448536269514722
/** What nothing exceeds: a heavy tail must not reach infinity. */
const most = Number.MAX_SAFE_INTEGER

/** A draw from the standard normal distribution, by Box and Muller. */
const gaussian = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export const constant =
  (value: number): Sampler =>
  () =>
    value

export const uniform =
  (from: number, to: number): Sampler =>
  (random) =>
    from + (to - from) * random()

export const normal =
  (mean: number, sd: number): Sampler =>
  (random) =>
    Math.min(most, Math.max(0, mean + sd * gaussian(random)))

/** The spread of a lognormal distribution, by its 95th percentile. */
export const sigmaOf = (median: number, p95: number): number => Math.log(p95 / median) / z95

export const lognormal =
  (median: number, sigma: number): Sampler =>
  (random) =>
    Math.min(most, median * Math.exp(sigma * gaussian(random)))

export const exponential =
  (mean: number): Sampler =>
  (random) =>
    -mean * Math.log(1 - random())

/** One of several, each as likely as the others. */
export const oneOf =
  (values: readonly number[]): Sampler =>
  (random) =>
    values[Math.floor(random() * values.length)] ?? 0

/** Chooses among several by their weights. */
export function weighted<A>(choices: readonly { readonly weight: number; readonly of: A }[]): (random: Random) => A {
  const [first] = choices
  if (first === undefined) throw new RangeError("nothing to choose from")
  const total = choices.reduce((sum, { weight }) => sum + weight, 0)
  return (random) => {
    let left = random() * total
    for (const { weight, of } of choices) {
      left -= weight
      if (left < 0) return of
    }
    return choices.findLast(({ weight }) => weight > 0)?.of ?? first.of
  }
}

export function mixture(parts: readonly { readonly weight: number; readonly of: Sampler }[]): Sampler {
  const choose = weighted(parts)
  return (random) => choose(random)(random)
}
