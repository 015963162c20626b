import { providerType, providerTypes } from "../../agents/models/providers.js"
import { asText } from "../../data/json.js"
import { type Document, isModelAgent, type ProviderSettings } from "../../flow/document.js"
import type { Expr } from "../../flow/expr.js"
import { unsetVariables } from "../../serde/variables.js"
import { type Finding, missing, ok, optional } from "./finding.js"

type Env = Readonly<Record<string, string | undefined>>

/** The variables of the environment that a document reads: whether each is set, never what it is. */
export function documentKeys(document: Document, env: Env): readonly Finding[] {
  const untested = new Set(
    unsetVariables(document, env).map(({ expr, start, end }) => asText(expr?.source).slice(start, end)),
  )
  return [...readers(document)].map(([name, who]) => {
    if ((env[name] ?? "") !== "") return ok(name, `set, for ${who.join(", ")}`)
    const message = `not set; ${who.join(", ")} ${who.length === 1 ? "reads" : "read"} it`
    const tested = Object.hasOwn(env, name) || !untested.has(name)
    return tested && !isKey(document, name)
      ? optional(name, message, `export ${name}=…`)
      : missing(name, message, `export ${name}=…`)
  })
}

/** Without a document: the keys of every known type of provider. */
export const knownKeys = (env: Env): readonly Finding[] =>
  Object.entries(providerTypes).flatMap(([type, { keyEnv: name }]) => {
    if (name === undefined) return []
    const set = (env[name] ?? "") !== ""
    return set ? ok(name, `set, for ${type}`) : optional(name, `not set; models of ${type} need it`, `export ${name}=…`)
  })

/** The variable that a provider's own key is in, where it takes that. */
function ownKey({ type, baseUrl, apiKey }: ProviderSettings): string | undefined {
  return baseUrl === undefined && apiKey === undefined ? providerType(type)?.keyEnv : undefined
}

const used = (document: Document): readonly ProviderSettings[] => [
  ...new Map(
    Object.values(document.agents)
      .filter(isModelAgent)
      .map(({ provider }) => [provider.name, provider]),
  ).values(),
]

const isKey = (document: Document, name: string): boolean =>
  used(document).some((provider) => ownKey(provider) === name || named(provider.apiKey).includes(name))

/** The variables that an expression names. */
const named = (expr: Expr | undefined): readonly string[] =>
  [...asText(expr?.source ?? "").matchAll(/\benv\.([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? [])

/** Each variable with who reads it: `provider openai`, `agent editor`. */
function readers(document: Document): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>()
  const add = (name: string, who: string): void => {
    const before = all.get(name) ?? []
    if (!before.includes(who)) all.set(name, [...before, who])
  }
  for (const provider of used(document)) {
    const own = ownKey(provider)
    const names = [...(own === undefined ? [] : [own]), ...named(provider.baseUrl), ...named(provider.apiKey)]
    for (const name of names) add(name, `provider ${provider.name}`)
  }
  for (const { name, prompt, systemPrompt } of Object.values(document.agents).filter(isModelAgent)) {
    for (const variable of [...named(prompt), ...named(systemPrompt)]) add(variable, `agent ${name}`)
  }
  return all
}
