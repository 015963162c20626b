import type { Cancel } from "../data/cancel.js"
import type { Clock } from "../data/clock.js"
import { FaultError, messageOf } from "../data/fault.js"
import { asText, isRecord } from "../data/json.js"
import type { ModelInput } from "../data/model-input.js"
import type { JsonSchema } from "../data/schema.js"
import type { ModelAgent } from "../flow/document.js"
import type { Usage } from "../flow/event.js"
import type { Expr, Scope } from "../flow/expr.js"
import type { Answer, Ask } from "../flow/runtime.js"
import type { Model, ModelRequest } from "./models/index.js"
import { openModel } from "./models/index.js"

export type Env = Readonly<Record<string, string | undefined>>

/** A few names with their values, as an expression sees them. */
const scopeOf = (names: Readonly<Record<string, unknown>>): Scope => ({
  has: (name) => Object.hasOwn(names, name),
  get: (name) => (Object.hasOwn(names, name) ? names[name] : undefined),
})

/** The first variable of the environment that an expression reads and that is not set. What is set is nobody's business. */
function unsetIn(source: string, env: unknown): string | undefined {
  const read = [...source.matchAll(/\benv\.([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? [])
  return read.find((name) => !isRecord(env) || env[name] === undefined)
}

function render(expr: Expr, scope: Scope, what: string): unknown {
  try {
    return expr.evaluate(scope)
  } catch (thrown) {
    const source = asText(expr.source)
    const unset = unsetIn(source, scope.get("env"))
    const [message, cause] =
      unset === undefined
        ? [`its ${what} cannot be computed: ${messageOf(thrown)}`, thrown]
        : [`its ${what} needs the environment variable ${unset}, which is not set`] // the cause would list what is set
    throw new FaultError({ _tag: "ExpressionFailed", source, message, cause, retry: "no" })
  }
}

/** Opens the model of each agent once, when it is first asked. */
export class Models {
  readonly #env: Env
  readonly #clock: Clock
  readonly #only: "local" | undefined
  readonly #open = new WeakMap<ModelAgent, Model>()

  constructor(env: Env, clock: Clock, only: "local" | undefined) {
    this.#env = env
    this.#clock = clock
    this.#only = only
  }

  of(agent: ModelAgent): Model {
    const known = this.#open.get(agent)
    if (known !== undefined) return known
    const model = this.#only === "local" ? this.#standIn(agent) : this.#connect(agent)
    this.#open.set(agent, model)
    return model
  }

  #standIn({ provider, model }: ModelAgent): Model {
    return openModel({ provider: provider.name, type: "local", model: model ?? "extractive" })
  }

  #connect({ provider, model, timeout }: ModelAgent): Model {
    const scope = scopeOf({ env: this.#env })
    const text = (expr: Expr | undefined, what: string): string | undefined => expr && asText(render(expr, scope, what))
    const baseUrl = text(provider.baseUrl, "base_url")
    const apiKey = text(provider.apiKey, "api_key")
    const patience = timeout ?? provider.timeout
    return openModel(
      {
        provider: provider.name,
        type: provider.type,
        model: model ?? "",
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(patience === undefined ? {} : { timeout: patience }),
      },
      { clock: this.#clock, env: this.#env },
    )
  }

  /** What an agent's prompts may read. */
  scope(ask: Ask): Scope {
    return scopeOf({ value: ask.input, params: ask.params, env: this.#env })
  }
}

const isMessage = (value: unknown): boolean =>
  isRecord(value) && (value["role"] === "user" || value["role"] === "assistant") && typeof value["content"] === "string"

const isModelInput = (value: unknown): value is ModelInput =>
  isRecord(value) &&
  Array.isArray(value["messages"]) &&
  value["messages"].length > 0 &&
  value["messages"].every(isMessage)

/** The user's side of the conversation: the prompt, the input as it is, or a `ModelInput` as itself. */
function conversation(agent: ModelAgent, ask: Ask, scope: Scope): Pick<ModelRequest, "messages" | "system"> {
  const { settings, input } = ask
  const own = settings?.systemPrompt ?? (agent.systemPrompt && render(agent.systemPrompt, scope, "system_prompt"))
  const prompt = settings?.prompt ?? (agent.prompt && render(agent.prompt, scope, "prompt"))
  const given = prompt === undefined && isModelInput(input) ? input : undefined
  const content = asText(prompt ?? input)
  const system = [own, given?.system].map(asText).filter((text) => text !== "")
  return {
    messages: given?.messages ?? [{ role: "user", content }],
    ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
  }
}

/** What a schema of texts says of which texts: a model that is not told them answers with any other. */
const choosing = ["enum", "const", "pattern", "format", "anyOf", "oneOf", "allOf", "not", "$ref"]

/** The schema to ask the model for; none where any text will do. */
function answerSchema(agent: ModelAgent): JsonSchema | undefined {
  const json = agent.output?.json
  if (json === undefined || json === true) return undefined
  return json["type"] === "string" && !choosing.some((keyword) => keyword in json) ? undefined : json
}

/** Answers an ask with one call of the agent's model, streamed as events. */
export async function askModel(agent: ModelAgent, ask: Ask, models: Models, cancel: Cancel): Promise<Answer> {
  const model = models.of(agent)
  const { settings } = ask
  const schema = answerSchema(agent)
  const temperature = settings?.temperature ?? agent.temperature
  const maxTokens = settings?.maxTokens ?? agent.maxTokens
  const call = {
    provider: model.provider,
    model: settings?.model ?? model.model,
    ...(model.simulated ? { simulated: true as const } : {}),
  }
  ask.emit("llm_call_started", call)
  const result = await model.call({
    ...conversation(agent, ask, models.scope(ask)),
    ...(settings?.model === undefined ? {} : { model: settings.model }),
    ...(schema === undefined ? {} : { schema }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    cancel,
    onDelta: (text) => {
      ask.emit("text_delta", text)
      if (schema === undefined) ask.emit("task_chunk", text)
    },
  })
  const usage: Usage = { requests: 1, ...result.usage, ...(model.simulated ? { usd: 0 } : {}) }
  ask.emit("llm_call_done", { ...call, usage })
  return { value: schema === undefined ? result.text : result.value, usage }
}
