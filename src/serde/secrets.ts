import type { Source } from "./source.js"

const name = String.raw`(?:api[_-]?key|authorization|cookie|token|secret|password)["']?\s*:`

/** A key with a line of its own: its value goes on to the end of the line. */
const alone = new RegExp(String.raw`^(\s*(?:-\s+)?["']?[\w-]*${name}[ \t]+)(\S.*)$`, "i")
/** A key among others. */
const among = new RegExp(String.raw`(${name}\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,}][^,}]*)`, "gi")
/** A key whose value stands in the next line. */
const above = new RegExp(String.raw`${name}\s*(?:[|>][-+\d]*\s*)?(?:#.*)?$`, "i")

const cover = (value: string): string =>
  /\$\{\s*env\./.test(value) ? value : "•".repeat(Math.max(1, value.trimEnd().length))

const mask = (line: string, before: string | undefined): string => {
  if (before !== undefined && above.test(before)) return line.replace(/\S.*/, cover)
  const hidden = (_: string, key: string, value: string): string => key + cover(value)
  return alone.test(line) && !/^\s*[{[]/.test(line) ? line.replace(alone, hidden) : line.replace(among, hidden)
}

/** The lines that were shown last: problems come in crowds, and a line may be the whole text. */
const shown = new WeakMap<Source, Map<number, string>>()

/** A line as it may be shown: a key that was written into the document must not be seen in a terminal or a log. */
export function shownLine(source: Source, number: number): string | undefined {
  const known = shown.get(source)?.get(number)
  if (known !== undefined) return known
  const line = source.line(number)
  if (line === undefined) return undefined
  const masked = mask(line, source.line(number - 1))
  const lines = shown.get(source) ?? new Map<number, string>()
  if (lines.size > 1) lines.delete(lines.keys().next().value ?? 0)
  shown.set(source, lines.set(number, masked))
  return masked
}
