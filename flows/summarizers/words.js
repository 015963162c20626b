// @ts-check
import { STOP_WORDS } from "./stop-words.js"

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:'\p{L}+)*/gu
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/**
 * The words of a sentence in order, in lower case, stop words included and a possessive 's removed.
 *
 * A run of a script that puts no spaces between words gives its pairs of neighbouring characters.
 *
 * @param {string} sentence
 * @returns {string[]}
 *
 * @example
 * wordsOf("The cat's tail") // ["the", "cat", "tail"]
 */
export function wordsOf(sentence) {
  const text = sentence.normalize("NFKC").toLowerCase().replaceAll("’", "'")
  return (text.match(WORD) ?? []).flatMap((word) => (UNSPACED.test(word) ? pairs(word) : [word.replace(/'s$/u, "")]))
}

/** @param {string} run @returns {string[]} */
function pairs(run) {
  const characters = Array.from(run)
  if (characters.length === 1) return characters
  return characters.slice(1).map((character, i) => `${characters[i] ?? ""}${character}`)
}

/**
 * Whether a word carries content, that is, whether it is no stop word.
 * @param {string} word
 * @returns {boolean}
 */
export function isContent(word) {
  return !STOP_WORDS.has(word)
}
