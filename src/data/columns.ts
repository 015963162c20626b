/** East Asian wide characters and emoji take two columns of a terminal. */
const wide = /[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]|\p{Extended_Pictographic}/u

/** Marks that are drawn upon the character before them. */
const none = /\p{Mn}|\p{Me}|\u200D|\uFE0F/u

const columnsOfOne = (character: string): number => (none.test(character) ? 0 : wide.test(character) ? 2 : 1)

/** How many columns of a terminal a text takes that has no control characters. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += columnsOfOne(character)
  return columns
}

/**
 * A text cut to a number of columns, the last of which is then `…`.
 *
 * `cutToColumns("summary", 4)` gives `"sum…"`.
 */
export function cutToColumns(text: string, columns: number): string {
  let taken = 0
  let kept = ""
  let withRoom = ""
  for (const character of text) {
    taken += columnsOfOne(character)
    if (taken > columns) return `${withRoom}…`
    kept += character
    if (taken < columns) withRoom = kept
  }
  return kept
}
