import { closeSync, fstatSync, statSync } from "node:fs"
import { filesOf } from "./actor-id.js"
import { longestLine } from "./append.js"
import { type Generation, generations } from "./generations.js"
import { type Line, Lines } from "./lines.js"
import { bears, type Position } from "./position.js"
import { sameTail, Source } from "./source.js"

/** A line that was read, and where the reader is when it has been handled. */
export interface Read {
  readonly line: Line
  readonly after: Position
  /** Lines of later files have a higher one. */
  readonly age: number
  /** Why it never got its newline. */
  readonly cut?: string
}

/** How long a file is still looked at, in milliseconds, after another took its place: a writer may have it open. */
const lingers = 10_000

/**
 * All lines that were ever appended to an actor's file, while the file is renamed, replaced, removed or cut.
 *
 * What is open stays readable whatever becomes of its name; an older file is read to its end before a newer one.
 */
export class Log {
  readonly #root: string
  readonly #id: string
  readonly #path: string
  readonly #now: () => number
  /** The oldest first. The last is the one that was written to when we last looked. */
  #sources: Source[] = []
  #retired = new Map<Source, number>()
  #age = 0

  constructor(root: string, id: string, from: Position | undefined, now: () => number) {
    this.#root = root
    this.#id = id
    this.#path = filesOf(root, id).messages
    this.#now = now
    const all = generations(root, id, from?.file)
    const at = from === undefined ? -1 : startOf(all, from)
    for (const [i, found] of all.entries()) {
      if (i < at) closeSync(found.fd)
      else this.#add(found, i === at && from !== undefined ? from.offset : 0)
    }
  }

  /** The next lines, some of them; none when all was read. */
  read(): readonly Read[] {
    this.#follow()
    for (const source of this.#sources) {
      const found = this.#readSome(source)
      if (found.length === 0) continue
      // What a sender wrote into an older file, before these lines, can be seen by now.
      const older = this.#sources.filter(({ age }) => age < source.age)
      return [...older.flatMap((each) => this.#readRest(each)), ...found]
    }
    return this.#retire()
  }

  close(): void {
    for (const source of this.#sources) source.close()
    this.#sources = []
  }

  #add({ fd, file }: { readonly fd: number; readonly file: string }, offset: number): void {
    const last = this.#sources.at(-1)
    if (last !== undefined) this.#retired.set(last, this.#now())
    this.#sources.push(new Source(fd, file, ++this.#age, new Lines(longestLine, offset)))
  }

  /** Opens what took the place of the file that was last written to. */
  #follow(): void {
    const last = this.#sources.at(-1)
    const stats = statSync(this.#path, { bigint: true, throwIfNoEntry: false })
    if (stats === undefined || String(stats.ino) === last?.file) return
    const all = generations(this.#root, this.#id, undefined)
    const at = last === undefined ? -1 : all.findIndex(({ file }) => file === last.file)
    // Where the last one is no more in the folder, its successors are those that were written to later.
    const until = at < 0 && last !== undefined ? fstatSync(last.fd, { bigint: true }).mtimeNs : undefined
    for (const [i, found] of all.entries()) {
      const known = this.#sources.some(({ file }) => file === found.file)
      const before = i < at || (until !== undefined && i < all.length - 1 && found.written <= until)
      if (known || before) closeSync(found.fd)
      else this.#add(found, 0)
    }
  }

  #readSome(source: Source): readonly Read[] {
    const lines = source.read()
    if (lines !== undefined) return lines.map((line) => readOf(source, line))
    return this.#restart(source)
  }

  #readRest(source: Source): readonly Read[] {
    const all: Read[] = []
    for (let lines = source.read(); lines !== undefined && lines.length > 0; lines = source.read()) {
      all.push(...lines.map((line) => readOf(source, line)))
    }
    return all
  }

  /** Begins a file anew that was cut. What was not read of it is read first, if there is a copy. */
  #restart(source: Source): readonly Read[] {
    const copy = this.#copyOf(source)
    const again = new Source(source.fd, source.file, ++this.#age, new Lines(longestLine))
    const at = this.#sources.indexOf(source)
    const rest = copy === undefined ? source.lines.rest() : undefined
    this.#sources.splice(at, 1, ...(copy === undefined ? [] : [copy]), again)
    if (copy !== undefined) this.#retired.set(copy, this.#now())
    const cut =
      rest === undefined ? [] : [{ ...readOf(source, rest), cut: "the file was cut before it had its newline" }]
    return [...cut, ...(copy === undefined ? [] : this.#readRest(copy)), ...this.#readSome(again)]
  }

  #copyOf(source: Source): Source | undefined {
    let copy: Source | undefined
    for (const { fd, file } of generations(this.#root, this.#id, undefined)) {
      const known = copy !== undefined || this.#sources.some((each) => each.file === file)
      if (known || !sameTail(fd, source.lines.position, source.tail)) closeSync(fd)
      else copy = new Source(fd, file, source.age, source.lines)
    }
    return copy
  }

  /** Closes what took its last line long ago. */
  #retire(): readonly Read[] {
    const since = this.#now() - lingers
    const old = this.#sources.filter((source) => (this.#retired.get(source) ?? Infinity) <= since)
    if (old.length === 0) return []
    this.#sources = this.#sources.filter((source) => !old.includes(source))
    return old.flatMap((source) => {
      this.#retired.delete(source)
      source.close()
      const rest = source.lines.rest()
      return rest === undefined
        ? []
        : [{ ...readOf(source, rest), cut: "its file was put away before it had its newline" }]
    })
  }
}

function readOf(source: Source, line: Line): Read {
  return { line, after: source.after(line), age: source.age }
}

/** Where to go on: in the very file, or in a copy of it that was made before it was cut; -1 when neither is there. */
function startOf(all: readonly Generation[], { file, offset, mark }: Position): number {
  const same = all.findIndex((each) => each.file === file && bears(each.fd, offset, mark))
  return same >= 0 || mark.length === 0 ? same : all.findIndex(({ fd }) => bears(fd, offset, mark))
}
