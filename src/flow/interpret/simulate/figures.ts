import { tidy } from "../../../data/tidy.js"

/** How a figure is spread over the runs. A percentile is the smallest value that so many percent do not exceed. */
export interface Spread {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** A share from 0 to 1, and the interval that holds the true one 95 times of 100 (Wilson's). */
export interface Share {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** The spread of some values; 0 throughout where there are none. */
export function spreadOf(values: Float64Array): Spread {
  const sorted = values.toSorted()
  const at = (percent: number): number => tidy(sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0)
  const sum = sorted.reduce((a, b) => a + b, 0)
  const mean = sorted.length === 0 ? 0 : tidy(sum / sorted.length)
  return { mean, p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: at(100) }
}

/** How many standard deviations around the mean hold 95 % of a normal distribution. */
const z = 1.959963984540054

export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { rate: 0, low: 0, high: 1 }
  const rate = hits / of
  const scale = 1 + z ** 2 / of
  const middle = (rate + z ** 2 / (2 * of)) / scale
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / of + z ** 2 / (4 * of ** 2))
  return { rate, low: hits === 0 ? 0 : tidy(middle - reach), high: hits === of ? 1 : tidy(middle + reach) }
}
