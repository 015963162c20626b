import { parse as yaml } from "yaml"
import { isRecord } from "../../src/data/json.js"
import type { Document } from "troupe"
import { parse, type Registry } from "troupe/serde"
import { type ScriptedReply, type ScriptedServer, scriptedServer } from "troupe/testing"

/** What each agent answers, call by call; the last answer again where it is called more often. */
export type Answers = Readonly<Record<string, readonly (string | ScriptedReply)[]>>

export interface Scripted extends AsyncDisposable {
  readonly document: Document
  /** Which agents were asked, in the order in which their requests came. */
  readonly asked: () => readonly string[]
  /** What an agent was sent, call by call: its system text and its messages, as the provider gets them. */
  readonly sent: (agent: string) => readonly string[]
}

/** What the system that runs it must find in its environment. */
export const env = { SCRIPTED_KEY: "test" }

/**
 * A document whose models are played by a server on loopback, through the real clients of its providers. An agent's
 * model is called by the agent's own name, by which the server knows who asks.
 */
export async function scripted(text: string, names: Registry, answers: Answers): Promise<Scripted> {
  const calls = new Map<string, number>()
  const server = await scriptedServer(({ body }) => {
    const agent = String(body["model"])
    const call = calls.get(agent) ?? 0
    calls.set(agent, call + 1)
    const script = answers[agent] ?? []
    return script[call] ?? script.at(-1) ?? { status: 500, error: { type: "script", message: `no answer of ${agent}` } }
  })
  const parsed = parse(JSON.stringify(played(yaml(text), server)), names, { file: "scripted.json" })
  if (parsed._tag === "Left") throw new Error(parsed.left.map(({ message }) => message).join("\n"))
  return {
    document: parsed.right,
    asked: () => server.requests.map(({ body }) => String(body["model"])),
    sent: (agent) =>
      server.requests
        .filter(({ body }) => body["model"] === agent)
        .map(({ body }) => JSON.stringify([body["system"], body["messages"]])),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

function played(document: unknown, { anthropicUrl, openaiUrl }: ScriptedServer): unknown {
  if (!isRecord(document) || !isRecord(document["agents"])) return document
  const agents = Object.entries(document["agents"]).flatMap(([name, agent]) =>
    isRecord(agent) ? [{ name, agent }] : [],
  )
  const types = agents.map(({ agent }) => String(agent["provider"]))
  return {
    ...document,
    agents: Object.fromEntries(agents.map(({ name, agent }) => [name, { ...agent, model: name }])),
    providers: Object.fromEntries(
      types.map((type) => [
        type,
        { type, base_url: type === "anthropic" ? anthropicUrl : openaiUrl, api_key: "${env.SCRIPTED_KEY}" },
      ]),
    ),
  }
}
