// @ts-check
import { isContent, wordsOf } from "./words.js"

/**
 * A sentence as the weights of its terms; a term is a number from 0.
 * @typedef {ReadonlyArray<{ readonly term: number, readonly weight: number }>} Vector
 */

/**
 * The sentences as vectors of unit length: term frequency × inverse document frequency (ln(n / df) + 1), where each
 * sentence is a document. A sentence without content words is the empty vector.
 *
 * @param {readonly string[]} sentences
 * @returns {{ vectors: Vector[], terms: number }} `terms` is how many there are
 */
export function tfIdf(sentences) {
  /** @type {Map<string, number>} */
  const ids = new Map()
  /** @type {number[]} */
  const sentencesWith = []
  const counts = sentences.map((sentence) => {
    /** @type {Map<number, number>} */
    const count = new Map()
    for (const word of wordsOf(sentence).filter(isContent)) {
      const term = ids.get(word) ?? ids.size
      ids.set(word, term)
      count.set(term, (count.get(term) ?? 0) + 1)
    }
    for (const term of count.keys()) sentencesWith[term] = (sentencesWith[term] ?? 0) + 1
    return count
  })
  const vectors = counts.map((count) => {
    const weights = [...count].map(([term, n]) => ({
      term,
      weight: n * (Math.log(sentences.length / (sentencesWith[term] ?? 1)) + 1),
    }))
    const length = Math.sqrt(weights.reduce((sum, { weight }) => sum + weight * weight, 0))
    return weights.map(({ term, weight }) => ({ term, weight: weight / length }))
  })
  return { vectors, terms: ids.size }
}

/**
 * Adds a vector, `scale` times, to a sum that has a place for each term.
 * @param {Float64Array} sum
 * @param {Vector} vector
 * @param {number} scale
 */
export function add(sum, vector, scale) {
  for (const { term, weight } of vector) sum[term] = (sum[term] ?? 0) + scale * weight
}

/**
 * The inner product of a sum and a vector; for two of unit length, their cosine.
 * @param {Float64Array} sum
 * @param {Vector} vector
 * @returns {number}
 */
export function dot(sum, vector) {
  let product = 0
  for (const { term, weight } of vector) product += (sum[term] ?? 0) * weight
  return product
}
