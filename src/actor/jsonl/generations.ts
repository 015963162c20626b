import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs"
import { join } from "node:path"
import { filesIn, filesOf, isErrno } from "./actor-id.js"
import { byWriting, type Generation } from "./generation-order.js"

/** Opens a file to read it; undefined when there is none. */
export function openGeneration(path: string, current = false): Generation | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined
    throw error
  }
  const stats = fstatSync(fd, { bigint: true })
  if (stats.isFile()) {
    return { fd, file: String(stats.ino), written: stats.mtimeNs, made: stats.birthtimeNs, path, current }
  }
  closeSync(fd)
  throw new Error(`${path} is no file`)
}

/** How a file is called when another took its place: `a.jsonl.1`, `a.jsonl-20260131`, `a.jsonl.2026-01-31T12`. */
const rotated = /^[.-]\d[\w.:-]*$/
const packed = /\.(jsonl|gz|bz2|xz|zst)$/

/** How often the folder is looked through at most, while others rename files in it. */
const looks = 5

/**
 * The files of an actor's messages in the order in which they were written: those that were renamed by when they were
 * last written to, then the one that is written to now. All are open, and none is there twice.
 *
 * `wanted` is the number of one that may have any other name in the folder.
 */
export function generations(root: string, id: string, wanted: string | undefined): readonly Generation[] {
  for (let left = looks - 1; ; left--) {
    const { found, steady } = look(root, id, wanted)
    if (steady || left === 0) return byWriting(found)
    closeAll(found)
  }
}

/** What is found, each file once; and whether nothing was renamed meanwhile, so that none can be missing. */
function look(root: string, id: string, wanted: string | undefined): { found: Generation[]; steady: boolean } {
  const { messages } = filesOf(root, id)
  const own = `${id}.jsonl`
  const before = statSync(messages, { bigint: true, throwIfNoEntry: false })
  const names = filesIn(root)
  const found: Generation[] = []
  let steady = true
  const add = (each: Generation | undefined): void => {
    if (each === undefined || found.some(({ file }) => file === each.file)) {
      steady = false
      if (each !== undefined) closeSync(each.fd)
    } else found.push(each)
  }
  try {
    const current = openGeneration(messages, true)
    if (current !== undefined) found.push(current)
    for (const name of names) {
      if (!name.startsWith(own) || !rotated.test(name.slice(own.length)) || packed.test(name)) continue
      add(openGeneration(join(root, name)))
    }
    if (wanted !== undefined && !found.some(({ file }) => file === wanted)) {
      const renamed = byNumber(root, names, wanted)
      if (renamed !== undefined) add(renamed)
    }
  } catch (error) {
    closeAll(found)
    throw error
  }
  const after = statSync(messages, { bigint: true, throwIfNoEntry: false })
  return { found, steady: steady && before?.ino === after?.ino }
}

function closeAll(all: readonly Generation[]): void {
  for (const { fd } of all) closeSync(fd)
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
