import { nearest as closest } from "../expr/index.js"

const joined = (word: string): string => word.replace(/[-_ ]/g, "")

/** The known word that was probably meant, or `undefined` when none is near. Spelling with `-`, `_` or neither is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined
  const words = [...known]
  const respelt = words.find((one) => one !== word && joined(one).toLowerCase() === joined(word).toLowerCase())
  return respelt ?? closest(word, words)
}

/** "did you mean `x`?", or a list of what is known, cut after twelve. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  if (meant !== undefined) return `did you mean \`${meant}\`?`
  return known.length === 0 ? "none is known" : `known: ${listed(known)}`
}

/** Names in a row, the first twelve of them. */
export const listed = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(", ") : `${names.slice(0, 12).join(", ")}, … (${names.length})`
