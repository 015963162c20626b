// @ts-check

/**
 * Every sentence's index once, best first. What each method gives, whatever its scores mean.
 * @typedef {number[]} Ranking
 */

/**
 * The indexes of scores, highest first. Equal scores keep the order of the text; scores that differ by less than a
 * billionth count as equal, so that rounding never decides.
 *
 * @param {ArrayLike<number>} scores
 * @returns {Ranking}
 *
 * @example
 * bestFirst([1, 3, 3]) // [1, 2, 0]
 */
export function bestFirst(scores) {
  const rounded = Array.from(scores, (score) => Math.round(score * 1e9))
  return [...rounded.keys()].sort((a, b) => (rounded[b] ?? 0) - (rounded[a] ?? 0) || a - b)
}
