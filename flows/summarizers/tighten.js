// @ts-check
import { bestFirst } from "./ranking.js"
import { add, dot, tfIdf } from "./vectors.js"

/** The cosine from which one sentence repeats another. */
const ALIKE = 0.3

/**
 * A sentence that may come into the summary: its place in the text, its words, its fused score.
 * @typedef {{ index: number, text: string, score: number }} Candidate
 */

/**
 * Takes one sentence off a shortlist that is longer than `limit`: of the two sentences most alike, the lower one; or the
 * last, if no two are alike. A shortlist that fits is returned as it is.
 *
 * @param {readonly Candidate[]} shortlist best first
 * @param {number} limit sentences wanted
 * @returns {{ shortlist: Candidate[], dropped?: Candidate, repeats?: Candidate }} `repeats` is what `dropped` is like
 *
 * @example
 * const [a, b, c] = ["Cats purr.", "Cats purr.", "Dogs bark."].map((text, index) => ({ index, text, score: 1 }))
 * tighten([a, b, c], 2) // { shortlist: [a, c], dropped: b, repeats: a }
 */
export function tighten(shortlist, limit) {
  if (shortlist.length <= limit) return { shortlist: [...shortlist] }
  const pair = mostAlike(shortlist.map(({ text }) => text))
  const victim = pair?.lower ?? shortlist.length - 1
  const dropped = shortlist[victim]
  const repeats = pair === undefined ? undefined : shortlist[pair.higher]
  return {
    shortlist: shortlist.filter((_, i) => i !== victim),
    ...(dropped === undefined ? {} : { dropped }),
    ...(repeats === undefined ? {} : { repeats }),
  }
}

/** @param {readonly string[]} sentences @returns {{ higher: number, lower: number } | undefined} */
function mostAlike(sentences) {
  const { vectors, terms } = tfIdf(sentences)
  const pairs = vectors.flatMap((vector, higher) => {
    const one = new Float64Array(terms)
    add(one, vector, 1)
    return vectors.slice(higher + 1).map((other, i) => ({ higher, lower: higher + 1 + i, cosine: dot(one, other) }))
  })
  const best = pairs[bestFirst(pairs.map(({ cosine }) => cosine))[0] ?? 0]
  return best !== undefined && best.cosine >= ALIKE ? best : undefined
}
