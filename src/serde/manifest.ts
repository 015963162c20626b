import type { AnyAgentRef, Caps } from "../data/agent-ref.js"
import { isRecord, type Json, type JsonObject, own } from "../data/json.js"
import { type JsonSchema, jsonSchema } from "../data/schema.js"
import { named } from "../flow/build.js"
import { type Registry, registry } from "./registry.js"

/** What `troupe.manifest.json` says of one agent. */
export interface AgentManifest {
  readonly input?: JsonSchema
  readonly output?: JsonSchema
  readonly caps?: Caps
}

/** The names and schemas of a host's code: enough to check, draw and price its flows without running any of it. */
export interface Manifest {
  readonly troupe: 1
  readonly agents: Readonly<Record<string, AgentManifest>>
  readonly functions: readonly string[]
}

/**
 * The manifest of a registry. Its keys are sorted, so that one registry has one text.
 *
 * @example
 * ```ts
 * import { defineAgent } from "troupe"
 * import { manifestOf, registry } from "troupe/serde"
 * const count = defineAgent({ name: "count", caps: { requests: 0 } }, (text: string) => text.length)
 * const { agents } = manifestOf(registry({ agents: [count] }))
 * agents // { count: { caps: { requests: 0 } } }
 * ```
 */
export function manifestOf(names: Registry): Manifest {
  const agents = [...names.agents.values()].sort(byName).map((ref) => [ref.name, agentManifest(ref)] as const)
  return { troupe: 1, agents: Object.fromEntries(agents), functions: [...names.functions.keys()].sort() }
}

const byName = (a: AnyAgentRef, b: AnyAgentRef): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

function agentManifest({ input, output, caps }: AnyAgentRef): AgentManifest {
  const taken = input?.json
  const given = output?.json
  return {
    ...(taken === undefined ? {} : { input: sortedSchema(taken) }),
    ...(given === undefined ? {} : { output: sortedSchema(given) }),
    ...(caps === undefined ? {} : { caps: sortedCaps(caps) }),
  }
}

const sortedCaps = ({ requests, tokens, usd, latency }: Caps): Caps => ({
  ...(requests === undefined ? {} : { requests }),
  ...(tokens === undefined ? {} : { tokens }),
  ...(usd === undefined ? {} : { usd }),
  ...(latency === undefined ? {} : { latency }),
})

const sortedSchema = (schema: JsonSchema): JsonSchema => (schema === true ? true : sortedObject(schema))

const sortedObject = (json: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(json)
      .sort()
      .map((key) => [key, sorted(json[key] ?? null)]),
  )

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map((item: Json) => sorted(item))
  return isObject(json) ? sortedObject(json) : json
}

const isObject = (json: Json): json is JsonObject => isRecord(json)

/** A registry of names that a manifest tells: its agents can be checked and priced, and are not here to be run. */
export function fromManifest(json: unknown): Registry {
  if (!isRecord(json) || json["troupe"] !== 1) throw new TypeError("expected { troupe: 1, agents, functions }")
  const { agents, functions } = json
  if (!isRecord(agents)) throw new TypeError("`agents`: expected an object of names to schemas")
  if (!Array.isArray(functions) || !functions.every((name) => typeof name === "string")) {
    throw new TypeError("`functions`: expected a list of names")
  }
  return registry({
    agents: Object.entries(agents).map(([name, about]) => known(name, about)),
    functions: functions.map((name) => named(name, () => unavailable(name))),
  })
}

function unavailable(name: string): never {
  throw new TypeError(`the function ${name} is known by name only: load the code that defines it`)
}

function known(name: string, about: unknown): AnyAgentRef {
  if (!isRecord(about)) throw new TypeError(`the agent ${JSON.stringify(name)}: expected an object`)
  const input = schemaOf(about["input"], name)
  const output = schemaOf(about["output"], name)
  const caps = own(about, "caps")
  return {
    _tag: "AgentRef",
    name,
    ...(input === undefined ? {} : { input: jsonSchema(input) }),
    ...(output === undefined ? {} : { output: jsonSchema(output) }),
    ...(isRecord(caps) ? { caps: numbers(caps, name) } : {}),
  }
}

function schemaOf(json: unknown, name: string): JsonSchema | undefined {
  if (json === undefined || json === true) return json
  if (isSchema(json)) return json
  throw new TypeError(`the agent ${JSON.stringify(name)}: a schema is an object`)
}

const isSchema = (json: unknown): json is JsonObject => isRecord(json)

function numbers(caps: Readonly<Record<string, unknown>>, name: string): Caps {
  const known = ["requests", "tokens", "usd", "latency"].flatMap((key) => {
    const value = caps[key]
    if (value === undefined) return []
    if (typeof value === "number" && value >= 0) return [[key, value] as const]
    throw new TypeError(`the agent ${JSON.stringify(name)}: caps.${key} is no number`)
  })
  return Object.fromEntries(known)
}
