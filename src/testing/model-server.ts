import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import { systemClock } from "../actor/clock.js"
import type { ModelUsage } from "../agents/models/model.js"
import type { Clock } from "../data/clock.js"
import { isRecord, type Json } from "../data/json.js"
import { anthropicWire, openaiWire, type Said, type Wire, type WireError } from "./model-wire.js"

/** One answer of a scripted server. A bare text is `{ text }`. */
export interface ScriptedReply {
  readonly text?: string
  /** The answer is this value as JSON text. */
  readonly json?: Json
  /** The pieces of a stream. Default: the text, word by word. */
  readonly chunks?: readonly string[]
  /** Default: 7 in, 5 out. */
  readonly usage?: ModelUsage
  readonly stopReason?: "end" | "length" | "refused"
  /** From 400 on, an error is the body. Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** What goes wrong, in the provider's own form: the body of an error status, else in a stream after its text. */
  readonly error?: WireError
  /** Milliseconds before the first byte. */
  readonly delay?: number
  /** The connection is destroyed after so many pieces of the stream; of a plain answer, in the middle. */
  readonly drop?: number
  /** The stream ends, politely and too early, after so many pieces. */
  readonly cut?: number
  /** After so many pieces nothing comes any more, and the connection stays open. */
  readonly hang?: number
  /** Every byte is written by itself. */
  readonly bytewise?: boolean
}

/** A request as it arrived. */
export interface RecordedRequest {
  readonly api: "openai" | "anthropic"
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
  /** Resolves when the exchange is over: `true` if the connection closed before the answer was whole. */
  readonly abandoned: Promise<boolean>
}

/** Answers by number of request, or a function of the request and its number (from 0). */
export type Script =
  | readonly (string | ScriptedReply)[]
  | ((request: RecordedRequest, index: number) => string | ScriptedReply)

/** A model provider on loopback, which answers what it was told to. */
export interface ScriptedServer {
  /** For OpenAI-compatible clients: ends in `/v1`. */
  readonly openaiUrl: string
  readonly anthropicUrl: string
  readonly requests: readonly RecordedRequest[]
  /** The request of that number (from 0), as soon as it has arrived. */
  request(index: number): Promise<RecordedRequest>
  /** Stops at once; connections that are open are destroyed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts an HTTP server on 127.0.0.1 that speaks OpenAI's chat completions and Anthropic's messages, plain and
 * streamed, from a script. A request beyond the script is answered with status 500.
 *
 * @example
 * ```ts
 * import { openai } from "troupe/agents"
 * import { scriptedServer } from "troupe/testing"
 * await using server = await scriptedServer(["Hello.", { status: 429, headers: { "retry-after": "2" } }])
 * const model = openai({ model: "gpt-5", baseUrl: server.openaiUrl, apiKey: "test" })
 * const { text } = await model.call({ messages: [{ role: "user", content: "Hi" }] })
 * text // "Hello."
 * ```
 */
export async function scriptedServer(
  script: Script,
  options: { readonly clock?: Clock } = {},
): Promise<ScriptedServer> {
  const { clock = systemClock } = options
  const requests: RecordedRequest[] = []
  const waiting: Array<{ readonly index: number; readonly resolve: (request: RecordedRequest) => void }> = []

  async function exchange(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await jsonOf(incoming)
    const path = incoming.url ?? "/"
    const api = path.endsWith("/chat/completions") ? "openai" : path.endsWith("/v1/messages") ? "anthropic" : undefined
    if (api === undefined) {
      response.writeHead(404).end()
      return
    }
    const abandoned = new Promise<boolean>((resolve) => {
      response.on("close", () => resolve(!response.writableFinished))
    })
    const request: RecordedRequest = { api, path, headers: incoming.headers, body, abandoned }
    const index = requests.push(request) - 1
    for (const one of waiting) if (one.index === index) one.resolve(request)
    const scripted = typeof script === "function" ? script(request, index) : script[index]
    const beyond = { status: 500, error: { type: "script", message: `the script has no answer ${index + 1}` } }
    const reply: ScriptedReply = typeof scripted === "string" ? { text: scripted } : (scripted ?? beyond)
    if (reply.delay !== undefined) await wait(clock, reply.delay)
    await send(reply, request, response)
  }

  const server = createServer((incoming, response) => {
    response.on("error", () => {}) // the client went away: `abandoned` tells
    exchange(incoming, response).catch(() => response.destroy())
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (typeof address === "object" && address !== null) resolve(address.port)
    })
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    openaiUrl: `http://127.0.0.1:${port}/v1`,
    anthropicUrl: `http://127.0.0.1:${port}`,
    requests,
    request: (index) =>
      new Promise((resolve) => {
        const there = requests[index]
        if (there === undefined) waiting.push({ index, resolve })
        else resolve(there)
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function send(reply: ScriptedReply, request: RecordedRequest, response: ServerResponse): Promise<void> {
  const wire = request.api === "openai" ? openaiWire : anthropicWire
  const said = saidOf(reply, request)
  const { status = 200, headers = {} } = reply
  if (status < 400 && request.body["stream"] === true) {
    response.writeHead(status, { "content-type": "text/event-stream", ...headers })
    await stream(reply, said, wire, response)
    return
  }
  const error = reply.error ?? { type: "scripted", message: `a scripted ${status}` }
  const body = JSON.stringify(status < 400 ? wire.answer(said) : wire.refusal(error))
  response.writeHead(status, { "content-type": "application/json", ...headers })
  if (reply.hang !== undefined) response.flushHeaders()
  else if (reply.drop !== undefined) {
    await write(response, [body.slice(0, body.length / 2)], reply.bytewise)
    response.destroy()
  } else {
    await write(response, [body], reply.bytewise)
    response.end()
  }
}

async function stream(reply: ScriptedReply, said: Said, wire: Wire, response: ServerResponse): Promise<void> {
  const chunks = reply.chunks ?? said.text.match(/\s*\S+|\s+/g) ?? []
  const most = reply.drop ?? reply.cut ?? reply.hang ?? chunks.length
  const pieces = chunks.slice(0, most).map((text) => wire.piece(said, text))
  await write(response, [...wire.opening(said), ...pieces], reply.bytewise)
  if (reply.hang !== undefined) return
  if (reply.drop !== undefined) {
    response.destroy()
    return
  }
  if (reply.cut === undefined) {
    await write(response, reply.error === undefined ? wire.closing(said) : [wire.failure(reply.error)], reply.bytewise)
  }
  response.end()
}

/** Writes the pieces one after the other, each when the one before has left; stops when the client is gone. */
async function write(response: ServerResponse, pieces: readonly string[], bytewise = false): Promise<void> {
  response.socket?.setNoDelay(true)
  const bytes = (piece: string): readonly Uint8Array[] => Array.from(Buffer.from(piece), (byte) => Uint8Array.of(byte))
  for (const part of bytewise ? pieces.flatMap(bytes) : pieces) {
    if (response.destroyed) return
    await new Promise<void>((resolve) => {
      response.write(part, () => resolve())
    })
  }
}

function saidOf(reply: ScriptedReply, { body }: RecordedRequest): Said {
  const counts = body["stream_options"]
  return {
    model: typeof body["model"] === "string" ? body["model"] : "",
    text: reply.json === undefined ? (reply.text ?? reply.chunks?.join("") ?? "") : JSON.stringify(reply.json),
    usage: reply.usage ?? { inputTokens: 7, outputTokens: 5 },
    stopReason: reply.stopReason ?? "end",
    counted: isRecord(counts) && counts["include_usage"] === true,
  }
}

async function jsonOf(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const parts: Buffer[] = []
  for await (const part of incoming) if (Buffer.isBuffer(part)) parts.push(part)
  const text = Buffer.concat(parts).toString("utf8")
  const body: unknown = text === "" ? {} : JSON.parse(text)
  return isRecord(body) ? body : {}
}

const wait = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve)
  })
