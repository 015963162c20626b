import { formatDuration } from "../../../data/duration.js"
import { asText, isRecord } from "../../../data/json.js"
import { type Document, isCommandAgent, isHttpAgent, isModelAgent, type ProviderSettings } from "../../document.js"
import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { sameData } from "../../said.js"
import type { Change } from "./compare.js"

type Facts = Readonly<Record<string, unknown>>
type Named = Readonly<Record<string, Facts>>

/** What changed in a document around its flow: schemas, parameters, agents, providers. Secrets are compared, never told. */
export function aroundFlow(before: Document, after: Document): Change[] {
  const whole = ({ input, output }: Document): Facts => ({ "input schema": input, "output schema": output })
  return [
    ...facts("the document", "", whole(before), whole(after)),
    ...members("parameter", "params", params(before), params(after)),
    ...members("agent", "agents", agents(before), agents(after)),
    ...members("provider", "providers", providers(before), providers(after)),
  ]
}

const mapped = <V>(of: Readonly<Record<string, V>>, facts: (value: V) => Facts): Named =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, facts(value)]))

const params = (document: Document): Named =>
  mapped(document.params, (schema) => (isRecord(schema) ? schema : { schema }))
const agents = (document: Document): Named => mapped(document.agents, agentFacts)
const providers = (document: Document): Named => mapped(document.providers, providerFacts)

function agentFacts(ref: AnyAgentRef): Facts {
  const { input, output, caps, timeout } = ref
  const declared = { "input schema": input?.json, "output schema": output?.json, caps, timeout }
  if (isCommandAgent(ref)) return { command: ref.command.map(({ source }) => source), ...declared }
  if (isHttpAgent(ref)) {
    const { method, url, headers = {}, body } = ref
    const sent = Object.fromEntries(Object.entries(headers).map(([name, { source }]) => [name, source]))
    return { method, address: url.source, headers: sent, body: body?.source, ...declared }
  }
  if (!isModelAgent(ref)) return { name: ref.name, ...declared }
  const { provider, model, systemPrompt, prompt, temperature, maxTokens } = ref
  return {
    provider: provider.name,
    model,
    "system prompt": systemPrompt?.source,
    prompt: prompt?.source,
    temperature,
    "limit of tokens": maxTokens,
    ...declared,
  }
}

const providerFacts = ({ type, baseUrl, apiKey, timeout }: ProviderSettings): Facts => ({
  type,
  address: baseUrl?.source,
  key: apiKey?.source,
  timeout,
})

function members(kind: string, section: string, before: Named, after: Named): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name): readonly Change[] => {
    const [was, is] = [own(before, name), own(after, name)]
    const path = `${section}/${name}`
    if (was === undefined) return [{ kind: "added", path, message: `added: ${kind} ${name}` }]
    if (is === undefined) return [{ kind: "removed", path, message: `removed: ${kind} ${name}` }]
    return facts(`${kind} ${name}`, path, was, is)
  })
}

const own = (of: Named, name: string): Facts | undefined => (Object.hasOwn(of, name) ? of[name] : undefined)

function facts(of: string, path: string, before: Facts, after: Facts): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .filter((name) => !sameData(before[name], after[name]))
    .map((what) => {
      if (what === "key") return { kind: "changed", path, what, message: `the key of ${of} is taken from elsewhere` }
      const [was, is] = [told(what, before[what]), told(what, after[what])]
      const message =
        before[what] === undefined
          ? `${of} now has a ${what}: ${is}`
          : after[what] === undefined
            ? `${of} no longer has the ${what} ${was}`
            : `the ${what} of ${of} went from ${was} to ${is}`
      return { kind: "changed", path, what, before: was, after: is, message }
    })
}

function told(what: string, value: unknown): string {
  if (what === "timeout" && typeof value === "number") return formatDuration(value)
  const text = (value === undefined ? "none" : asText(value)).replace(/\s+/g, " ").trim()
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
