import { readdirSync } from "node:fs"
import { join } from "node:path"

/** Letters and digits of any script, and marks that no file system, shell or archive reads as something else. */
const allowed = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}._@+-]*$/u
/** The longest, in bytes: file systems take 255, and the files beside a mailbox have longer names. */
const longest = 200
/** Names of devices, with any ending, on Windows. */
const device = /^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)/i

/**
 * Why a text cannot be the id of an actor with a file, or `undefined` when it can.
 *
 * The rules are the same on every system, so that a folder can move from one to another.
 */
export function idProblem(id: unknown): string | undefined {
  if (typeof id !== "string") return "expected text"
  if (Buffer.byteLength(id) > longest) return `expected at most ${longest} bytes`
  if (!allowed.test(id)) {
    return "expected letters, digits, and . _ - @ + after the first character: it names a file in the folder of messages"
  }
  if (id.endsWith(".")) return "it ends in a dot, which some file systems leave out"
  if (device.test(id)) return "some systems keep this name for a device"
  if (id.normalize("NFC") !== id) return "expected Unicode in its composed form (NFC)"
  if (/\.quarantine$/i.test(id)) return "it ends in .quarantine, which names what could not be read"
  return undefined
}

/** Throws `TypeError` when a text cannot be the id of an actor with a file. */
export function checkId(id: unknown, what: string): asserts id is string {
  const problem = idProblem(id)
  if (problem !== undefined) throw new TypeError(`${what} ${shown(id)} cannot be the id of an actor: ${problem}`)
}

function shown(id: unknown): string {
  if (typeof id !== "string") return `of type ${typeof id}`
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 60)}…` : id)
}

/**
 * Throws `TypeError` when the folder has a mailbox whose id differs in case alone: where file systems do not tell them
 * apart, two actors would share one file.
 */
export function checkCase(root: string, id: string): void {
  const folded = fold(`${id}.jsonl`)
  for (const name of filesIn(root)) {
    if (name === `${id}.jsonl`) return
    if (fold(name) === folded) {
      throw new TypeError(
        `${JSON.stringify(id)} cannot be the id of an actor: it differs from that of ${name} in case alone`,
      )
    }
  }
}

const fold = (name: string): string => name.toUpperCase().toLowerCase().normalize("NFC")

/** The names in a folder; none when there is no such folder. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isErrno(error, "ENOENT")) return []
    throw error
  }
}

/** Whether an error is that of the operating system. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code
}

/** The files of an actor. */
export interface Files {
  readonly messages: string
  readonly quarantine: string
  readonly offset: string
}

/** Where the files of an actor are. The id has been checked. */
export function filesOf(root: string, id: string): Files {
  return {
    messages: join(root, `${id}.jsonl`),
    quarantine: join(root, `${id}.quarantine.jsonl`),
    offset: join(root, `${id}.offset`),
  }
}
