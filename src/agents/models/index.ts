export { anthropic, gemini, mistral, ollama, openai, openrouter, type ProviderOptions } from "./builders.js"
export { local, type LocalOptions } from "./local.js"
export {
  type Model,
  modelDefaults,
  type ModelRequest,
  type ModelResult,
  type ModelUsage,
  type StopReason,
} from "./model.js"
export type {
  AnthropicModelId,
  GeminiModelId,
  MistralModelId,
  OllamaModelId,
  OpenAIModelId,
  OpenRouterModelId,
} from "./model-ids.js"
export { type ModelDefinition, type ModelPorts, openModel } from "./open.js"
export { type ProviderType, providerTypes } from "./providers.js"
