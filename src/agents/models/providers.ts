import { own } from "../../data/json.js"

/** What is known of one type of provider. */
export interface ProviderType {
  /** Which client speaks to it. */
  readonly client: "openai" | "anthropic" | "local"
  /** Where it is reached. OpenAI's convention ends in `/v1`, Anthropic's does not. Empty: nowhere. */
  readonly baseUrl: string
  /** The environment variable that holds its key. Its value is sent to `baseUrl` alone, never to another address. */
  readonly keyEnv?: string
  /** Milliseconds for a whole call. */
  readonly timeout: number
  /** What it takes for JSON: a schema, or only the wish for an object. */
  readonly json: "schema" | "object"
  /** The name of its limit on the answer's length. */
  readonly maxTokens: "max_tokens" | "max_completion_tokens"
  /** Whether a stream must be asked to count its tokens. */
  readonly askForUsage: boolean
  /** `false`: it refuses a temperature. A pattern: models that refuse any but their own; the default is left out there. */
  readonly temperature: boolean | { readonly not: RegExp }
  /** What to try when nobody answers. */
  readonly hint?: string
}

const compatible = {
  client: "openai",
  timeout: 60_000,
  json: "schema",
  maxTokens: "max_tokens",
  askForUsage: true,
  temperature: true,
} as const

/** The types of providers, by name. A definition's own `baseUrl` makes any OpenAI-compatible server one of type `openai`. */
export const providerTypes: Readonly<Record<string, ProviderType>> = {
  openai: {
    ...compatible,
    baseUrl: "https://api.openai.com/v1",
    keyEnv: "OPENAI_API_KEY",
    maxTokens: "max_completion_tokens",
    temperature: { not: /^(?:o\d|gpt-5)/ },
  },
  // Its API refuses every temperature since version 2026-10-21, which the client sends.
  anthropic: {
    client: "anthropic",
    baseUrl: "https://api.anthropic.com",
    keyEnv: "ANTHROPIC_API_KEY",
    timeout: 120_000,
    json: "schema",
    maxTokens: "max_tokens",
    askForUsage: false,
    temperature: false,
  },
  ollama: {
    ...compatible,
    baseUrl: "http://127.0.0.1:11434/v1",
    timeout: 300_000,
    hint: "is `ollama serve` running?",
  },
  mistral: {
    ...compatible,
    baseUrl: "https://api.mistral.ai/v1",
    keyEnv: "MISTRAL_API_KEY",
    askForUsage: false,
  },
  openrouter: { ...compatible, baseUrl: "https://openrouter.ai/api/v1", keyEnv: "OPENROUTER_API_KEY" },
  gemini: {
    ...compatible,
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyEnv: "GEMINI_API_KEY",
  },
  local: {
    client: "local",
    baseUrl: "",
    timeout: 60_000,
    json: "schema",
    maxTokens: "max_tokens",
    askForUsage: false,
    temperature: false,
  },
}

/** The type of that name, or `undefined`. */
export function providerType(name: string): ProviderType | undefined {
  return own(providerTypes, name)
}
