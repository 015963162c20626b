/** A line without its newline. */
export interface Line {
  /** Of one that is too long, the beginning. */
  readonly bytes: Buffer
  /** How long it is. */
  readonly length: number
  /** Bytes of the file up to and with its newline. */
  readonly end: number
  readonly tooLong: boolean
}

/** How much of a line that is too long is kept. */
const kept = 4_096

/**
 * Cuts bytes, as they come, into lines. What has no newline yet waits for it, be it cut in the middle of a character:
 * no byte of a character in UTF-8 is a newline.
 */
export class Lines {
  readonly #longest: number
  #pieces: Buffer[] = []
  #length = 0
  #position: number

  constructor(longest: number, position = 0) {
    this.#longest = longest
    this.#position = position
  }

  /** Bytes of the file that were pushed. */
  get position(): number {
    return this.#position
  }

  /** The lines that end in these bytes. Empty ones are left out. */
  push(bytes: Buffer): readonly Line[] {
    const lines: Line[] = []
    let from = 0
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
      this.#keep(bytes.subarray(from, at))
      this.#position++
      from = at + 1
      if (this.#length > 0) lines.push(this.#take())
    }
    this.#keep(bytes.subarray(from))
    return lines
  }

  /** What waits, as if it had ended. */
  rest(): Line | undefined {
    return this.#length === 0 ? undefined : this.#take()
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return
    this.#length += piece.length
    this.#position += piece.length
    this.#pieces.push(piece)
    if (this.#length <= this.#longest) return
    const begun = Buffer.concat(this.#pieces).subarray(0, kept)
    this.#pieces = [Buffer.from(begun)]
  }

  #take(): Line {
    const [only] = this.#pieces
    const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces)
    const line = { bytes, length: this.#length, end: this.#position, tooLong: this.#length > this.#longest }
    this.#pieces = []
    this.#length = 0
    return line
  }
}
