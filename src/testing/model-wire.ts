import type { ModelUsage } from "../agents/models/model.js"
import type { Json, JsonObject } from "../data/json.js"

/** How a model's answer looks on the wire of one provider. */
export interface Wire {
  /** The whole answer, for a request without a stream. */
  answer(said: Said): JsonObject
  /** The events of a stream: before the text, each piece of it, and after it. */
  opening(said: Said): readonly string[]
  piece(said: Said, text: string): string
  closing(said: Said): readonly string[]
  /** An error in the middle of a stream. */
  failure(error: WireError): string
  /** The body of an answer with a status of failure. */
  refusal(error: WireError): JsonObject
}

/** What the model says. */
export interface Said {
  readonly model: string
  readonly text: string
  readonly usage: ModelUsage
  readonly stopReason: "end" | "length" | "refused"
  /** Whether the client asked that a stream count its tokens. */
  readonly counted: boolean
}

/** An error in the provider's words. */
export interface WireError {
  readonly type: string
  readonly message: string
}

const event = (data: Json, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`

/** OpenAI's chat completions. */
export const openaiWire: Wire = {
  answer(said) {
    const message = { role: "assistant", content: said.text, refusal: null }
    return {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 0,
      model: said.model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: finish(said) }],
      usage: counted(said),
    }
  },
  opening: (said) => [chunk(said, { role: "assistant", content: "" }, null)],
  piece: (said, text) => chunk(said, { content: text }, null),
  closing: (said) => [
    chunk(said, {}, finish(said)),
    ...(said.counted ? [event({ ...envelope(said), choices: [], usage: counted(said) })] : []),
    "data: [DONE]\n\n",
  ],
  failure: ({ type, message }) => event({ error: { type, code: type, message } }),
  refusal: ({ type, message }) => ({ error: { type, code: type, message, param: null } }),
}

const envelope = (said: Said): JsonObject => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 0,
  model: said.model,
})

const chunk = (said: Said, delta: JsonObject, finish_reason: string | null): string =>
  event({ ...envelope(said), choices: [{ index: 0, delta, logprobs: null, finish_reason }] })

const counted = ({ usage }: Said): JsonObject => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
})

const finish = ({ stopReason }: Said): string =>
  ({ end: "stop", length: "length", refused: "content_filter" })[stopReason]

/** Anthropic's messages. */
export const anthropicWire: Wire = {
  answer: (said) => ({
    ...message(said),
    content: [{ type: "text", text: said.text, citations: null }],
    stop_reason: stop(said),
    usage: tokens(said),
  }),
  opening: (said) => {
    const begun = { ...message(said), usage: { ...tokens(said), output_tokens: 1 } }
    const block = { type: "text", text: "", citations: null }
    return [
      event({ type: "message_start", message: begun }, "message_start"),
      event({ type: "content_block_start", index: 0, content_block: block }, "content_block_start"),
      event({ type: "ping" }, "ping"),
    ]
  },
  piece: (_, text) =>
    event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }, "content_block_delta"),
  closing: (said) => {
    const delta = { stop_reason: stop(said), stop_sequence: null }
    const usage = { output_tokens: said.usage.outputTokens }
    return [
      event({ type: "content_block_stop", index: 0 }, "content_block_stop"),
      event({ type: "message_delta", delta, usage }, "message_delta"),
      event({ type: "message_stop" }, "message_stop"),
    ]
  },
  failure: (error) => event({ type: "error", error: { ...error } }, "error"),
  refusal: (error) => ({ type: "error", error: { ...error } }),
}

const message = (said: Said): JsonObject => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: said.model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
})

const tokens = ({ usage }: Said): JsonObject => ({
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
})

const stop = ({ stopReason }: Said): string =>
  ({ end: "end_turn", length: "max_tokens", refused: "refusal" })[stopReason]
