import { closeSync, statSync } from "node:fs"
import { filesOf } from "./actor-id.js"
import { longestLine } from "./append.js"
import { byMaking, type Generation, isMadeAfterwards } from "./generation-order.js"
import { generations } from "./generations.js"
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

/** Milliseconds in which the clock of a file system may stand still: two changes may have one time. */
const tick = 20

/**
 * All lines that were ever appended to an actor's file, while the file is renamed, replaced, removed or cut.
 *
 * What is open stays readable whatever becomes of its name; an older file is read to its end before a newer one.
 */
export class Log {
  readonly #root: string
  readonly #id: string
  readonly #now: () => number
  /** The oldest first. The last is the one that was written to when we last looked. */
  #sources: Source[] = []
  /** When a file was found that is not the last. */
  readonly #retired = new Map<Source, number>()
  /** When something in the folder was last renamed, made or removed; since when that is known; whether it was seen. */
  #changed: bigint | undefined
  #since = 0
  #checked = false
  /** Files that were found so far. A number alone is used again when its file is gone. */
  readonly #known = new Set<string>()

  constructor(root: string, id: string, from: Position | undefined, now: () => number) {
    this.#root = root
    this.#id = id
    this.#now = now
    const all = generations(root, id, from?.file)
    const at = from === undefined ? -1 : startOf(all, from)
    for (const [i, found] of all.entries()) {
      this.#known.add(keyOf(found))
      if (i < at) closeSync(found.fd)
      else this.#insert(found, i === at && from !== undefined ? from.offset : 0, this.#sources.length)
    }
  }

  /** The next lines, some of them; none when all was read. */
  read(): readonly Read[] {
    const found = this.#pass()
    if (found.length > 0) return found
    return this.#replaced() && this.#discover() ? this.#pass() : this.#retire()
  }

  close(): void {
    for (const source of this.#sources) source.close()
    this.#sources = []
  }

  #pass(): readonly Read[] {
    for (let i = 0; i < this.#sources.length; i++) {
      const source = this.#sources[i]
      if (source === undefined) break
      // Of a file that nothing was read of nobody can tell whether it was copied and cut since: is there a copy?
      if (source.fresh && this.#discover()) return this.#pass()
      const found = this.#readSome(source)
      if (found.length === 0) continue
      // What a sender wrote into an older file, before these lines, can be seen by now.
      const older = this.#sources.filter(({ age }) => age < source.age)
      return [...older.flatMap((each) => this.#readRest(each)), ...found]
    }
    return []
  }

  /** Whether another file, or the first one, may have taken the place of the last one. */
  #replaced(): boolean {
    const stats = statSync(filesOf(this.#root, this.#id).messages, { bigint: true, throwIfNoEntry: false })
    const last = this.#sources.at(-1)
    if (stats !== undefined && String(stats.ino) !== last?.file) return true
    return (stats === undefined || last?.lines.position === 0) && this.#renamed()
  }

  /** With no file in the place, or an empty one: whether one may have been made and put away since the last look. */
  #renamed(): boolean {
    const changed = statSync(this.#root, { bigint: true, throwIfNoEntry: false })?.mtimeNs
    if (changed !== this.#changed) {
      this.#changed = changed
      this.#since = this.#now()
      this.#checked = false
    }
    if (this.#checked) return false
    this.#checked = this.#now() - this.#since >= tick
    return true
  }

  /**
   * Opens the files that were not there before, each in its place. Says whether there were any.
   *
   * They are later than all that was read: whatever was written late to an older file has no bearing on their place.
   */
  #discover(): boolean {
    const all = generations(this.#root, this.#id, undefined)
    const found = new Set(all.filter((each) => !this.#knows(each)))
    for (const each of all) if (!found.has(each)) closeSync(each.fd)
    const read = new Set(this.#sources.filter(({ lines }) => lines.position > 0).map(({ file }) => file))
    const order = byMaking(
      all.filter(({ file, current }) => current || !read.has(file)),
      all,
    )
    for (const [i, each] of order.entries()) {
      if (!found.has(each)) continue
      this.#known.add(keyOf(each))
      const later = new Set(order.slice(i + 1).map(({ file }) => file))
      const at = this.#sources.findIndex(({ file }) => later.has(file))
      this.#insert(each, 0, at < 0 ? this.#sources.length : at)
    }
    return found.size > 0
  }

  #knows(found: Generation): boolean {
    return this.#known.has(keyOf(found)) || this.#sources.some(({ file }) => file === found.file)
  }

  #insert({ fd, file }: Generation, offset: number, at: number): void {
    const [before, after] = [this.#sources[at - 1], this.#sources[at]]
    const age = after === undefined ? (before?.age ?? 0) + 1 : ((before?.age ?? after.age - 2) + after.age) / 2
    const source = new Source(fd, file, age, new Lines(longestLine, offset))
    this.#sources.splice(at, 0, source)
    const older = after === undefined ? before : source
    if (older !== undefined && !this.#retired.has(older)) this.#retired.set(older, this.#now())
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
    const at = this.#sources.indexOf(source)
    const next = this.#sources[at + 1]
    const age = next === undefined ? source.age + 1 : (source.age + next.age) / 2
    const again = new Source(source.fd, source.file, age, new Lines(longestLine))
    const since = this.#retired.get(source)
    this.#retired.delete(source)
    if (since !== undefined) this.#retired.set(again, since)
    const rest = copy === undefined ? source.lines.rest() : undefined
    this.#sources.splice(at, 1, ...(copy === undefined ? [] : [copy]), again)
    if (copy !== undefined) this.#retired.set(copy, this.#now())
    if (rest !== undefined) return [{ ...readOf(source, rest), cut: "the file was cut before it had its newline" }]
    return this.#pass()
  }

  /** A file that was not there before and holds what was read of this one, and what was not. */
  #copyOf(source: Source): Source | undefined {
    let copy: Source | undefined
    for (const found of generations(this.#root, this.#id, undefined)) {
      const known = copy !== undefined || this.#knows(found)
      if (known || !sameTail(found.fd, source.lines.position, source.tail)) {
        closeSync(found.fd)
        continue
      }
      this.#known.add(keyOf(found))
      copy = new Source(found.fd, found.file, source.age, source.lines)
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

/** The file, with when it was made, if that is known. */
function keyOf(found: Generation): string {
  return isMadeAfterwards(found) ? found.file : `${found.file} ${found.made}`
}

/** Where to go on: in the very file, or in a copy of it that was made before it was cut; -1 when neither is there. */
function startOf(all: readonly Generation[], { file, offset, mark }: Position): number {
  const same = all.findIndex((each) => each.file === file && bears(each.fd, offset, mark))
  return same >= 0 || mark.length === 0 ? same : all.findIndex(({ fd }) => bears(fd, offset, mark))
}
