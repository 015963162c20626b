import { AbortedError, FaultError } from "../../data/fault.js"
import { isRecord } from "../../data/json.js"
import { fillSchema } from "../../data/fill-schema.js"
import type { Model, ModelRequest, ModelResult } from "./model.js"
import { sentencesOf } from "../../data/sentences.js"

/** How `local` is called, where it is not `local`. */
export interface LocalOptions {
  readonly provider?: string
  readonly model?: string
}

const longestProse = 3

/**
 * A model that needs no key and no network, to try out the wiring of a flow. It understands nothing: it answers with
 * sentences of its input, the same ones each time, and is marked `simulated`.
 *
 * Prose is the three sentences of the user's messages that share most with the system text, in the order of the input.
 * Of a message that is JSON, the texts in it are read. A schema is filled from the input: a string is the sentence that
 * shares most with the system text and the name of its property, a list of strings the best three, a number its minimum
 * or 0, a boolean true, an enum its first member that occurs in the input, else the first.
 *
 * @example
 * ```ts
 * import { local } from "troupe/agents"
 * const bees = { role: "user", content: "Ants march. Bees dance to tell where. Wasps sting. Bees hum." } as const
 * const answer = await local().call({ system: "What do bees do?", messages: [bees] })
 * answer.text // "Ants march. Bees dance to tell where. Bees hum."
 * ```
 */
export function local(options: LocalOptions = {}): Model {
  const { provider = "local", model = "extractive" } = options
  return {
    version: 1,
    provider,
    model,
    simulated: true,
    call: async (request) => answer(request, provider, request.model ?? model),
  }
}

function answer(request: ModelRequest, provider: string, model: string): ModelResult {
  const { cancel, onDelta, schema, system = "" } = request
  const input = request.messages
    .filter(({ role }) => role === "user")
    .map(({ content }) => textsOf(content))
    .join("\n")
  const sentences = sentencesOf(input)
  const filled = schema === undefined ? undefined : fillSchema(schema, { query: system, input, sentences })
  if (filled !== undefined && "problem" in filled) {
    const message = `${provider} cannot fill this schema: ${filled.problem}`
    throw new FaultError({ _tag: "ModelFailed", provider, model, message, retry: "no" })
  }
  const chunks = filled === undefined ? prose(sentences.all, sentences.rank(system)) : [JSON.stringify(filled.value)]
  for (const chunk of chunks) {
    if (cancel?.cancelled === true) throw new AbortedError(cancel.reason)
    onDelta?.(chunk)
  }
  if (cancel?.cancelled === true) throw new AbortedError(cancel.reason)
  const text = chunks.join("")
  return {
    text,
    ...(filled === undefined ? {} : { value: filled.value }),
    usage: { inputTokens: tokens(system) + tokens(input), outputTokens: tokens(text) },
    stopReason: "end",
  }
}

/** The best sentences, in their own order; joined, they are the text. */
function prose(all: readonly string[], ranked: readonly number[]): readonly string[] {
  const chosen = ranked.slice(0, longestProse).sort((a, b) => a - b)
  return chosen.map((index, i) => (i === 0 ? "" : " ") + (all[index] ?? ""))
}

/** The texts inside a message that is a JSON object or list, one a line; any other message as it is. */
function textsOf(content: string): string {
  if (!/^\s*[[{]/.test(content)) return content
  try {
    const texts: string[] = []
    collect(JSON.parse(content), texts)
    return texts.join("\n")
  } catch {
    return content
  }
}

function collect(json: unknown, into: string[]): void {
  if (typeof json === "string") into.push(json)
  else if (Array.isArray(json)) for (const item of json) collect(item, into)
  else if (isRecord(json)) for (const item of Object.values(json)) collect(item, into)
}

/** About four characters a token, as a rule of thumb. */
const tokens = (text: string): number => Math.ceil(text.length / 4)
