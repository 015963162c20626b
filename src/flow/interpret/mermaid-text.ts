/** The longest label, in characters; a longer text is cut and stands whole in a comment. */
const longest = 80

/**
 * What Mermaid or the markdown in its labels would read as something else: quotes, brackets of HTML, entities, emphasis,
 * mathematics, directives, icons (`fa:fa-x`), and the signs that Mermaid itself writes for entities.
 */
const special = /["#<>&`*_~\\$%;{}[\]|^@¶ﬂ°]|:(?!\s)|^(?:\d+(?=[.)])|[-+=]+)/gu

const entity = (text: string): string => Array.from(text, (c) => `#${c.codePointAt(0) ?? 0};`).join("")

const controls = /[\p{Cc}\p{Zl}\p{Zp}\s]+|[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu

/** One line without control characters. */
const flat = (text: string): string =>
  text
    .replace(controls, " ")
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .trim()

/** The characters of as much of a text as a label could show. */
const points = (text: string): string[] => Array.from(flat(text.slice(0, 4 * longest)))

/** Whether a label is cut, so that its whole text is wanted beside it. */
export const isCut = (text: string): boolean => points(text).length > longest || text.length > 4 * longest

/** A text as Mermaid shows it, between quotation marks: at most 80 characters, with everything special escaped. */
export function label(text: string): string {
  const all = points(text)
  const short = isCut(text) ? `${all.slice(0, longest - 1).join("")}…` : all.join("")
  return short === "" ? " " : short.replace(special, entity)
}

/** A text inside a comment: on one line, and no directive. */
export const remark = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll("%", "%25")
    .replace(/[\u2028\u2029]/g, " ")

/**
 * The identifier of the box at a path: letters and digits as they are, `/` as `_`, anything else as `Z` around its code. Two
 * paths never have the same.
 */
export const boxId = (path: string): string =>
  `n_${path.replace(/[^A-Za-y0-9]/gu, (c) => (c === "/" ? "_" : `Z${(c.codePointAt(0) ?? 0).toString(16)}Z`))}`
