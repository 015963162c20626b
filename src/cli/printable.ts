/** Controls but the end of a line, and the marks that turn the direction of writing. */
const unseen = /(?!\n)\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** A text whose controls and marks of direction are written out. */
export const seen = (text: string): string => text.replaceAll(unseen, written)

/** What a message may take of a terminal. */
const longest = 4_000

const written = (character: string): string =>
  character === "\t" ? "  " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * A text from a document, an agent or a server as a terminal may show it: what would steer the terminal is written out,
 * and a text of many screens is cut.
 */
export function printable(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more characters)` : text
  return seen(shown)
}
