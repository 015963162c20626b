import { FaultError, type InvalidInput, type InvalidOutput } from "../data/fault.js"
import { examine, type Obstacle, swapped } from "./worker-cloneable.js"
import { inWords, type PackedError, packError, unpackError } from "./worker-error.js"
import { isRef } from "./local-ref.js"
import type { AnyActorRef } from "./ref.js"

/** What stands in a body for what cannot cross: the same empty object here and there, for it is sent twice in one message. */
interface Stand {
  readonly at: object
  /** The path of an actor, or an error. */
  readonly is: string | PackedError<Parcel<never>>
}

/** A value on its way to another thread. `T` is what comes out: `never` where the one who unpacks it knows what it is. */
export interface Parcel<out T> {
  readonly body: T
  readonly stands?: readonly Stand[]
}

/** Errors below this many others are sent in words. */
const deepest = 8

/** The refusal of a value that cannot cross: `InvalidInput` of a message, `InvalidOutput` of an answer. */
function refusal(tag: "InvalidInput" | "InvalidOutput", value: unknown, { at, what }: Obstacle): FaultError {
  const subject = tag === "InvalidInput" ? "message" : "answer"
  const message =
    `the ${subject} cannot be sent to another thread: ${at === "" ? "it" : at} is ${what}; ` +
    "send plain data, refs of actors and errors"
  const fault: Omit<InvalidInput | InvalidOutput, "path"> = {
    _tag: tag,
    message,
    value,
    issues: [{ at, message: `is ${what}` }],
    retry: "no",
  }
  return new FaultError(fault)
}

/** Packs a message. Throws a `FaultError` of `InvalidInput` that says what in it cannot be sent, and where. */
export function packMessage(message: unknown): Parcel<unknown> {
  return packed("InvalidInput", message, 0)
}

/** Packs an answer or a chunk. Throws a `FaultError` of `InvalidOutput`. */
export function packAnswer(answer: unknown): Parcel<unknown> {
  return packed("InvalidOutput", answer, 0)
}

/** Packs whatever was thrown; in words, if it cannot be sent. */
export function packThrown(thrown: unknown): Parcel<unknown> {
  return sendable(thrown, 0)
}

function packed(tag: "InvalidInput" | "InvalidOutput", value: unknown, depth: number): Parcel<unknown> {
  const found = examine(value)
  if (found === "as it is") return { body: value }
  if (found !== "to be swapped") throw refusal(tag, value, found)
  const stands: Stand[] = []
  const body = swapped(value, (part) => {
    const is = isRef(part) ? part.path : part instanceof Error ? asData(part, depth + 1) : undefined
    if (is === undefined) return undefined
    const at = {}
    stands.push({ at, is })
    return at
  })
  return { body, stands }
}

function sendable(value: unknown, depth: number): Parcel<unknown> {
  try {
    return packed("InvalidOutput", value, depth)
  } catch {
    return packed("InvalidOutput", inWords(value), depth)
  }
}

function asData(error: Error, depth: number): PackedError<Parcel<never>> {
  return packError(depth > deepest ? inWords(error) : error, ({ fields, ...parts }) => {
    const sent: Record<string, unknown> = { fields: cloneable(fields) }
    for (const [key, part] of Object.entries(parts)) sent[key] = key === "fault" ? faultOf(part) : orInWords(part)
    return arriving(packed("InvalidOutput", sent, depth))
  })
}

const orInWords = (value: unknown): unknown => (typeof examine(value) === "string" ? value : inWords(value))

/** The fields that can be sent. */
function cloneable(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof examine(value) === "string"))
}

/** A fault is plain but for what was thrown or refused. */
function faultOf(fault: unknown): unknown {
  if (typeof fault !== "object" || fault === null) return fault
  return Object.fromEntries(Object.entries(fault).map(([key, value]) => [key, orInWords(value)]))
}

/** As the one who receives it sees a parcel. */
function arriving(parcel: Parcel<unknown>): Parcel<never>
function arriving(parcel: Parcel<unknown>): Parcel<unknown> {
  return parcel
}

/** What was packed. `refAt` gives the ref of an actor by its path. */
export function unpack<T>(parcel: Parcel<T>, refAt: (path: string) => AnyActorRef): T
export function unpack({ body, stands }: Parcel<unknown>, refAt: (path: string) => AnyActorRef): unknown {
  if (stands === undefined) return body
  const meant = new Map(
    stands.map(({ at, is }) => [
      at,
      typeof is === "string" ? refAt(is) : unpackError(is, (parts) => unpack(parts, refAt)),
    ]),
  )
  return swapped(body, (part) => meant.get(part))
}
