import type { JsonSchema } from "../../data/schema.js"
import type { ModelMessage } from "../../data/model-input.js"
import type { ModelUsage, StopReason } from "./model.js"
import type { ProviderType } from "./providers.js"

/** Where a model is reached, and how. */
export interface Endpoint {
  /** The provider's name. */
  readonly provider: string
  readonly type: ProviderType
  readonly baseUrl: string
  /** Sent in the header of authorization; without one there is none. */
  readonly key: string | undefined
  readonly json: "schema" | "object"
}

/** One call on the wire, every default filled in. */
export interface Call {
  readonly model: string
  readonly system: string | undefined
  readonly messages: readonly ModelMessage[]
  readonly schema: JsonSchema | undefined
  readonly temperature: number | undefined
  readonly maxTokens: number
  readonly signal: AbortSignal
  readonly onDelta: ((text: string) => void) | undefined
}

/** What came back, before it is read as JSON. */
export interface Reply {
  readonly text: string
  readonly usage: ModelUsage | undefined
  readonly stopReason: StopReason
  /** The answer stands in an object under `value`, because the provider takes objects only. */
  readonly wrapped: boolean
}

/** A client that is ready to call. It throws what its SDK throws. */
export type Connection = (call: Call) => Promise<Reply>

/** Thrown where a stream ended before the model said that it was done. */
export class CutOff extends Error {
  override readonly name = "CutOff"
}

/** The host of an address: all of it that a message may show. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an ill-formed base_url"
}
