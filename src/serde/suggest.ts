import { nearest } from "../data/nearest.js"

/** "did you mean `x`?", or a list of what is known, cut after twelve. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  if (meant !== undefined) return `did you mean \`${meant}\`?`
  return known.length === 0 ? "none is known" : `known: ${listed(known)}`
}

/** Names in a row, the first twelve of them. */
export const listed = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(", ") : `${names.slice(0, 12).join(", ")}, … (${names.length})`
