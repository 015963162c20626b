import type { Position } from "../data/diagnostic.js"

/** A text with a name, and a table of its lines: `\n`, `\r\n` and `\r` end one. */
export class Source {
  readonly text: string
  readonly file: string | undefined
  #starts: number[] | undefined
  #keys: boolean | undefined

  constructor(text: string, file?: string) {
    this.text = text
    this.file = file
  }

  /** Whether what a frame shows of the text must be looked through for keys, line by line. */
  get mayHoldKeys(): boolean {
    this.#keys ??= this.text.includes("api_key")
    return this.#keys
  }

  /** The line and column of an offset; one outside the text is moved to its nearest end. */
  position(offset: number): Position {
    const starts = this.#lines()
    const at = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }

  /** Where a line, counted from 1, begins and ends; what ends it is not part of it. */
  span(number: number): { readonly start: number; readonly end: number } | undefined {
    const starts = this.#lines()
    const start = starts[number - 1]
    if (start === undefined) return undefined
    const next = starts[number]
    if (next === undefined) return { start, end: this.text.length }
    return { start, end: next - (this.text.startsWith("\r\n", next - 2) ? 2 : 1) }
  }

  #lines(): number[] {
    if (this.#starts === undefined) {
      this.#starts = [0]
      for (const end of this.text.matchAll(/\r\n|\n|\r/g)) this.#starts.push(end.index + end[0].length)
    }
    return this.#starts
  }
}
