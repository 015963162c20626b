import type { Clock } from "../../data/clock.js"
import type { Model } from "./model.js"
import type {
  AnthropicModelId,
  GeminiModelId,
  MistralModelId,
  OllamaModelId,
  OpenAIModelId,
  OpenRouterModelId,
} from "./model-ids.js"
import { openModel } from "./open.js"

/** What every provider's builder takes. */
export interface ProviderOptions<Id extends string> {
  /** Any id is accepted; the known ones complete. */
  readonly model: Id
  readonly baseUrl?: string
  readonly apiKey?: string
  /** Milliseconds for a whole call. */
  readonly timeout?: number
  /** `object` for a server that takes no JSON Schema. */
  readonly json?: "schema" | "object"
  /** The provider's name in events and faults. Default: its type. */
  readonly name?: string
  readonly clock?: Clock
}

type Builder<Id extends string> = (options: ProviderOptions<Id>) => Model

function builder<Id extends string>(type: string): Builder<Id> {
  return ({ name, clock, ...options }) =>
    openModel({ ...options, provider: name ?? type, type }, clock === undefined ? {} : { clock })
}

/**
 * A model of OpenAI, or of any server that speaks its chat completions, given the server's `baseUrl`.
 *
 * The key is `apiKey` or, for OpenAI's own address alone, `OPENAI_API_KEY`; without either a call is the fault
 * `Unavailable`. Needs the package `openai`.
 */
export const openai: Builder<OpenAIModelId> = builder("openai")
/** A model of Anthropic. The key is `apiKey` or `ANTHROPIC_API_KEY`. Needs the package `@anthropic-ai/sdk`. */
export const anthropic: Builder<AnthropicModelId> = builder("anthropic")
/** A model served by Ollama, by default on this machine. Needs no key, and the package `openai`. */
export const ollama: Builder<OllamaModelId> = builder("ollama")
/** A model of Google Gemini. The key is `apiKey` or `GEMINI_API_KEY`. Needs the package `openai`. */
export const gemini: Builder<GeminiModelId> = builder("gemini")
/** A model of Mistral. The key is `apiKey` or `MISTRAL_API_KEY`. Needs the package `openai`. */
export const mistral: Builder<MistralModelId> = builder("mistral")
/** A model behind OpenRouter. The key is `apiKey` or `OPENROUTER_API_KEY`. Needs the package `openai`. */
export const openrouter: Builder<OpenRouterModelId> = builder("openrouter")
