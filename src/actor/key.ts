/**
 * Any text as one segment of a path, and back: reserved and control characters and a leading `$` percent-encoded, `%`
 * alone for the empty text. Half of a surrogate pair, which no store keeps as it is, becomes `%uXXXX`.
 */
export function encodeKey(text: string): string {
  if (text === "") return "%"
  return text.replace(/[/#!~@:[\]%\p{Cc}]|^\$|\p{Cs}/gu, (c) => {
    const code = c.charCodeAt(0).toString(16).toUpperCase()
    return code.length > 2 ? `%u${code}` : `%${code.padStart(2, "0")}`
  })
}

/** The text that a segment stands for. */
export function decodeKey(segment: string): string {
  if (segment === "%") return ""
  return segment.replace(/%u([0-9A-F]{4})|%([0-9A-F]{2})/g, (_, half: string | undefined, byte: string | undefined) =>
    String.fromCharCode(Number.parseInt(half ?? byte ?? "", 16)),
  )
}
