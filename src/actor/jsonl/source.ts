import { closeSync, fstatSync, readSync } from "node:fs"
import type { Line, Lines } from "./lines.js"
import { markLength, markOf, noMark, type Position } from "./position.js"

const chunk = 65_536

/** One file that is read as it grows. */
export class Source {
  readonly fd: number
  readonly file: string
  /** Later files have higher ones. */
  readonly age: number
  lines: Lines
  /** The last bytes that were read: if they change, the file was cut and written anew. */
  #tail: Buffer = Buffer.alloc(0)

  constructor(fd: number, file: string, age: number, lines: Lines) {
    this.fd = fd
    this.file = file
    this.age = age
    this.lines = lines
  }

  /** Whole lines that were not read yet, some of them; none at the end of the file. Undefined: the file was cut. */
  read(): readonly Line[] | undefined {
    for (;;) {
      const bytes = this.#next()
      if (bytes === undefined || bytes.length === 0) return bytes === undefined ? undefined : []
      const lines = this.lines.push(bytes)
      if (lines.length > 0) return lines
    }
  }

  /** Where a reader is that has handled a line. */
  after({ bytes, end, tooLong }: Line): Position {
    return { file: this.file, offset: end, mark: tooLong ? noMark : markOf(bytes) }
  }

  /** The last bytes that were read. */
  get tail(): Buffer {
    return this.#tail
  }

  close(): void {
    closeSync(this.fd)
  }

  #next(): Buffer | undefined {
    const { position } = this.lines
    const { size } = fstatSync(this.fd)
    if (size < position) return undefined
    if (size === position) return Buffer.alloc(0)
    const known = this.#tail.length
    const bytes = Buffer.allocUnsafeSlow(known + Math.min(chunk, size - position))
    const length = readSync(this.fd, bytes, 0, bytes.length, position - known)
    if (length < known || !bytes.subarray(0, known).equals(this.#tail)) return undefined
    this.#tail = Buffer.from(bytes.subarray(Math.max(0, length - markLength), length))
    return bytes.subarray(known, length)
  }
}

/** The files of one actor could have been written by several; this one has been cut. */
export function sameTail(fd: number, at: number, tail: Buffer): boolean {
  if (tail.length === 0 || tail.length > at) return false
  const bytes = Buffer.alloc(tail.length)
  return readSync(fd, bytes, 0, bytes.length, at - tail.length) === bytes.length && bytes.equals(tail)
}
