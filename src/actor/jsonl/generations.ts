import { closeSync, constants, fstatSync, openSync } from "node:fs"
import { join } from "node:path"
import { filesIn, filesOf, isErrno } from "./actor-id.js"

/** A file of messages that is open. A rename does not change its number (inode). */
export interface Generation {
  readonly fd: number
  readonly file: string
  /** When it was last written to, and when it was made, in nanoseconds. */
  readonly written: bigint
  readonly made: bigint
  readonly path: string
}

/** Opens a file to read it; undefined when there is none. */
export function openGeneration(path: string): Generation | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined
    throw error
  }
  const stats = fstatSync(fd, { bigint: true })
  if (stats.isFile()) return { fd, file: String(stats.ino), written: stats.mtimeNs, made: stats.birthtimeNs, path }
  closeSync(fd)
  throw new Error(`${path} is no file`)
}

/** How a file is called when another took its place: `a.jsonl.1`, `a.jsonl-20260131`, `a.jsonl.2026-01-31T12`. */
const rotated = /^[.-]\d[\w.:-]*$/
const packed = /\.(jsonl|gz|bz2|xz|zst)$/

/**
 * The files of an actor's messages in the order in which they were written: those that were renamed by when they were
 * last written to, then the one that is written to now. All are open.
 *
 * `wanted` is the number of one that may have any other name in the folder.
 */
export function generations(root: string, id: string, wanted: string | undefined): readonly Generation[] {
  const { messages } = filesOf(root, id)
  const own = `${id}.jsonl`
  const names = filesIn(root)
  const old: Generation[] = []
  try {
    for (const name of names) {
      if (!name.startsWith(own) || !rotated.test(name.slice(own.length)) || packed.test(name)) continue
      const found = openGeneration(join(root, name))
      if (found !== undefined) old.push(found)
    }
    const current = openGeneration(messages)
    if (wanted !== undefined && current?.file !== wanted && !old.some(({ file }) => file === wanted)) {
      const renamed = byNumber(root, names, wanted)
      if (renamed !== undefined) old.push(renamed)
    }
    old.sort(byAge)
    return current === undefined ? old : [...old, current]
  } catch (error) {
    for (const { fd } of old) closeSync(fd)
    throw error
  }
}

/** The times of files are coarse: what they do not tell apart, the names do. Of numbers the higher is the older. */
function byAge(a: Generation, b: Generation): number {
  const time = Number(a.written - b.written) || Number(a.made - b.made)
  if (time !== 0) return time
  const [one, other] = [a, b].map(({ path }) => Number(/\.(\d{1,5})$/.exec(path)?.[1] ?? Number.NaN))
  if (one === undefined || other === undefined || Number.isNaN(one - other)) return a.path < b.path ? -1 : 1
  return other - one
}

function byNumber(root: string, names: readonly string[], wanted: string): Generation | undefined {
  for (const name of names) {
    if (packed.test(name) && !name.endsWith(".jsonl")) continue
    const found = openedQuietly(join(root, name))
    if (found?.file === wanted) return found
    if (found !== undefined) closeSync(found.fd)
  }
  return undefined
}

/** What else lies in the folder may be anything. */
function openedQuietly(path: string): Generation | undefined {
  try {
    return openGeneration(path)
  } catch {
    return undefined
  }
}
