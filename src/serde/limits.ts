/** What a document may cost to read. Beyond any of these it is refused with a message that names the limit. */
export const limits: Readonly<Record<"text" | "yamlLines" | "yamlNodes" | "jsonNodes" | "holes" | "depth", number>> = {
  /** UTF-16 code units of text, or bytes of a file. */
  text: 8_388_608,
  yamlLines: 200_000,
  /** Mappings, lists and values in YAML, aliases expanded. */
  yamlNodes: 10_000,
  /** Objects, arrays and items of arrays in JSON. */
  jsonNodes: 200_000,
  /** `${…}` in one template. */
  holes: 10_000,
  depth: 256,
}

/** Why bytes are no text of a document: too many, binary, or not UTF-8; `undefined` when they can be read. */
export function unreadable(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength > limits.text) {
    return `the file has ${(bytes.byteLength / 1024 / 1024).toFixed(1)} MiB: expected ${limits.text / 1024 / 1024} MiB at most`
  }
  if (bytes.subarray(0, 64 * 1024).includes(0)) return "this is a binary file: expected YAML or JSON text in UTF-8"
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    return undefined
  } catch {
    return "the file is not valid UTF-8: expected YAML or JSON text in UTF-8"
  }
}
