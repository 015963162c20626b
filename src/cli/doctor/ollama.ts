import { systemClock } from "../../actor/clock.js"
import { providerType } from "../../agents/models/providers.js"
import { asText, isRecord } from "../../data/json.js"
import { type Document, isModelAgent, type ProviderSettings } from "../../flow/document.js"
import { isLoopback, valueOf } from "../permissions.js"
import { type Finding, missing, ok, optional } from "./finding.js"

type Env = Readonly<Record<string, string | undefined>>

const patience = 1_000

/** Whether the ollama of this machine answers, and has the models that a document names. Nothing where it names none. */
export async function ollamaModels(document: Document, env: Env): Promise<readonly Finding[]> {
  const agents = Object.values(document.agents).filter(isModelAgent)
  const servers = new Map<string, Set<string>>()
  for (const { provider, model } of agents) {
    if (provider.type !== "ollama") continue
    const address = addressOf(provider, env)
    if (address === undefined) continue
    servers.set(address, (servers.get(address) ?? new Set()).add(model ?? ""))
  }
  return (await Promise.all([...servers].map(([address, models]) => asked(address, models)))).flat()
}

function addressOf({ baseUrl }: ProviderSettings, env: Env): string | undefined {
  if (baseUrl === undefined) return providerType("ollama")?.baseUrl
  const address = valueOf(baseUrl, env) // undefined where it reads what is not set, which is told by its name
  return address !== undefined && URL.canParse(address) ? address : undefined
}

async function asked(address: string, models: ReadonlySet<string>): Promise<readonly Finding[]> {
  const { origin, hostname } = new URL(address)
  if (!isLoopback(hostname)) {
    // The address itself is not told: it may be made of what the environment holds.
    return [optional("ollama", "its address is not of this machine, and it was not asked", "see that it runs there")]
  }
  const installed = await modelsAt(origin)
  if (installed === undefined) {
    return [missing("ollama", `nobody answers at ${origin}`, "ollama serve (https://ollama.com)")]
  }
  const absent = [...models].filter((model) => !installed.some((one) => one === model || one === `${model}:latest`))
  return [
    ok("ollama", `it answers at ${origin}`),
    ...absent.map((model) => missing("ollama", `${origin} has no model ${model}`, `ollama pull ${model}`)),
  ]
}

/** The names of the models at an address; undefined where nobody answers in a second, or not as ollama does. */
async function modelsAt(origin: string): Promise<readonly string[] | undefined> {
  const late = new AbortController()
  const release = systemClock.after(patience, () => late.abort())
  try {
    const response = await fetch(`${origin}/api/tags`, { signal: late.signal, redirect: "error" })
    const said: unknown = await response.json()
    const models: unknown = isRecord(said) ? said["models"] : undefined
    return Array.isArray(models) ? models.map((one: unknown) => (isRecord(one) ? asText(one["name"]) : "")) : undefined
  } catch {
    return undefined
  } finally {
    release()
  }
}
