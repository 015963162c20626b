import { createHash } from "node:crypto"
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs"
import { isRecord } from "../../data/json.js"

/**
 * How far a mailbox has been handled: in which file, and how far in it.
 *
 * Files are told apart by their number (inode), which a rename keeps; and, as numbers are used again and files cut, by
 * what stands before the offset.
 */
export interface Position {
  readonly file: string
  readonly offset: number
  readonly mark: Mark
}

/** The bytes before an offset: how many, and their digest. */
export interface Mark {
  readonly length: number
  readonly digest: string
}

/** Most bytes that are compared. */
export const markLength = 256

/** The mark of what a line, with its newline, ends in. */
export function markOf(line: Buffer): Mark {
  const bytes = Buffer.concat([line.subarray(-(markLength - 1)), Buffer.from("\n")])
  return { length: bytes.length, digest: digestOf(bytes) }
}

/** Whether the mark stands before an offset of a file. */
export function bears(fd: number, offset: number, { length, digest }: Mark): boolean {
  if (length > offset) return false
  const bytes = Buffer.alloc(length)
  return readSync(fd, bytes, 0, length, offset - length) === length && digestOf(bytes) === digest
}

/** The mark before anything was read. */
export const noMark: Mark = { length: 0, digest: digestOf(Buffer.alloc(0)) }

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16)
}

/** Bytes of one record of the file of a position, its newline counted. */
const width = 160

/**
 * The file that a position is kept in. It holds two records, which are written in turns, each in one call: if one is torn
 * the other still stands.
 */
export class PositionFile {
  readonly #fd: number
  #turn = 0

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o666)
  }

  read(): Position | undefined {
    const bytes = Buffer.alloc(2 * width)
    const length = readSync(this.#fd, bytes, 0, bytes.length, 0)
    let latest: Position | undefined
    for (const at of [0, width]) {
      const found = recordOf(bytes.toString("utf8", at, Math.min(at + width, length)))
      if (found === undefined || found.turn <= this.#turn) continue
      this.#turn = found.turn
      latest = found.position
    }
    return latest
  }

  write({ file, offset, mark }: Position): void {
    const turn = ++this.#turn
    const record = JSON.stringify({ turn, file, offset, length: mark.length, digest: mark.digest, end: turn })
    writeSync(this.#fd, `${record.padEnd(width - 1)}\n`, ((turn + 1) % 2) * width)
  }

  close(): void {
    closeSync(this.#fd)
  }
}

function recordOf(text: string): { readonly turn: number; readonly position: Position } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value)) return undefined
  const { turn, file, offset, length, digest, end } = value
  if (typeof file !== "string" || typeof digest !== "string") return undefined
  // The beginning of one record and the end of another are none.
  if (!isCount(turn) || turn !== end || !isCount(offset) || !isCount(length) || length > markLength) return undefined
  return { turn, position: { file, offset, mark: { length, digest } } }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
}
