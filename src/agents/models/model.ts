import type { Cancel } from "../../data/cancel.js"
import type { ModelMessage } from "../../data/model-input.js"
import type { JsonSchema } from "../../data/schema.js"

/** One question to a model. */
export interface ModelRequest {
  /** Another model of the same provider, for this call alone. */
  readonly model?: string
  readonly system?: string
  /** The conversation so far; the last message is the user's. */
  readonly messages: readonly ModelMessage[]
  /** Asks for JSON of this shape. The answer is parsed into `value`, not checked: whoever asked holds the schema. */
  readonly schema?: JsonSchema
  /** Without it 0.7, or the provider's own default for a model that takes none. */
  readonly temperature?: number
  /** The longest answer, in tokens. Default 4096. */
  readonly maxTokens?: number
  /** Ends the call at once: it rejects with `AbortedError` and the connection is closed. */
  readonly cancel?: Cancel
  /** Milliseconds from the start of the call to its whole answer. Default: the provider's. */
  readonly timeout?: number
  /**
   * Asks for a stream. The texts given here, joined, are the `text` of the result; none comes after the end. A throw
   * ends the call with it.
   */
  readonly onDelta?: (text: string) => void
}

/** Why a model stopped: it was done, it reached `maxTokens`, it refused, or a reason of the provider's own. */
export type StopReason = "end" | "length" | "refused" | "other"

/** Tokens of one call, as the provider counted them. Cached input counts as input. */
export interface ModelUsage {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** What a model answered. */
export interface ModelResult {
  /** The answer as it was written, JSON included. */
  readonly text: string
  /** The parsed answer, where a schema was given. */
  readonly value?: unknown
  /** Absent where the provider counted nothing: unknown, not free. */
  readonly usage?: ModelUsage
  readonly stopReason: StopReason
  /** Settings of the request that this provider does not take and that were left out. */
  readonly ignored?: readonly string[]
}

/**
 * The port behind which every model stands. `version` is that of this interface: it grows when a member changes
 * meaning.
 *
 * `call` rejects with a `FaultError` (`TimedOut`, `Unavailable`, `RateLimited`, `ModelFailed`, `InvalidOutput`) or,
 * when its `cancel` is used, with `AbortedError`. It never retries.
 *
 * @example
 * ```ts
 * import { local } from "troupe/agents"
 * const { text } = await local().call({ messages: [{ role: "user", content: "Bees dance. Ants march." }] })
 * text // "Bees dance. Ants march."
 * ```
 */
export interface Model {
  readonly version: 1
  /** The name under which the provider is configured, such as `anthropic`. */
  readonly provider: string
  readonly model: string
  /** Set where no language model answers: events and the terminal say so. */
  readonly simulated?: true
  call(request: ModelRequest): Promise<ModelResult>
}

/** What a call uses where its request says nothing. */
export const modelDefaults: { readonly temperature: number; readonly maxTokens: number } = {
  temperature: 0.7,
  maxTokens: 4096,
}
