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
  #tail: Buffer

  constructor(fd: number, file: string, age: number, lines: Lines) {
    this.fd = fd
    this.file = file
    this.age = age
    this.lines = lines
    const tail = Buffer.alloc(Math.min(markLength, lines.position))
    readSync(fd, tail, 0, tail.length, lines.position - tail.length)
    this.#tail = tail
  }

  /** Nothing was read of it, though something is there. */
  get fresh(): boolean {
    return this.lines.position === 0 && fstatSync(this.fd).size > 0
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
    const known = this.#tail.length
    const bytes = Buffer.allocUnsafeSlow(known + Math.min(chunk, size - position))
    const length = readSync(this.fd, bytes, 0, bytes.length, position - known)
    if (length < known || !bytes.subarray(0, known).equals(this.#tail)) return undefined
    if (length > known) this.#tail = Buffer.from(bytes.subarray(Math.max(0, length - markLength), length))
    return bytes.subarray(known, length)
  }
}

/** Whether the bytes before a place in a file are these: then it is a copy of the file that they were read from. */
export function sameTail(fd: number, at: number, tail: Buffer): boolean {
  if (tail.length === 0 || tail.length > at) return false
  const bytes = Buffer.alloc(tail.length)
  return readSync(fd, bytes, 0, bytes.length, at - tail.length) === bytes.length && bytes.equals(tail)
}
