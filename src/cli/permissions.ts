import { providerType, providerTypes } from "../agents/models/providers.js"
import type { Diagnostic } from "../data/diagnostic.js"
import { asText } from "../data/json.js"
import {
  type CommandAgent,
  type Document,
  type HttpAgent,
  isCommandAgent,
  isHttpAgent,
  isModelAgent,
  type ProviderSettings,
} from "../flow/document.js"
import type { Expr } from "../flow/expr.js"
import type { CheckProblem } from "../flow/interpret/check-findings.js"
import { diagnose } from "../serde/diagnose.js"
import { Refused } from "./exit.js"

// A document may come from anywhere. What it could use to carry a secret away, the user allows by name.

const kinds = ["command", "env", "net"] as const
export type Permission = (typeof kinds)[number]
const isPermission = (text: string): text is Permission => kinds.some((kind) => kind === text)

type Env = Readonly<Record<string, string | undefined>>

/** `--allow env,net`, once or more. */
export function readAllow(given: readonly string[]): ReadonlySet<Permission> {
  const names = given.flatMap((text) => text.split(",")).map((name) => name.trim())
  const allowed = names.filter(isPermission)
  const unknown = names.find((name) => !isPermission(name))
  if (unknown !== undefined)
    throw new Refused(`--allow ${unknown}: expected ${kinds.slice(0, -1).join(", ")} or ${kinds.at(-1)}`)
  return new Set(allowed)
}

/** The environment that a document gets to see: the keys of the known providers, unless more is allowed. */
export function visibleEnv(env: Env, allowed: ReadonlySet<Permission>): Env {
  if (allowed.has("env")) return env
  const keys = Object.values(providerTypes).flatMap(({ keyEnv }) => keyEnv ?? [])
  return Object.fromEntries(keys.map((name) => [name, env[name]]))
}

/** Whether anything of a document sends what it is given to a host, other than to a model. */
export const sendsRequests = ({ agents }: Document): boolean => Object.values(agents).some(isHttpAgent)

/** Something that a document would do and that nobody has allowed. */
export interface Wanted {
  readonly permission: Permission
  /** An error, with its place. */
  readonly diagnostic: Diagnostic
}

/** What a document would do that nobody has allowed. `local`: a stand-in answers for models, and calls no provider. */
export function notAllowed(
  document: Document,
  allowed: ReadonlySet<Permission>,
  env: Env,
  local: boolean,
): readonly Wanted[] {
  const models = local ? [] : Object.values(document.agents).filter(isModelAgent)
  const requests = Object.values(document.agents).filter(isHttpAgent)
  const commands = Object.values(document.agents).filter(isCommandAgent)
  const providers = new Map(models.map(({ provider }) => [provider.name, provider]))
  const problems: Readonly<Record<Permission, readonly CheckProblem[]>> = {
    command: commands.flatMap(starts),
    net: [...[...providers.values()].flatMap((provider) => elsewhere(provider, env)), ...requests.map(sends)],
    env: [
      ...models.flatMap(({ name, prompt, systemPrompt }) => [
        ...readsEnv(`agents.${name}.prompt`, prompt),
        ...readsEnv(`agents.${name}.system_prompt`, systemPrompt),
      ]),
      ...requests.flatMap(({ name, url, body, headers = {} }) => [
        ...readsEnv(`agents.${name}.http.url`, url, "a request"),
        ...readsEnv(`agents.${name}.http.body`, body, "a request"),
        ...Object.entries(headers).flatMap(([header, expr]) =>
          readsEnv(`agents.${name}.http.headers.${header}`, expr, "a request"),
        ),
      ]),
      ...[...providers.values()].flatMap((provider) => foreignKeys(provider, env)),
    ],
  }
  return kinds
    .filter((permission) => !allowed.has(permission))
    .flatMap((permission) => diagnose(document, problems[permission]).map((diagnostic) => ({ permission, diagnostic })))
}

/** A process runs with all that the user may do. */
function starts({ name, command }: CommandAgent): CheckProblem[] {
  const [program] = command
  if (program === undefined) return []
  const shown = command.map(({ source }) => asText(source)).join(" ")
  return [refused(`agents.${name}.command`, program, `the agent ${name} starts a process: ${shown}`, "command")]
}

function sends({ name, method, url }: HttpAgent): CheckProblem {
  return refused(`agents.${name}.http.url`, url, `the agent ${name} sends ${method} to ${asText(url.source)}`, "net")
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

const readsEnv = (path: string, expr: Expr | undefined, what = "a prompt"): CheckProblem[] =>
  expr?.names.includes("env") ? [refused(path, expr, `${what} reads the environment of this machine`, "env")] : []

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
