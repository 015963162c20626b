import { providerType, providerTypes } from "../agents/models/providers.js"
import type { Diagnostic } from "../data/diagnostic.js"
import { asText } from "../data/json.js"
import { type Document, isModelAgent, type ProviderSettings } from "../flow/document.js"
import type { Expr } from "../flow/expr.js"
import type { CheckProblem } from "../flow/interpret/check-findings.js"
import { diagnose } from "../serde/diagnose.js"
import { Refused } from "./exit.js"

// A document may come from anywhere. What it could use to carry a secret away, the user allows by name.

const kinds = ["env", "net"] as const
export type Permission = (typeof kinds)[number]
const isPermission = (text: string): text is Permission => kinds.some((kind) => kind === text)

type Env = Readonly<Record<string, string | undefined>>

/** `--allow env,net`, once or more. */
export function readAllow(given: readonly string[]): ReadonlySet<Permission> {
  const names = given.flatMap((text) => text.split(",")).map((name) => name.trim())
  const allowed = names.filter(isPermission)
  const unknown = names.find((name) => !isPermission(name))
  if (unknown !== undefined) throw new Refused(`--allow ${unknown}: expected ${kinds.join(" or ")}`)
  return new Set(allowed)
}

/** The environment that a document gets to see: the keys of the known providers, unless more is allowed. */
export function visibleEnv(env: Env, allowed: ReadonlySet<Permission>): Env {
  if (allowed.has("env")) return env
  const keys = Object.values(providerTypes).flatMap(({ keyEnv }) => keyEnv ?? [])
  return Object.fromEntries(keys.map((name) => [name, env[name]]))
}

/** What a document would do that nobody has allowed: an error each, with its place. */
export function notAllowed(document: Document, allowed: ReadonlySet<Permission>, env: Env): readonly Diagnostic[] {
  const agents = Object.values(document.agents).filter(isModelAgent)
  const providers = new Map(agents.map(({ provider }) => [provider.name, provider]))
  const problems = [
    ...(allowed.has("net") ? [] : [...providers.values()].flatMap((provider) => elsewhere(provider, env))),
    ...(allowed.has("env")
      ? []
      : agents.flatMap(({ name, prompt, systemPrompt }) => [
          ...readsEnv(`agents.${name}.prompt`, prompt),
          ...readsEnv(`agents.${name}.system_prompt`, systemPrompt),
        ])),
    ...(allowed.has("env") ? [] : [...providers.values()].flatMap((provider) => foreignKeys(provider, env))),
  ]
  return diagnose(document, problems)
}

const refused = (path: string, expr: Expr, message: string, permission: Permission): CheckProblem => ({
  severity: "error",
  code: "not_allowed",
  message,
  hint: `if you trust this document: --allow ${permission}`,
  path,
  expr,
  at: [],
  start: 0,
  end: asText(expr.source).length,
})

const readsEnv = (path: string, expr: Expr | undefined): CheckProblem[] =>
  expr?.names.includes("env") ? [refused(path, expr, "a prompt reads the environment of this machine", "env")] : []

/** The value of a provider's template; undefined where it cannot be computed, which is told elsewhere. */
export function valueOf(expr: Expr, env: Env): string | undefined {
  try {
    return asText(expr.evaluate({ has: (name) => name === "env", get: (name) => (name === "env" ? env : undefined) }))
  } catch {
    return undefined
  }
}

/** Whether a host name is of this machine. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host)

function elsewhere({ name, type, baseUrl }: ProviderSettings, env: Env): CheckProblem[] {
  const address = baseUrl && valueOf(baseUrl, env)
  if (baseUrl === undefined || address === undefined || !URL.canParse(address)) return []
  const { hostname, origin } = new URL(address)
  const own = providerType(type)?.baseUrl ?? ""
  if (isLoopback(hostname) || (URL.canParse(own) && new URL(own).origin === origin)) return []
  const message = `the provider ${name} sends to ${origin}, which is not the address of ${type}`
  return [refused(`providers.${name}.base_url`, baseUrl, message, "net")]
}

/** A provider may read the key of its own type. Anything else of the environment would go to it as well. */
function foreignKeys({ name, type, baseUrl, apiKey }: ProviderSettings, env: Env): CheckProblem[] {
  const own = providerType(type)?.keyEnv
  const visible = own === undefined ? {} : { [own]: env[own] }
  const parts = [
    [`providers.${name}.base_url`, baseUrl],
    [`providers.${name}.api_key`, apiKey],
  ] as const
  return parts.flatMap(([path, expr]) => {
    if (expr === undefined || !expr.names.includes("env") || valueOf(expr, visible) === valueOf(expr, env)) return []
    const expected = own === undefined ? "it needs no key" : `its own key is ${own}`
    return [refused(path, expr, `the provider ${name} reads the environment of this machine; ${expected}`, "env")]
  })
}
