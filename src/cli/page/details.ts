import type { AnyAgentRef, Caps } from "../../data/agent-ref.js"
import { formatDuration } from "../../data/duration.js"
import { asText } from "../../data/json.js"
import { nodeOf } from "../../flow/build.js"
import { type Document, isModelAgent } from "../../flow/document.js"
import type { Expr } from "../../flow/expr.js"
import { walk } from "../../flow/fold.js"
import type { Agent, Code } from "../../flow/node.js"
import { codeWords } from "../../flow/interpret/explain-words.js"
import { originOf } from "../../serde/origin.js"

/** What is told of something: a label and a text, which is code where it is set as such. */
export interface Fact {
  readonly label: string
  readonly text: string
  readonly code?: true
}

/** What the page tells of a place in the flow, besides the outline. */
export interface Detail {
  /** As `line 12, column 7`; undefined where the place was not written. */
  readonly place?: string | undefined
  /** What was written there. */
  readonly source?: string | undefined
  /** The agent that is asked there. */
  readonly agent?: string
  /** What the step gives the agent in place of the agent's own. */
  readonly own?: readonly Fact[]
}

/** What is written of one place is cut after so many characters. */
const longest = 4_000

/** The details of places in the flow of a document. */
export function detailsOf(document: Document, paths: Iterable<string>): Readonly<Record<string, Detail>> {
  const asks = new Map<string, Agent>()
  walk(nodeOf(document.flow), (node, { path }) => {
    if (node._tag === "Agent") asks.set(path, node)
  })
  return Object.fromEntries(
    [...new Set(paths)].map((path) => {
      const position = document.at(path)
      const place = position && `line ${position.line}, column ${position.column}`
      const ask = asks.get(path)
      const asked = ask === undefined ? {} : { agent: ask.ref.name, own: ownFacts(ask) }
      return [path, { place, source: excerpt(document, path), ...asked }]
    }),
  )
}

/** The agents that are asked, and what each declares. */
export function agentsOf(document: Document): Readonly<Record<string, readonly Fact[]>> {
  const found = new Map<string, AnyAgentRef>()
  walk(nodeOf(document.flow), (node) => {
    if (node._tag === "Agent") found.set(node.ref.name, node.ref)
  })
  return Object.fromEntries([...found].map(([name, ref]) => [name, agentFacts(ref)]))
}

/** The text of a place, its lines moved to the left as far as its first one stands. */
function excerpt(document: Document, path: string): string | undefined {
  const origin = originOf(document)
  const range = origin?.at(path)?.range
  const position = document.at(path)
  if (origin?.source === undefined || range === undefined || position === undefined) return undefined
  const { text } = origin.source
  const written = text.slice(range.start, Math.min(range.end, range.start + longest)).trimEnd()
  const margin = new RegExp(`^[ ]{0,${position.column - 1}}`, "gm")
  return range.end - range.start > longest ? `${written.replace(margin, "")}…` : written.replace(margin, "")
}

function agentFacts(ref: AnyAgentRef): Fact[] {
  const { caps = {}, timeout, input, output } = ref
  const model = isModelAgent(ref) ? ref : undefined
  return [
    ...fact("kind", model === undefined ? "registered by the host's code" : "a model"),
    ...fact("model", model?.model),
    ...fact("provider", model && providerWords(model.provider)),
    ...fact("temperature", model?.temperature),
    ...fact("most tokens of an answer", model?.maxTokens),
    ...fact("deadline", timeout === undefined ? undefined : formatDuration(timeout)),
    ...fact("one ask takes", capsWords(caps)),
    ...code("system prompt", model?.systemPrompt && written(model.systemPrompt)),
    ...code("prompt", model?.prompt && written(model.prompt)),
    ...code("input schema", input && JSON.stringify(input.json, null, 2)),
    ...code("output schema", output && JSON.stringify(output.json, null, 2)),
  ]
}

function capsWords({ requests, tokens, usd, latency }: Caps): string {
  const most = [
    requests !== undefined &&
      (requests === 0 ? "no model call" : `at most ${requests} model ${requests === 1 ? "call" : "calls"}`),
    tokens !== undefined && requests !== 0 && `${tokens.toLocaleString("en-US")} tokens`,
    usd !== undefined && requests !== 0 && `$${usd}`,
    latency !== undefined && `at most ${formatDuration(latency)}`,
  ].filter((part) => typeof part === "string")
  return most.length === 0 ? "no declared bound" : most.join(", ")
}

const providerWords = ({ name, type }: { readonly name: string; readonly type: string }): string =>
  name === type ? name : `${name} (${type})`

function ownFacts({ override = {} }: Agent): Fact[] {
  const { prompt, systemPrompt, model, temperature, maxTokens } = override
  return [
    ...fact("model", model),
    ...fact("temperature", temperature),
    ...fact("most tokens of an answer", maxTokens),
    ...code("system prompt", systemPrompt && codeText(systemPrompt)),
    ...code("prompt", prompt && codeText(prompt)),
  ]
}

const fact = (label: string, value: string | number | undefined): Fact[] =>
  value === undefined ? [] : [{ label, text: String(value) }]
const code = (label: string, text: string | undefined): Fact[] =>
  text === undefined ? [] : [{ label, text, code: true }]

const written = ({ source }: Expr): string => (typeof source === "string" ? source : asText(source))
const codeText = (of: Code): string => ("source" in of ? written(of) : codeWords(of))
