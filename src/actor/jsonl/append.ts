import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import { isErrno } from "./actor-id.js"

/** The longest line in bytes, its newline not counted. A longer one is neither written nor read. */
export const longestLine: number = 16 * 1_024 * 1_024

const newline = 0x0a
/** A link or a pipe in place of the file is refused. */
const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

/**
 * Appends a line with one call of the operating system, which other writers' lines cannot come into: local file systems
 * hold the file for the length of one appending write, whatever its size. The folder is made when it is missing.
 *
 * What a writer left behind that was ended in the middle of its line gets its newline first, in the same call. A line
 * that the system took in part only (the disk is full) is begun anew.
 */
export function append(file: string, line: string): void {
  const fd = open(file)
  try {
    const { size, isFile } = statOf(fd)
    if (!isFile) throw new Error(`${file} is no file`)
    let bytes = Buffer.from(`${size > 0 && lastByte(fd, size) !== newline ? "\n" : ""}${line}\n`)
    for (let tries = 3; writeSync(fd, bytes) < bytes.length; tries--) {
      if (tries === 0) throw new Error(`${file} took a part of the line only: is the disk full?`)
      bytes = Buffer.from(`\n${line}\n`)
    }
  } finally {
    closeSync(fd)
  }
}

function open(file: string): number {
  try {
    return openSync(file, flags, 0o666)
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error
    mkdirSync(dirname(file), { recursive: true })
    return openSync(file, flags, 0o666)
  }
}

function statOf(fd: number): { readonly size: number; readonly isFile: boolean } {
  const stats = fstatSync(fd)
  return { size: stats.size, isFile: stats.isFile() }
}

const one = Buffer.alloc(1)

/** Undefined when the file has just been cut. */
function lastByte(fd: number, size: number): number | undefined {
  return readSync(fd, one, 0, 1, size - 1) === 1 ? one[0] : undefined
}
