import { resolve } from "node:path"
import type { Clock } from "../../data/clock.js"
import { isLeft } from "../../data/either.js"
import { FaultError } from "../../data/fault.js"
import type { JsonObject } from "../../data/json.js"
import { systemClock, systemId } from "../clock.js"
import { checkCase, checkId, filesOf } from "./actor-id.js"
import { append, longestLine } from "./append.js"
import { type Envelope, type Outgoing, sendSchema } from "./envelope.js"

/** The folder of messages, where nothing else is said. */
export const defaultRoot = "_/messages"

/** Options of `messages`. */
export interface MessagesOptions {
  /** The id of the sender. */
  readonly from: string
  /** The folder with the files of all actors. Default: `_/messages`, from the working directory. */
  readonly root?: string
  /** Where the timestamp comes from. Default: the machine's clock; give a system's own with `app.clock`. */
  readonly clock?: Clock
  /** Makes the ids of messages. Default: UUIDs. */
  readonly newId?: () => string
}

/** What a sender can do. */
export interface Messages {
  readonly from: string
  /**
   * Appends a message to the file of the actor `to`, which need not exist yet, and returns the message's id.
   *
   * It waits for nobody: whether the message is ever read, it does not know. Messages of one sender to one actor are
   * read in the order of their `send`.
   *
   * Throws `TypeError` for a message that is none, and a `FaultError` of `Unavailable` where the file cannot be written.
   */
  send(outgoing: Outgoing): string
  /** Sends a message on, with its customer: who gets the answer stays the same. A new payload may take the place of the old. */
  forward(envelope: Envelope, to: string, payload?: JsonObject): string
}

/**
 * Sends messages from one actor to the files of others.
 *
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync } from "node:fs"
 * import { tmpdir } from "node:os"
 * import { join } from "node:path"
 * import { messages } from "troupe/actor"
 * const root = mkdtempSync(join(tmpdir(), "messages-"))
 * const alice = messages({ from: "alice", root })
 * alice.send({ to: "bob", payload: { question: "ready?" } })
 * const line = JSON.parse(readFileSync(join(root, "bob.jsonl"), "utf8"))
 * line.customer // "alice"
 * ```
 */
export function messages({
  from,
  root = defaultRoot,
  clock = systemClock,
  newId = systemId,
}: MessagesOptions): Messages {
  checkId(from, "from:")
  const folder = resolve(root)
  const checked = new Set<string>()
  const send = (outgoing: Outgoing): string => {
    const read = sendSchema.parse(outgoing)
    if (isLeft(read)) {
      throw new TypeError(`this is no message: ${read.left.map(({ at, message }) => `${at} ${message}`).join("; ")}`)
    }
    const { to, customer = from, payload } = read.right
    const id = newId()
    const envelope: Envelope = { id, to, from, customer, timestamp: new Date(clock.now()).toISOString(), payload }
    const line = JSON.stringify(envelope)
    if (Buffer.byteLength(line) > longestLine) {
      throw new TypeError(
        `this message to ${to} is longer than ${longestLine} bytes: put its content into a file, and send where that is`,
      )
    }
    try {
      if (!checked.has(to)) checkCase(folder, to)
      checked.add(to)
      append(filesOf(folder, to).messages, line)
    } catch (error) {
      if (error instanceof TypeError) throw error
      throw unwritten(to, error)
    }
    return id
  }
  return {
    from,
    send,
    forward: ({ customer, payload }, to, instead = payload) => send({ to, customer, payload: instead }),
  }
}

function unwritten(to: string, cause: unknown): FaultError {
  const why = cause instanceof Error ? cause.message : "unknown"
  return new FaultError({
    _tag: "Unavailable",
    message: `the message to ${to} was not written: ${why}`,
    cause,
    retry: "yes",
  })
}
