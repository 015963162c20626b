import { append } from "./append.js"

/** A line that could not be delivered. */
export interface Spoiled {
  readonly why: string
  /** The file that it stood in, by its number, and the bytes up to its end. */
  readonly file: string
  readonly end: number
  readonly bytes: Buffer
  /** How long the line was; more than `bytes` where that is the beginning only. */
  readonly length: number
}

/** How much of a line is kept. */
const kept = 65_536

/** Puts a line aside, with why: as text, or in base64 where it is none. */
export function quarantine(path: string, { why, file, end, bytes, length }: Spoiled, now: number): void {
  const part = bytes.subarray(0, kept)
  const text = part.toString("utf8")
  const content = Buffer.from(text).equals(part) ? { line: text } : { base64: part.toString("base64") }
  append(path, JSON.stringify({ time: new Date(now).toISOString(), why, file, end, length, ...content }))
}
