import type OpenAI from "openai"
import { maxDuration } from "../../data/duration.js"
import type { JsonSchema } from "../../data/schema.js"
import { type Call, type Connection, CutOff, type Endpoint, type Reply } from "./endpoint.js"
import { closedSchema, objectSchema, openaiStrict, withSchemaText } from "./json-answer.js"
import type { ModelUsage, StopReason } from "./model.js"
import { loadPackage, sdkPackages } from "./sdk.js"

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming
type Format = NonNullable<Params["response_format"]>

/** A client of OpenAI's chat completions, which most providers speak. */
export async function connectOpenAI(endpoint: Endpoint): Promise<Connection> {
  const { default: Client } = await loadPackage(endpoint.provider, sdkPackages.openai, () => import("openai"))
  const client = new Client({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.key ?? "none",
    ...(endpoint.key === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    // The environment's are for OpenAI alone, and our own timer ends a call.
    ...(endpoint.type.keyEnv === "OPENAI_API_KEY" ? {} : { organization: null, project: null }),
    adminAPIKey: null,
    maxRetries: 0,
    timeout: maxDuration,
    logLevel: "off",
  })
  return async (call) => {
    const { params, wrapped } = paramsOf(call, endpoint)
    const reply = call.onDelta === undefined ? plain(client, params, call) : streamed(client, params, call, endpoint)
    return { ...(await reply), wrapped }
  }
}

function paramsOf(call: Call, endpoint: Endpoint): { readonly params: Params; readonly wrapped: boolean } {
  const asked = call.schema === undefined ? undefined : formatOf(call.schema, endpoint.json)
  const system = asked?.text === true ? withSchemaText(call.system, call.schema ?? true) : call.system
  const limit =
    endpoint.type.maxTokens === "max_tokens"
      ? { max_tokens: call.maxTokens }
      : { max_completion_tokens: call.maxTokens }
  const params: Params = {
    model: call.model,
    messages: [
      ...(system === undefined || system === "" ? [] : [{ role: "system", content: system } as const]),
      ...call.messages.map(({ role, content }) => ({ role, content })),
    ],
    ...limit,
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(asked?.format === undefined ? {} : { response_format: asked.format }),
  }
  return { params, wrapped: asked?.wrapped ?? false }
}

/** How to ask for JSON: strictly where the schema allows, by schema, or in words. */
function formatOf(
  schema: JsonSchema,
  json: Endpoint["json"],
): { readonly format?: Format; readonly wrapped: boolean; readonly text: boolean } {
  const rooted = objectSchema(schema)
  if (rooted === undefined) return { wrapped: false, text: true }
  if (json === "object") {
    return rooted.wrapped
      ? { wrapped: false, text: true }
      : { format: { type: "json_object" }, wrapped: false, text: true }
  }
  const strict = closedSchema(rooted.schema, openaiStrict)
  const json_schema = { name: "answer", schema: { ...(strict ?? rooted.schema) }, strict: strict !== undefined }
  return { format: { type: "json_schema", json_schema }, wrapped: rooted.wrapped, text: false }
}

async function plain(client: OpenAI, params: Params, call: Call): Promise<Omit<Reply, "wrapped">> {
  const answer = await client.chat.completions.create(params, { signal: call.signal })
  const choice = answer.choices[0]
  if (choice === undefined) throw new CutOff("an answer without a choice")
  const refusal = choice.message.refusal ?? ""
  return {
    text: (choice.message.content ?? "") + refusal,
    usage: usageOf(answer.usage),
    stopReason: refusal === "" ? stopReason(choice.finish_reason) : "refused",
  }
}

async function streamed(client: OpenAI, params: Params, call: Call, to: Endpoint): Promise<Omit<Reply, "wrapped">> {
  const counted = to.type.askForUsage ? { stream_options: { include_usage: true } } : {}
  const stream = await client.chat.completions.create({ ...params, ...counted, stream: true }, { signal: call.signal })
  let text = ""
  let usage: ModelUsage | undefined
  let finish: string | undefined
  let refused = false
  for await (const chunk of stream) {
    usage = usageOf(chunk.usage) ?? usage
    const choice = chunk.choices[0]
    if (choice === undefined) continue
    finish = choice.finish_reason ?? finish
    refused ||= Boolean(choice.delta.refusal)
    const delta = (choice.delta.content ?? "") + (choice.delta.refusal ?? "")
    if (delta === "") continue
    text += delta
    call.onDelta?.(delta)
  }
  // An aborted and a dropped stream both end without an error: only the reason tells a whole answer.
  if (finish === undefined) throw new CutOff(`the stream ended after ${text.length} characters, before the answer did`)
  return { text, usage, stopReason: refused ? "refused" : stopReason(finish) }
}

function usageOf(usage: OpenAI.CompletionUsage | null | undefined): ModelUsage | undefined {
  if (usage === null || usage === undefined) return undefined
  return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }
}

const reasons = new Map<string, StopReason>([
  ["stop", "end"],
  ["length", "length"],
  ["content_filter", "refused"],
])

const stopReason = (reason: string): StopReason => reasons.get(reason) ?? "other"
