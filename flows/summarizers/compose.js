// @ts-check

const UNSPACED_END = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。！？」』）]$/u

/**
 * Joins the chosen sentences in the order of the text: after a space, after nothing in scripts without spaces, and on a
 * line of its own after a sentence that has no full stop (an item of a list, a heading).
 *
 * @param {ReadonlyArray<{ readonly index: number, readonly text: string }>} sentences in any order
 * @returns {string} empty for no sentences
 *
 * @example
 * compose([{ index: 4, text: "Then home." }, { index: 1, text: "Up." }]) // "Up. Then home."
 */
export function compose(sentences) {
  return [...sentences]
    .sort((a, b) => a.index - b.index)
    .reduce((text, sentence) => (text === "" ? sentence.text : `${text}${gapAfter(text)}${sentence.text}`), "")
}

/** @param {string} text */
function gapAfter(text) {
  if (UNSPACED_END.test(text)) return ""
  return /\p{P}$/u.test(text) ? " " : "\n"
}
