import type Anthropic from "@anthropic-ai/sdk"
import { maxDuration } from "../../data/duration.js"
import type { JsonObject } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"
import { type Call, type Connection, CutOff, type Endpoint, type Reply } from "./endpoint.js"
import { anthropicSchema, closedSchema, objectSchema, withSchemaText } from "./json-answer.js"
import type { ModelUsage, StopReason } from "./model.js"
import { loadPackage, sdkPackages } from "./sdk.js"

type Params = Anthropic.MessageCreateParamsNonStreaming
/** The SDK's own rewriting of a schema into what its API takes. */
type Rewrite = (schema: JsonObject) => { readonly [key: string]: unknown }

/** A client of Anthropic's messages. */
export async function connectAnthropic(endpoint: Endpoint): Promise<Connection> {
  const load = () => Promise.all([import("@anthropic-ai/sdk"), import("@anthropic-ai/sdk/lib/transform-json-schema")])
  const [{ default: Client }, schemas] = await loadPackage(endpoint.provider, sdkPackages.anthropic, load)
  const client = new Client({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.key ?? "none",
    ...(endpoint.key === undefined ? { defaultHeaders: { Authorization: null, "X-Api-Key": null } } : {}),
    maxRetries: 0,
    timeout: maxDuration,
    logLevel: "off",
  })
  const rewrite: Rewrite = (schema) => ({ ...schemas.transformJSONSchema(schema) })
  return async (call) => {
    const { params, wrapped } = paramsOf(call, rewrite)
    const reply = call.onDelta === undefined ? plain(client, params, call) : streamed(client, params, call)
    return { ...(await reply), wrapped }
  }
}

function paramsOf(call: Call, rewrite: Rewrite): { readonly params: Params; readonly wrapped: boolean } {
  const asked = call.schema === undefined ? undefined : formatOf(call.schema, rewrite)
  const inWords = call.schema !== undefined && asked === undefined
  const system = inWords ? withSchemaText(call.system, call.schema) : call.system
  const params: Params = {
    model: call.model,
    max_tokens: call.maxTokens,
    messages: call.messages.map(({ role, content }) => ({ role, content })),
    ...(system === undefined || system === "" ? {} : { system }),
    ...(asked === undefined ? {} : { output_config: { format: { type: "json_schema", schema: asked.schema } } }),
  }
  return { params, wrapped: asked?.wrapped ?? false }
}

function formatOf(
  schema: JsonSchema,
  rewrite: Rewrite,
): { readonly schema: { readonly [key: string]: unknown }; readonly wrapped: boolean } | undefined {
  const rooted = objectSchema(schema)
  const closed = rooted === undefined ? undefined : closedSchema(rooted.schema, anthropicSchema)
  return rooted === undefined || closed === undefined ? undefined : { schema: rewrite(closed), wrapped: rooted.wrapped }
}

async function plain(client: Anthropic, params: Params, call: Call): Promise<Omit<Reply, "wrapped">> {
  const answer = await client.messages.create(params, { signal: call.signal })
  const text = answer.content.map((block) => (block.type === "text" ? block.text : "")).join("")
  return { text, usage: usageOf(answer.usage), stopReason: stopReason(answer.stop_reason) }
}

async function streamed(client: Anthropic, params: Params, call: Call): Promise<Omit<Reply, "wrapped">> {
  const stream = await client.messages.create({ ...params, stream: true }, { signal: call.signal })
  let text = ""
  let usage: ModelUsage | undefined
  let reason: string | null = null
  let ended = false
  for await (const event of stream) {
    if (event.type === "message_start") usage = usageOf(event.message.usage)
    else if (event.type === "content_block_delta" && event.delta.type === "text_delta" && event.delta.text !== "") {
      text += event.delta.text
      call.onDelta?.(event.delta.text)
    } else if (event.type === "message_delta") {
      reason = event.delta.stop_reason ?? reason
      usage = { inputTokens: usage?.inputTokens ?? 0, outputTokens: event.usage.output_tokens }
    } else if (event.type === "message_stop") ended = true
  }
  // An aborted and a dropped stream both end without an error: only the last event tells a whole answer.
  if (!ended) throw new CutOff(`the stream ended after ${text.length} characters, before the answer did`)
  return { text, usage, stopReason: stopReason(reason) }
}

/** Input counts whole, the part read from or written to the cache included. */
function usageOf(usage: Anthropic.Usage): ModelUsage {
  const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0)
  return { inputTokens: usage.input_tokens + cached, outputTokens: usage.output_tokens }
}

const reasons = new Map<string | null, StopReason>([
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "refused"],
])

const stopReason = (reason: string | null): StopReason => reasons.get(reason) ?? "other"
