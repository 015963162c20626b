import type { AnyAgentRef } from "../../data/agent-ref.js"
import { asText, isRecord, type JsonObject } from "../../data/json.js"
import { jsonSchema } from "../../data/schema.js"
import { isModelAgent, type ModelAgent, type ProviderSettings } from "../../flow/document.js"
import { writeText } from "../expressions.js"
import { listed, suggestion } from "../suggest.js"
import { entry, kindOf, type Mapping, type Tree } from "../tree.js"
import { textTemplate } from "./code.js"
import { encodeFields, misspelt, optional, record, required, snake } from "./field.js"
import { isFromEnv, reads } from "./in-scope.js"
import { outsideSchemas, readCommand, readHttp, writeOutside } from "./outside-agents.js"
import type { Reader } from "./reader.js"
import { duration, integer, listOf, number, oneOf, text } from "./scalars.js"
import { schemaField } from "./schemas.js"

/** An agent of the document that stands for one of the registry, with settings of its own. */
export type UsedAgent = AnyAgentRef & {
  /** The name of the other in the registry. */
  readonly use: string
  /** Milliseconds for one ask. */
  readonly timeout?: number
}

const providerTypes = ["openai", "anthropic", "ollama", "gemini", "mistral", "openrouter", "local"] as const

const provider = record("a provider", {
  type: required(oneOf(providerTypes), "what it speaks", { example: "openai" }),
  baseUrl: optional(textTemplate, "where it is, if not at the usual place; may read `env`", {
    example: "http://localhost:8000/v1",
  }),
  apiKey: optional(textTemplate, "the key, as `${env.NAME}`", { example: "${env.OPENAI_API_KEY}" }),
  timeout: optional(duration, "the longest that one call may take", { example: "60s" }),
})

const model = record("a model agent", {
  id: optional(text, "its name, where agents are a list"),
  provider: optional(
    text,
    "a provider of the document, or the type of one; `default_provider` by default, else `ollama`",
    { example: "anthropic" },
  ),
  model: optional(text, "the model's id; `local` alone needs none", { example: "claude-sonnet-4-5" }),
  systemPrompt: optional(textTemplate, "what it is told first; may read `value`, `params`, `env`", {
    example: "You write one clear paragraph.",
  }),
  prompt: optional(
    textTemplate,
    "the user message; may read `value`, `params`, `env`; by default what arrives, a text as it is, anything else as JSON",
    { example: "Write about ${value}." },
  ),
  temperature: optional(number(0, 2), "how freely it answers", { standard: 0.7, example: 0.2 }),
  maxTokens: optional(integer(1), "the longest answer, in tokens", { standard: 4096, example: 800 }),
  timeout: optional(duration, "the longest that one ask may take; no limit by default", { example: "60s" }),
  input: optional(schemaField, "the schema of what it takes", { example: { type: "string" } }),
  output: optional(
    schemaField,
    "the schema of what it gives: the model is asked for JSON that fits; without it, it answers in text",
    { example: { type: "object", properties: { text: { type: "string" } }, required: ["text"] } },
  ),
  dependsOn: optional(listOf(text, "agents"), "in a document without a flow: agents that must have ended before it"),
})

const used = record("an agent that uses another", {
  id: optional(text, "its name, where agents are a list"),
  use: required(text, "an agent of the registry", { example: "fusion" }),
  timeout: optional(duration, "the longest that one ask may take; no limit by default", { example: "30s" }),
  dependsOn: optional(listOf(text, "agents"), "in a document without a flow: agents that must have ended before it"),
})

/** The forms of this section, for the JSON Schema of the format. */
export const agentSchema: JsonObject = { anyOf: [model.schema, used.schema, ...outsideSchemas] }
export const providerSchema: JsonObject = provider.schema

export function readProviders(tree: Tree, cx: Reader): Map<string, ProviderSettings> {
  const found = new Map<string, ProviderSettings>()
  if (tree.kind !== "mapping") {
    cx.wrong(tree, `providers is ${kindOf(tree)}`, "a mapping of names to providers")
    return found
  }
  for (const { key: name, value } of tree.entries) {
    const settings = provider.decode(value, cx)
    if (settings === undefined) continue
    const key = value.kind === "mapping" ? entry(value, "api_key")?.value : undefined
    if (key !== undefined && !isFromEnv(asText(settings.apiKey?.source))) {
      cx.report.at(key, {
        code: "secret",
        message: "a key is written into the document",
        expected: "the name of a variable of the environment",
        hint: "write `api_key: ${env.NAME}` and set NAME where the flow runs",
      })
    }
    reads(settings.baseUrl, ["env"], cx)
    reads(settings.apiKey, ["env"], cx)
    found.set(name, { name, ...settings })
  }
  return found
}

interface Providers {
  readonly declared: ReadonlyMap<string, ProviderSettings>
  readonly standard: string | undefined
}

/** The agents of a document, by name; `undefined` for one that is wrong. */
export function readAgents(tree: Tree, providers: Providers, cx: Reader): Map<string, AnyAgentRef | undefined> {
  const found = new Map<string, AnyAgentRef | undefined>()
  if (tree.kind === "scalar") {
    cx.wrong(tree, `agents is ${kindOf(tree)}`, "a mapping of names to agents, or a list of agents with `id`")
  } else if (tree.kind === "mapping") {
    for (const { key, value } of tree.entries) found.set(key, readAgent(key, value, providers, cx))
  } else {
    for (const item of tree.items) {
      const id = item.kind === "mapping" ? entry(item, "id")?.value : undefined
      if (id?.kind !== "scalar" || typeof id.value !== "string") {
        const message = "an agent of a list needs the key `id`, a text"
        cx.report.at(id ?? item, { code: "missing_key", message, hint: "add `id:`, the name that steps call it by" })
      } else if (found.has(id.value)) {
        cx.report.at(id, { code: "duplicate", message: `two agents have the id \`${id.value}\``, hint: "rename one" })
      } else found.set(id.value, readAgent(id.value, item, providers, cx))
    }
  }
  return found
}

function readAgent(name: string, tree: Tree, providers: Providers, cx: Reader): AnyAgentRef | undefined {
  if (tree.kind !== "mapping") {
    return cx.wrong(
      tree,
      `the agent \`${name}\` is ${kindOf(tree)}`,
      "a mapping with `model`, `command`, `http` or `use`",
    )
  }
  if (entry(tree, "command") !== undefined) return readCommand(name, tree, cx)
  if (entry(tree, "http") !== undefined) return readHttp(name, tree, cx)
  return entry(tree, "use") === undefined ? readModel(name, tree, providers, cx) : readUsed(name, tree, cx)
}

function readUsed(name: string, tree: Mapping, cx: Reader): UsedAgent | undefined {
  const said = used.decode(tree, cx)
  if (said === undefined) return undefined
  const of = cx.known.names.agents.get(said.use)
  if (of === undefined) {
    const known = [...cx.known.names.agents.keys()]
    return cx.report.at(entry(tree, "use")?.value ?? tree, {
      code: "unknown_agent",
      message: `no agent of the registry is called \`${said.use}\``,
      hint: suggestion(said.use, known),
    })
  }
  // What the host's agent is made of stays, so that whoever runs agents needs to know nothing of documents.
  return { ...of, name, use: of.name, ...(said.timeout === undefined ? {} : { timeout: said.timeout }) }
}

function readModel(name: string, tree: Mapping, providers: Providers, cx: Reader): ModelAgent | undefined {
  const said = model.decode(tree, cx)
  const settings = providerOf(tree, said?.provider, providers, cx)
  if (said === undefined || settings === undefined) return undefined
  if (said.model === undefined && settings.type !== "local") {
    if (misspelt(tree, "model", Object.keys(model.fields).map(snake))) return undefined
    return cx.report.at(tree, {
      code: "missing_key",
      message: `the agent \`${name}\` needs the key \`model\``,
      hint: "or `use:` for an agent of the registry",
    })
  }
  const { id: _, provider: __, dependsOn: ___, model: id, input, output, ...rest } = said
  reads(rest.prompt, ["value", "params", "env"], cx)
  reads(rest.systemPrompt, ["value", "params", "env"], cx)
  return {
    _tag: "AgentRef",
    kind: "model",
    name,
    provider: settings,
    model: id,
    ...rest,
    ...(input === undefined ? {} : { input: jsonSchema(input) }),
    ...(output === undefined ? {} : { output: jsonSchema(output) }),
    caps: settings.type === "local" ? { requests: 1, usd: 0 } : { requests: 1 },
  }
}

function providerOf(
  tree: Mapping,
  named: string | undefined,
  { declared, standard }: Providers,
  cx: Reader,
): ProviderSettings | undefined {
  const name = named ?? standard ?? "ollama"
  const settings = known(name, declared)
  if (settings !== undefined || named === undefined) return settings // the default one is judged where it is written
  return unknownProvider(name, entry(tree, "provider")?.value ?? tree, declared, cx)
}

function known(name: string, declared: Providers["declared"]): ProviderSettings | undefined {
  const builtIn = providerTypes.find((type) => type === name)
  return declared.get(name) ?? (builtIn === undefined ? undefined : { name, type: builtIn })
}

function unknownProvider(name: string, tree: Tree, declared: Providers["declared"], cx: Reader): undefined {
  const all = [...new Set([...declared.keys(), ...providerTypes])]
  return cx.report.at(tree, {
    code: "unknown_provider",
    message: `no provider is called \`${name}\``,
    expected: `one of ${listed(all)}`,
    hint: suggestion(name, all),
  })
}

/** The default provider is one that the document declares, or one that is built in. */
export function checkStandard({ standard, declared }: Providers, tree: Tree, cx: Reader): void {
  if (standard !== undefined && known(standard, declared) === undefined) unknownProvider(standard, tree, declared, cx)
}

/** An agent of a document as it is written; `undefined` for one of the host's. */
export function writeAgent(ref: AnyAgentRef): JsonObject | undefined {
  if (isUsed(ref)) return encodeFields(used.fields, { use: ref.use, timeout: ref.timeout })
  if (!isModelAgent(ref)) return writeOutside(ref)
  const { provider, model: id, systemPrompt, prompt, temperature, maxTokens, timeout, input, output } = ref
  return encodeFields(model.fields, {
    provider: provider.name,
    model: id,
    systemPrompt: systemPrompt && writeText(systemPrompt),
    prompt: prompt && writeText(prompt),
    temperature,
    maxTokens,
    timeout,
    input: input?.json,
    output: output?.json,
  })
}

export function writeProvider({ baseUrl, apiKey, timeout, type }: ProviderSettings): JsonObject {
  const written = encodeFields(provider.fields, {
    type: providerTypes.find((one) => one === type) ?? "openai",
    baseUrl: baseUrl && writeText(baseUrl),
    apiKey: apiKey && writeText(apiKey),
    timeout,
  })
  return { ...written, type }
}

const isUsed = (ref: AnyAgentRef): ref is UsedAgent => isRecord(ref) && typeof ref["use"] === "string"
