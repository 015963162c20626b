// @ts-check
import { bestFirst } from "./ranking.js"
import { add, dot, tfIdf } from "./vectors.js"

/** The weight of relevance; novelty has the rest. */
const LAMBDA = 0.5

/** Sentences that are compared with each other: the most relevant ones. The rest follow by relevance alone. */
const CANDIDATES = 200

/**
 * Ranks sentences one at a time, each time the one that says most of the text and least of what was already chosen
 * (maximal marginal relevance, Carbonell and Goldstein 1998). The text as a whole stands for the query.
 *
 * Only the 200 most relevant sentences are compared pair by pair, which bounds the time of a long text.
 *
 * @param {readonly string[]} sentences
 * @returns {import("./ranking.js").Ranking}
 *
 * @example
 * marginalRelevance(["Cats purr.", "Cats purr.", "Dogs bark."]) // [0, 2, 1]
 */
export function marginalRelevance(sentences) {
  const { vectors, terms } = tfIdf(sentences)
  const text = new Float64Array(terms)
  for (const vector of vectors) add(text, vector, 1)
  const length = Math.sqrt(text.reduce((sum, weight) => sum + weight * weight, 0)) || 1
  const relevance = vectors.map((vector) => dot(text, vector) / length)
  const order = bestFirst(relevance)

  /** @type {number[]} */
  const chosen = []
  let open = order.slice(0, CANDIDATES).map((index) => ({ index, likeness: 0 }))
  while (open.length > 0) {
    const values = open.map(({ index, likeness }) => LAMBDA * (relevance[index] ?? 0) - (1 - LAMBDA) * likeness)
    const next = open[bestFirst(values)[0] ?? 0]?.index ?? 0
    chosen.push(next)
    const latest = new Float64Array(terms)
    add(latest, vectors[next] ?? [], 1)
    open = open
      .filter(({ index }) => index !== next)
      .map(({ index, likeness }) => ({ index, likeness: Math.max(likeness, dot(latest, vectors[index] ?? [])) }))
  }
  return [...chosen, ...order.slice(CANDIDATES)]
}
