// @ts-check
import { bestFirst } from "./ranking.js"
import { isContent, wordsOf } from "./words.js"

/** Words without significance that may stand between two significant words of one cluster. */
const GAP = 4

/**
 * Ranks sentences by how densely they pack the text's frequent words (Luhn 1958).
 *
 * @param {readonly string[]} sentences
 * @returns {import("./ranking.js").Ranking}
 *
 * @example
 * termFrequency(["A dog.", "The cat sat.", "The cat ran."]) // [1, 2, 0]
 */
export function termFrequency(sentences) {
  return bestFirst(significances(sentences))
}

/**
 * Each sentence's significance: the most, over its clusters of significant words, of (significant words)² ÷ (words in
 * the cluster). A content word is significant if it occurs at least as often as content words do on average.
 *
 * @param {readonly string[]} sentences
 * @returns {number[]}
 */
export function significances(sentences) {
  const words = sentences.map(wordsOf)
  /** @type {Map<string, number>} */
  const counts = new Map()
  let total = 0
  for (const word of words.flat().filter(isContent)) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
    total++
  }
  const mean = total / counts.size
  return words.map((sentence) => densest(sentence.map((word) => (counts.get(word) ?? 0) >= mean)))
}

/** @param {boolean[]} significant which words of the sentence are @returns {number} */
function densest(significant) {
  /** @type {{ start: number, end: number, count: number }[]} */
  const clusters = []
  for (const [at, yes] of significant.entries()) {
    const open = clusters.at(-1)
    if (!yes) continue
    if (open === undefined || at - open.end > GAP + 1) {
      clusters.push({ start: at, end: at, count: 1 })
    } else {
      open.end = at
      open.count++
    }
  }
  return clusters.reduce((best, { start, end, count }) => Math.max(best, (count * count) / (end - start + 1)), 0)
}
