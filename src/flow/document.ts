import type { AgentRef, AnyAgentRef } from "../data/agent-ref.js"
import type { Diagnostic, Position } from "../data/diagnostic.js"
import type { JsonSchema } from "../data/schema.js"
import type { Expr } from "./expr.js"
import type { Flow } from "./types.js"

/** Where models are called: a provider of the document, or one of the built-in ones. */
export interface ProviderSettings {
  readonly name: string
  /** `openai`, `anthropic`, `ollama`, `local`, … */
  readonly type: string
  /** A template that may read `env`. */
  readonly baseUrl?: Expr
  /** A template that may read `env`; never printed. */
  readonly apiKey?: Expr
  /** Milliseconds for one call. */
  readonly timeout?: number
}

/** An agent of a document that is one call of a model. */
export interface ModelAgent extends AgentRef<unknown, unknown> {
  readonly kind: "model"
  readonly provider: ProviderSettings
  readonly model: string | undefined
  readonly systemPrompt?: Expr
  /** Renders the user message from `value`, `params`, `env`; without it a string is sent as it is, anything else as JSON. */
  readonly prompt?: Expr
  readonly temperature?: number
  readonly maxTokens?: number
}

/** Whether a reference is a model of a document. */
export const isModelAgent = (ref: AgentRef<never, unknown>): ref is ModelAgent => "kind" in ref && ref.kind === "model"

/** An agent of a document that is a process: the input on its standard input, the answer on its standard output. */
export interface CommandAgent extends AgentRef<unknown, unknown> {
  readonly kind: "command"
  /** A program and its arguments, which no shell reads. Each may read `params`. */
  readonly command: readonly Expr[]
}

/** An agent of a document that is one request over HTTP. */
export interface HttpAgent extends AgentRef<unknown, unknown> {
  readonly kind: "http"
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD"
  /** The address as it is written. */
  readonly url: Expr
  /** The same in pieces: what `encode` marks comes of a value, and is percent-encoded. */
  readonly address: readonly AddressPart[]
  readonly headers?: Readonly<Record<string, Expr>>
  readonly body?: Expr
}

/** A piece of an address: text, or what an expression gives. */
export type AddressPart = string | { readonly expr: Expr; readonly encode: boolean }

/** Whether a reference is a process of a document. */
export const isCommandAgent = (ref: AgentRef<never, unknown>): ref is CommandAgent =>
  "kind" in ref && ref.kind === "command"

/** Whether a reference is a request of a document. */
export const isHttpAgent = (ref: AgentRef<never, unknown>): ref is HttpAgent => "kind" in ref && ref.kind === "http"

/** A flow with all that a document says around it. `parse` makes one of YAML or JSON, `document` of a flow. */
export interface Document {
  readonly _tag: "Document"
  readonly name: string | undefined
  readonly description: string | undefined
  readonly flow: Flow<unknown, unknown>
  /** The schema of the flow's input; undefined where none is given. */
  readonly input: JsonSchema | undefined
  /** The schema of its output, where one is given. */
  readonly output?: JsonSchema
  /** The schema of each parameter; `default` in it is its value where none is given. */
  readonly params: Readonly<Record<string, JsonSchema>>
  readonly agents: Readonly<Record<string, AnyAgentRef>>
  readonly providers: Readonly<Record<string, ProviderSettings>>
  readonly flows: Readonly<Record<string, Flow<unknown, unknown>>>
  readonly warnings: readonly Diagnostic[]
  /** Where a path of the flow stands in the text, counters or not; undefined for a document made in TypeScript. */
  at(path: string): Position | undefined
}
