// @ts-check

/**
 * Fuses rankings into one by reciprocal rank (Cormack, Clarke and Büttcher 2009): an index scores the sum, over the
 * rankings that name it, of 1 ÷ (k + its rank), ranks counted from 1.
 *
 * The order of the rankings does not matter. A ranking counts an index once, at its best rank.
 *
 * @param {ReadonlyArray<readonly number[]>} rankings each best first
 * @param {number} [k] how little the first places stand out; 60 as in the paper
 * @returns {{ index: number, score: number }[]} best first; the lower index where scores are equal
 *
 * @example
 * fuseRankings([[0, 1], [0, 1]]) // [{ index: 0, score: 2 / 61 }, { index: 1, score: 2 / 62 }]
 */
export function fuseRankings(rankings, k = 60) {
  /** @type {Map<number, number[]>} */
  const ranks = new Map()
  for (const ranking of rankings) {
    for (const [at, index] of [...new Set(ranking)].entries()) {
      const list = ranks.get(index)
      if (list === undefined) ranks.set(index, [at + 1])
      else list.push(at + 1)
    }
  }
  const scored = [...ranks].map(([index, list]) => {
    const best = list.sort((a, b) => a - b) // one order of summing, so that the order of the rankings cannot show
    return { index, score: best.reduce((sum, rank) => sum + 1 / (k + rank), 0) }
  })
  return scored.sort((a, b) => b.score - a.score || a.index - b.index)
}
