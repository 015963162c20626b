/** What a terminal of so many columns shows after a text: its lines, and whether its cursor is seen. */
export function screenOf(
  text: string,
  columns: number,
): { readonly lines: readonly string[]; readonly cursor: boolean } {
  const lines: string[] = [""]
  let row = 0
  let column = 0
  let cursor = true
  const put = (character: string): void => {
    if (column === columns) [row, column] = [row + 1, 0]
    const before = (lines[row] ?? "").padEnd(column)
    lines[row] = before.slice(0, column) + character + before.slice(column + 1)
    column++
  }
  const escape = String.fromCodePoint(27)
  const parts = text.matchAll(new RegExp(String.raw`${escape}\[(\??)([\d;]*)([A-Za-z])|([\s\S])`, "gu"))
  for (const [, mode, count, command, character] of parts) {
    if (character === "\r") column = 0
    else if (character === "\n") row++
    else if (character !== undefined) put(character)
    else if (command === "A") row = Math.max(0, row - Number(count || 1))
    else if (command === "G") column = Number(count || 1) - 1
    else if (command === "K") lines[row] = (lines[row] ?? "").slice(0, column)
    else if (command === "J") {
      lines[row] = (lines[row] ?? "").slice(0, column)
      lines.length = row + 1
    } else if (mode === "?" && count === "25") cursor = command === "h"
    else if (command !== "m") throw new Error(`an escape that this screen does not know: ${count}${command}`)
  }
  return { lines: Array.from(lines, (line) => (line ?? "").trimEnd()), cursor }
}
