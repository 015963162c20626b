import type { Model, ModelRequest, ModelResult } from "../agents/models/model.js"
import { AbortedError, FaultError } from "../data/fault.js"
import type { Json } from "../data/json.js"

/** What a scripted model says: a text (read as JSON where the request has a schema), a value, or a result. */
export type ScriptedSaying = string | { readonly value: Json } | (Partial<ModelResult> & { readonly text: string })

/**
 * One answer of a scripted model: what it says, an error that it throws (a `FaultError` says which fault it means), or
 * a function of the request and its number (from 0), which may wait.
 */
export type ScriptedAnswer =
  | ScriptedSaying
  | Error
  | ((request: ModelRequest, index: number) => ScriptedSaying | Error | PromiseLike<ScriptedSaying | Error>)

/** A model that answers what it was told to, and remembers what it was asked. */
export interface ScriptedModel extends Model {
  /** The requests so far, in order. */
  readonly calls: readonly ModelRequest[]
}

/**
 * A model for tests: the first call gets the first answer, and so on; a call beyond the last is a fault. One function
 * in place of the list answers every call. A stream comes word by word.
 *
 * @example
 * ```ts
 * import { scriptedModel } from "troupe/testing"
 * const model = scriptedModel(["Hello.", { value: { ok: true } }])
 * const { text } = await model.call({ messages: [{ role: "user", content: "Hi" }] })
 * text // "Hello."
 * model.calls.length // 1
 * ```
 */
export function scriptedModel(
  answers: readonly ScriptedAnswer[] | Extract<ScriptedAnswer, (...args: never) => unknown>,
  options: { readonly provider?: string; readonly model?: string } = {},
): ScriptedModel {
  const { provider = "scripted", model = "scripted" } = options
  const calls: ModelRequest[] = []
  return {
    version: 1,
    provider,
    model,
    calls,
    async call(request) {
      const index = calls.push(request) - 1
      refuseCancelled(request)
      const answer = typeof answers === "function" ? answers : answers[index]
      if (answer === undefined) {
        const message = `the scripted model has no answer for call ${index + 1}`
        throw new FaultError({ _tag: "ModelFailed", provider, model, message, retry: "no" })
      }
      const saying = typeof answer === "function" ? await answer(request, index) : answer
      if (saying instanceof Error) throw saying
      const result = resultOf(saying, request)
      for (const word of result.text.match(/\s*\S+|\s+/g) ?? []) {
        refuseCancelled(request)
        request.onDelta?.(word)
      }
      refuseCancelled(request)
      return result
    },
  }
}

function refuseCancelled({ cancel }: ModelRequest): void {
  if (cancel?.cancelled === true) throw new AbortedError(cancel.reason)
}

function resultOf(saying: ScriptedSaying, request: ModelRequest): ModelResult {
  const rest = { usage: { inputTokens: 7, outputTokens: 5 }, stopReason: "end" } as const
  if (typeof saying === "string") return { ...read(saying, request), ...rest }
  if (!("text" in saying)) return { text: JSON.stringify(saying.value), value: saying.value, ...rest }
  return "value" in saying ? { ...rest, ...saying } : { ...read(saying.text, request), ...rest, ...saying }
}

function read(text: string, { schema }: ModelRequest): { readonly text: string; readonly value?: unknown } {
  if (schema === undefined) return { text }
  try {
    const value: unknown = JSON.parse(text)
    return { text, value }
  } catch {
    const message = "the scripted answer is not JSON, though a schema was asked for"
    throw new FaultError({ _tag: "InvalidOutput", message, value: text, issues: [{ at: "", message }], retry: "yes" })
  }
}
