// @ts-check
import { bestFirst } from "./ranking.js"
import { add, dot, tfIdf } from "./vectors.js"

const DAMPING = 0.85
const MOST_TURNS = 100
const CLOSE_ENOUGH = 1e-7

/**
 * Ranks sentences by how much the other sentences vote for them (TextRank, Mihalcea and Tarau 2004).
 *
 * @param {readonly string[]} sentences
 * @returns {import("./ranking.js").Ranking}
 *
 * @example
 * textRank(["Dogs bark.", "Red cats purr.", "Cats sleep.", "Red ink."]) // [1, 2, 3, 0]
 */
export function textRank(sentences) {
  return bestFirst(centralities(sentences))
}

/**
 * Each sentence's rank in the graph whose edges are the cosines of the sentences, by power iteration.
 *
 * The graph is never built. Its matrix is the product of the sentences' vectors with themselves, so one turn is a sum of
 * all vectors and an inner product with each: time and memory grow with the words of the text, not with the square of
 * its sentences, and there are at most 100 turns.
 *
 * @param {readonly string[]} sentences
 * @returns {Float64Array} 1 on average in a connected text, 0.15 for a sentence that shares no word with another
 */
export function centralities(sentences) {
  const { vectors, terms } = tfIdf(sentences)
  const toItself = vectors.map((vector) => vector.reduce((sum, { weight }) => sum + weight * weight, 0))

  /** Votes that reach each sentence, if each hands `out` along every edge, times the edge's weight. @param {Float64Array} out */
  const received = (out) => {
    const sum = new Float64Array(terms)
    for (const [i, vector] of vectors.entries()) add(sum, vector, out[i] ?? 0)
    return Float64Array.from(vectors, (vector, i) => dot(sum, vector) - (toItself[i] ?? 0) * (out[i] ?? 0))
  }

  const strengths = received(new Float64Array(sentences.length).fill(1)).map((all) => (all > 1e-9 ? all : 0))
  let ranks = new Float64Array(sentences.length).fill(1)
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const shares = ranks.map((rank, i) => (strengths[i] ? rank / strengths[i] : 0))
    const next = received(shares).map((votes) => 1 - DAMPING + DAMPING * votes)
    const change = next.reduce((most, rank, i) => Math.max(most, Math.abs(rank - (ranks[i] ?? 0))), 0)
    ranks = next
    if (change < CLOSE_ENOUGH) break
  }
  return ranks
}
