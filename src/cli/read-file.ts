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

/** The text of a file, or undefined when the file is not there. Refuses, with its path, what is no text. */
export async function readIfThere(file: string): Promise<string | undefined> {
  return (await wholeText(file))?.replace(/^\uFEFF/, "")
}

/** A byte order mark is a part of the text: who reads documents leaves it out. */
async function wholeText(file: string): Promise<string | undefined> {
  try {
    return textOf(await bytesOf(file, limits.text), file)
  } catch (error) {
    if (error instanceof Refused) throw error
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw new Refused(reason(error), wanted, file)
  }
}

/** Bytes as the text of a document, to the last of them. */
function textOf(bytes: Uint8Array, file: string): string {
  const why = unreadable(bytes)
  if (why !== undefined) throw new Refused(why, wanted, file)
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
}

/** What comes in on standard input, as the text of a document. */
export async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("reading standard input; end it with Ctrl-D\n")
  return textOf(new Uint8Array(await (await import("node:stream/consumers")).arrayBuffer(process.stdin)), standardInput)
}

/** What standard input is called where a file would be named. */
export const standardInput = "standard input"

/** The text of a document that must be there, to the last of its bytes. */
export async function readDocument(file: string): Promise<string> {
  const text = await wholeText(file)
  if (text === undefined) throw new Refused("there is no such file", wanted, file)
  return text
}
