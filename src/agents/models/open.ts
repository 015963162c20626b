import { systemClock } from "../../actor/clock.js"
import type { Clock } from "../../data/clock.js"
import { FaultError } from "../../data/fault.js"
import { connectAnthropic } from "./anthropic-messages.js"
import type { Connection, Endpoint } from "./endpoint.js"
import { local } from "./local.js"
import type { Model } from "./model.js"
import { connectOpenAI } from "./openai-chat.js"
import { type ProviderType, providerType, providerTypes } from "./providers.js"
import { RemoteModel } from "./remote-model.js"

/** A model of a provider, as a document or a program configures it. */
export interface ModelDefinition {
  /** The provider's name, by which events and faults call it. */
  readonly provider: string
  /** A key of `providerTypes`. Default: the provider's name. */
  readonly type?: string
  readonly model: string
  /** Default: the type's own address. */
  readonly baseUrl?: string
  /** Default: the value of the type's environment variable, for the type's own address alone. */
  readonly apiKey?: string
  /** Milliseconds for a whole call. Default: the type's. */
  readonly timeout?: number
  /** `object` for a server that does not take a JSON Schema: the schema is then written into the system text. */
  readonly json?: "schema" | "object"
}

/** What a model takes from the world around it. */
export interface ModelPorts {
  /** Default: the clock of the machine. */
  readonly clock?: Clock
  /** Default: `process.env`. Read when the model is opened. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Opens a model. Nothing is loaded or sent before its first call.
 *
 * Throws a `FaultError` (`Unavailable`) where the type is unknown or the address ill-formed. A missing key is the same
 * fault of the first call. A key from the environment is never sent to another address than the type's own: give
 * `apiKey` with `baseUrl`.
 *
 * @example
 * ```ts
 * import { openModel } from "troupe/agents"
 * const model = openModel({ provider: "ollama", model: "qwen3" })
 * model.model // "qwen3"
 * ```
 */
export function openModel(definition: ModelDefinition, ports: ModelPorts = {}): Model {
  const { provider, model } = definition
  const name = definition.type ?? provider
  const type = providerType(name)
  if (type === undefined) throw unavailable(`${provider}: ${unknownType(name)}`)
  const connect = clients[type.client]
  if (connect === undefined) return local({ provider, model })
  const baseUrl = definition.baseUrl ?? type.baseUrl
  if (!/^https?:/.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw unavailable(`${provider}: base_url is no http or https address; expected one like ${type.baseUrl}`)
  }
  const { keyEnv } = type
  const own = keyEnv !== undefined && trimmed(baseUrl) === trimmed(type.baseUrl)
  const key = definition.apiKey || (own ? (ports.env ?? process.env)[keyEnv] : undefined) || undefined
  const endpoint: Endpoint = { provider, type, baseUrl, key, json: definition.json ?? type.json }
  const timeout = definition.timeout ?? type.timeout
  const clock = ports.clock ?? systemClock
  if (!own || key !== undefined) return new RemoteModel({ endpoint, model, timeout, clock, connect })
  const needed = `${provider} ${model} needs a key: set the environment variable ${keyEnv}, or api_key`
  const refuse: Connect = () => Promise.reject(unavailable(needed))
  return new RemoteModel({ endpoint, model, timeout, clock, connect: refuse })
}

type Connect = (endpoint: Endpoint) => Promise<Connection>

const clients: Readonly<Record<ProviderType["client"], Connect | undefined>> = {
  openai: connectOpenAI,
  anthropic: connectAnthropic,
  local: undefined,
}

const trimmed = (url: string): string => url.replace(/\/+$/, "")

function unknownType(name: string): string {
  const known = Object.keys(providerTypes).join(", ")
  return `${JSON.stringify(name)} is no type of provider; expected one of ${known} (any other server: type openai and its base_url)`
}

function unavailable(message: string): FaultError {
  return new FaultError({ _tag: "Unavailable", message, retry: "no" })
}
