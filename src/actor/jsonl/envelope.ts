import { type Either, isLeft, left, right } from "../../data/either.js"
import { isRecord, type Json, type JsonObject, notJsonAt } from "../../data/json.js"
import type { Issue, JsonSchema, Schema } from "../../data/schema.js"
import { idProblem } from "./actor-id.js"

/** One message as it stands on a line of a mailbox file. */
export interface Envelope<out P extends JsonObject = JsonObject> {
  /** A UUID; a message that is delivered twice has the same. */
  readonly id: string
  /** Whom it is for: the id of an actor. */
  readonly to: string
  /** Who sent it. */
  readonly from: string
  /** Who gets the answer. It may be another than `from`. */
  readonly customer: string
  /** When it was sent: ISO 8601, UTC. */
  readonly timestamp: string
  readonly payload: P
}

/** What a sender says; the rest of the envelope is made for it. */
export interface Outgoing {
  readonly to: string
  /** Default: the sender. */
  readonly customer?: string
  readonly payload: JsonObject
}

const outgoingJson: JsonSchema = {
  type: "object",
  description: "Send a message to another actor. It returns at once; an answer, if any, is a message to the customer.",
  properties: {
    to: { type: "string", description: "Id of the actor to send to" },
    customer: { type: "string", description: "Id of the actor that gets the answer; the sender by default" },
    payload: { type: "object", description: "The message: any JSON object" },
  },
  required: ["to", "payload"],
  additionalProperties: false,
}

const known = ["to", "customer", "payload"]

/**
 * The input of a tool `send`: `{ to, customer?, payload }`.
 *
 * `json` is for the model that is to call it; `parse` gives what `send` takes, or each thing that is wrong.
 *
 * @example
 * ```ts
 * import { sendSchema } from "troupe/actor"
 * const input = { to: "bob", payload: { question: "ready?" } }
 * sendSchema.parse(input) // { _tag: "Right", right: { to: "bob", payload: { question: "ready?" } } }
 * sendSchema.parse({ to: "../bob", payload: 1 })._tag // "Left"
 * ```
 */
export const sendSchema: Schema<Outgoing> = { json: outgoingJson, parse: readOutgoing }

function readOutgoing(value: unknown): Either<readonly Issue[], Outgoing> {
  if (!isRecord(value)) return left([{ at: "", message: "expected an object { to, customer?, payload }" }])
  const { to, customer } = value
  const payload = readPayload(value["payload"])
  const issues: Issue[] = []
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) issues.push({ at: `/${key}`, message: "unknown: expected to, customer, payload" })
  }
  const noActor = (at: string, id: unknown): void => {
    const problem = idProblem(id)
    if (problem !== undefined) issues.push({ at, message: `no id of an actor: ${problem}` })
  }
  noActor("/to", to)
  if (customer !== undefined) noActor("/customer", customer)
  if (isLeft(payload)) issues.push({ at: "/payload", message: payload.left })
  if (issues.length > 0 || typeof to !== "string" || isLeft(payload)) return left(issues)
  return right(typeof customer === "string" ? { to, customer, payload: payload.right } : { to, payload: payload.right })
}

/** The payload that a value is, or why it is none. */
export function readPayload(value: unknown): Either<string, JsonObject> {
  if (!isRecord(value)) return left("expected a JSON object")
  try {
    JSON.stringify(value) // a ring, or too deep: it would not come to an end below
  } catch (error) {
    return left(`it cannot be written as JSON: ${error instanceof Error ? error.message.split("\n")[0] : "it throws"}`)
  }
  const at = notJsonAt(value)
  if (at !== undefined) return left(`expected JSON, which what is at ${at} is not`)
  return isJsonObject(value) ? right(value) : left("expected a JSON object")
}

/** Whether a value that is known to be JSON is an object. */
function isJsonObject(value: unknown): value is JsonObject {
  return isRecord(value)
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The envelope on a line, or why there is none. `reader` is the actor whose file it is. */
export function readEnvelope(line: Uint8Array, reader: string): Either<string, Envelope> {
  let text: string
  try {
    text = strict.decode(line)
  } catch {
    return left("it is not UTF-8")
  }
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    return left(`it is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}`)
  }
  return envelopeOf(value, reader)
}

/** The envelope that a value is, or why it is none. */
export function envelopeOf(value: unknown, reader: string): Either<string, Envelope> {
  if (!isRecord(value)) return left("expected an object { id, to, from, customer, timestamp, payload }")
  const { id, to, from, customer, timestamp, payload } = value
  if (typeof id !== "string" || id === "") return left("id: expected text that is not empty")
  for (const [name, actor] of Object.entries({ to, from, customer })) {
    const problem = idProblem(actor)
    if (problem !== undefined) return left(`${name}: no id of an actor: ${problem}`)
  }
  if (typeof to !== "string" || typeof from !== "string" || typeof customer !== "string") return left("expected ids")
  if (to !== reader) return left(`to: it is for ${to}, and this is the file of ${reader}`)
  if (typeof timestamp !== "string" || !instant.test(timestamp) || Number.isNaN(Date.parse(timestamp))) {
    return left("timestamp: expected ISO 8601 in UTC, as in 2026-01-31T12:00:00.000Z")
  }
  if (!isJsonObject(payload)) return left("payload: expected an object")
  return right({ id, to, from, customer, timestamp, payload })
}

/** What our own lines begin with: `id` is always first, and inside a text its quotes would be escaped. */
const beginning = Buffer.from('{"id":"')

/**
 * A whole envelope at the end of a line that begins with something else: one writer was ended in the middle of its
 * line, and the next one's line follows. Undefined when there is none.
 */
export function salvage(
  line: Buffer,
  reader: string,
): { readonly at: number; readonly envelope: Envelope } | undefined {
  for (let at = line.indexOf(beginning, 1); at >= 0; at = line.indexOf(beginning, at + 1)) {
    const found = readEnvelope(line.subarray(at), reader)
    if (!isLeft(found)) return { at, envelope: found.right }
  }
  return undefined
}
