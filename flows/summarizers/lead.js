// @ts-check

/**
 * Ranks sentences by their place: what comes first matters most. The baseline that is hard to beat on news.
 *
 * @param {readonly string[]} sentences
 * @returns {import("./ranking.js").Ranking}
 *
 * @example
 * lead(["One.", "Two."]) // [0, 1]
 */
export function lead(sentences) {
  return [...sentences.keys()]
}
