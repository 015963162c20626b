import {
  AbortedError,
  FaultError,
  messageOf,
  type Placeless,
  retryable,
  type Verdict,
  verdictOf,
} from "../data/fault.js"
import { MailboxFull } from "./refusal.js"

/** What hangs on an error, each part a value of its own. */
interface Parts {
  readonly cause?: unknown
  /** Of a `FaultError`. */
  readonly fault?: Placeless
  /** Of an `AbortedError`. */
  readonly reason?: unknown
  /** Of an `AggregateError`. */
  readonly errors?: readonly unknown[]
  /** Fields of the error's own, such as `code`. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** An error as data. */
export interface PackedError<P> {
  readonly kind: "fault" | "full" | "aborted" | "several" | "plain"
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** The path of a `MailboxFull`. */
  readonly path: string | undefined
  readonly retry: Verdict
  readonly parts: P
}

const natives = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }
const isNative = (name: string): name is keyof typeof natives => Object.hasOwn(natives, name)

function kindOf(error: Error): PackedError<unknown>["kind"] {
  if (error instanceof MailboxFull) return "full"
  if (error instanceof FaultError) return "fault"
  if (error instanceof AbortedError) return "aborted"
  return error instanceof AggregateError ? "several" : "plain"
}

/** Fields that are sent otherwise, or say nothing elsewhere. */
const known = ["name", "message", "stack", "cause", "fault", "reason", "errors", "path"]

/** Makes data of an error. `pack` sees to its parts, and drops what cannot be sent. */
export function packError<P>(error: Error, pack: (parts: Parts) => P): PackedError<P> {
  const fields = Object.fromEntries(Object.entries(error).filter(([key]) => !known.includes(key)))
  return {
    kind: kindOf(error),
    name: error.name,
    message: error.message,
    stack: typeof error.stack === "string" ? error.stack : undefined,
    path: error instanceof MailboxFull ? error.path : undefined,
    retry: verdictOf(error),
    parts: pack({
      fields,
      ...("cause" in error ? { cause: error.cause } : {}),
      ...(error instanceof FaultError ? { fault: error.fault } : {}),
      ...(error instanceof AbortedError ? { reason: error.reason } : {}),
      ...(error instanceof AggregateError ? { errors: error.errors } : {}),
    }),
  }
}

function made({ kind, name, message, path }: PackedError<unknown>, parts: Parts): Error {
  if (kind === "full") return new MailboxFull(path ?? "")
  if (kind === "fault" && parts.fault !== undefined) return new FaultError(parts.fault)
  if (kind === "aborted") return new AbortedError(parts.reason)
  const options = "cause" in parts ? { cause: parts.cause } : {}
  if (kind === "several") return new AggregateError(parts.errors ?? [], message, options)
  return isNative(name) ? new natives[name](message, options) : new Error(message, options)
}

/** The error again: of the same class where that is one of ours or of the language, else an `Error` of the same name. */
export function unpackError<P>(packed: PackedError<P>, unpack: (parts: P) => Parts): Error {
  const parts = unpack(packed.parts)
  const error = made(packed, parts)
  if (error.name !== packed.name) Object.defineProperty(error, "name", { value: packed.name, configurable: true })
  if (packed.stack !== undefined) error.stack = packed.stack
  Object.assign(error, parts.fields)
  if (packed.retry !== "no") retryable(error, packed.retry === "yes" ? {} : packed.retry)
  return error
}

/** What was thrown, in words: for what cannot be sent as it is. */
export function inWords(thrown: unknown): Error {
  const error = new Error(messageOf(thrown))
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
  return error
}
