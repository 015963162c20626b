/** Any id is accepted; those listed complete in editors. */
type Known<Id extends string> = Id | (string & {})

/** The id of a model of OpenAI. Any text is accepted; the known ids complete in editors. */
export type OpenAIModelId = Known<
  | "gpt-5.6-sol"
  | "gpt-5.6-terra"
  | "gpt-5.6-luna"
  | "gpt-5.4"
  | "gpt-5.4-mini"
  | "gpt-5.4-nano"
  | "gpt-5.2"
  | "gpt-5.1"
  | "gpt-5"
  | "gpt-5-mini"
  | "gpt-5-nano"
  | "gpt-4.1"
  | "gpt-4.1-mini"
  | "gpt-4.1-nano"
  | "gpt-4o"
  | "gpt-4o-mini"
  | "o4-mini"
  | "o3"
>

/** The id of a model of Anthropic. Any text is accepted; the known ids complete in editors. */
export type AnthropicModelId = Known<
  | "claude-opus-5-5"
  | "claude-sonnet-5-5"
  | "claude-haiku-5-5"
  | "claude-opus-5"
  | "claude-sonnet-5"
  | "claude-opus-4-6"
  | "claude-sonnet-4-6"
  | "claude-opus-4-5"
  | "claude-sonnet-4-5"
  | "claude-haiku-4-5"
>

/** The id of a model of Ollama. Any text is accepted; the known ids complete in editors. */
export type OllamaModelId = Known<
  "qwen3" | "llama3.3" | "llama3.2" | "gemma3" | "mistral" | "phi4" | "gpt-oss" | "deepseek-r1"
>

/** The id of a model of Google Gemini. Any text is accepted; the known ids complete in editors. */
export type GeminiModelId = Known<"gemini-2.5-pro" | "gemini-2.5-flash" | "gemini-2.5-flash-lite">

/** The id of a model of Mistral. Any text is accepted; the known ids complete in editors. */
export type MistralModelId = Known<
  "mistral-large-latest" | "mistral-medium-latest" | "mistral-small-latest" | "codestral-latest"
>

/** The id of a model of OpenRouter. Any text is accepted; the known ids complete in editors. */
export type OpenRouterModelId = Known<"openrouter/auto" | "openai/gpt-5" | "anthropic/claude-sonnet-4.5">
