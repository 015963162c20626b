import { constants } from "node:fs"
import { open } from "node:fs/promises"
import { limits, unreadable } from "../serde/limits.js"
import { Refused } from "./exit.js"

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory: name a file in it",
  EACCES: "it may not be read: permission denied",
  ENOTDIR: "there is no such file: a part of the path is no directory",
  ENAMETOOLONG: "there is no such file: the name is too long",
  ELOOP: "its links go in a circle",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is no UTF-8 text",
}

/** Why a file could not be read or written, in words. */
export function reason(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return reasons[error.code] ?? error.code
  }
  if (error instanceof Unfit) return error.message
  return String(error)
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const tooLong = (size: number): string => `the file has ${mib(size)}: expected ${mib(limits.text)} at most`

const wanted = "name a flow document: YAML or JSON text"

/** Why a file is not read although it is there. */
class Unfit extends Error {}

/** The bytes of a regular file of `most` bytes. Pipes and devices are refused: their end may never come. */
export async function bytesOf(file: string, most: number = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const found = await handle.stat()
    if (!found.isFile() && !found.isDirectory()) throw new Unfit("it is a pipe or a device: expected a regular file")
    if (found.isFile() && found.size > most)
      throw new Refused(tooLong(found.size), "give its parts flows of their own", file)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** The text of a document, or undefined when the file is not there. Refuses, with its path, what is no text. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    const bytes = await bytesOf(file, limits.text)
    const why = unreadable(bytes)
    if (why !== undefined) throw new Refused(why, wanted, file)
    return new TextDecoder().decode(bytes)
  } catch (error) {
    if (error instanceof Refused) throw error
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw new Refused(reason(error), wanted, file)
  }
}

/** The text of a document that must be there. */
export async function readDocument(file: string): Promise<string> {
  const text = await readIfThere(file)
  if (text === undefined) throw new Refused("there is no such file", wanted, file)
  return text
}
