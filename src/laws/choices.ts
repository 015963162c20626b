/** Where random flows take their choices from: a seed, or a property-testing library that can shrink them. */
export interface Choices {
  /** A whole number from 0 to `n - 1`. Smaller ones should make smaller flows. */
  below(n: number): number
}

/** Choices from a seed: the same seed, the same flow. */
export function seeded(seed: number): Choices {
  let state = seed >>> 0
  return {
    below(n) {
      state = (state + 0x6d2b79f5) >>> 0
      let x = Math.imul(state ^ (state >>> 15), state | 1)
      x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
      return ((x ^ (x >>> 14)) >>> 0) % n
    },
  }
}

/** One of several. */
export function pick<T>(choices: Choices, from: readonly [T, ...T[]]): T {
  return from[choices.below(from.length)] ?? from[0]
}
