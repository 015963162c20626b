import type { Cancel } from "../data/cancel.js"
import type { Clock } from "../data/clock.js"
import { FaultError, messageOf, type Verdict } from "../data/fault.js"
import { asText } from "../data/json.js"
import type { HttpAgent } from "../flow/document.js"
import type { Scope } from "../flow/expr.js"
import type { Answer, Ask } from "../flow/runtime.js"
import { mostBytes, readJson, textOf, tooMuch, valueOf, wantsJson } from "./spoken-answer.js"

/** How many redirects are followed. */
const mostRedirects = 5

/** How much of an answer that says no is told. */
const told = 300

interface Request {
  readonly url: URL
  readonly init: RequestInit & { readonly headers: Headers }
  /** What must not be told. */
  readonly secrets: readonly string[]
}

/** Answers an ask with one request. An answer that is no success is a fault that says whether another try may help. */
export async function askHttp(agent: HttpAgent, ask: Ask, scope: Scope, clock: Clock, cancel: Cancel): Promise<Answer> {
  const request = requestOf(agent, ask, scope)
  try {
    const response = await sent(agent, request, cancel.signal)
    const text = await body(agent, response)
    if (!response.ok) throw refused(agent, request, response, text, clock.now())
    return { value: answerOf(agent, response, text) }
  } catch (thrown) {
    if (thrown instanceof FaultError || cancel.cancelled) throw thrown
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
    const message = `${request.url.host} cannot be reached: ${hidden(messageOf(cause), request)}`
    throw new FaultError({ _tag: "Unavailable", message, retry: "yes" })
  }
}

/** The request in full. What a value puts into the address is percent-encoded: it chooses no host, no path, no parameter. */
function requestOf(agent: HttpAgent, ask: Ask, scope: Scope): Request {
  const { address, method } = agent
  const secrets: string[] = []
  const text = (expr: HttpAgent["url"], what: string): string => {
    const value = textOf(expr, scope, what)
    if (expr.names.includes("env")) secrets.push(value, value.replace(/^\w+ /, ""))
    return value
  }
  const written = address
    .map((part) => {
      if (typeof part === "string") return part
      const value = text(part.expr, "url")
      return part.encode ? encodeURIComponent(value) : value
    })
    .join("")
  if (!URL.canParse(written) || !/^https?:$/.test(new URL(written).protocol)) {
    const message = `its url is no address of http or https`
    throw new FaultError({ _tag: "ExpressionFailed", source: asText(agent.url.source), message, retry: "no" })
  }
  // What is encoded keeps its dots, and two of them would lead out of the path.
  if (address.length > 1 && /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(written.replace(/[?#].*$/, ""))) {
    const message = `its url has a part that is . or .. by what it is given`
    throw new FaultError({ _tag: "InvalidInput", message, value: ask.input, issues: [], retry: "no" })
  }
  const headers = new Headers()
  for (const [name, expr] of Object.entries(agent.headers ?? {})) setHeader(headers, name, text(expr, `header ${name}`))
  const init = { method, headers, redirect: "manual" as const }
  if (method === "GET" || method === "HEAD") return { url: new URL(written), init, secrets }
  const value: unknown = agent.body === undefined ? ask.input : valueOf(agent.body, scope, "body")
  if (agent.body?.names.includes("env")) secrets.push(asText(value))
  const isText = typeof value === "string"
  if (!headers.has("content-type"))
    headers.set("content-type", isText ? "text/plain; charset=utf-8" : "application/json")
  return { url: new URL(written), init: { ...init, body: asText(value) }, secrets }
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    const message = `the header ${name} has a value that no header may have`
    throw new FaultError({ _tag: "ExpressionFailed", source: name, message, retry: "no" })
  }
}

/** Sends it, and follows redirects on the same host: what is sent may hold a secret, and is meant for that host alone. */
async function sent(agent: HttpAgent, { url, init }: Request, signal: AbortSignal): Promise<Response> {
  let at = url
  let how: RequestInit = init
  for (let turn = 0; ; turn++) {
    const response = await fetch(at, { ...how, signal })
    const location = response.headers.get("location")
    if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return response
    await response.body?.cancel()
    const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined
    if (next === undefined || next.origin !== url.origin) {
      const where = next === undefined ? "to what is no address" : `to ${next.origin}`
      throw failed(agent, `${url.host} redirects ${where}: a redirect off the host is not followed`, "no")
    }
    if (turn === mostRedirects) throw failed(agent, `${url.host} redirects more than ${mostRedirects} times`, "no")
    const isKept = response.status !== 303 && (response.status > 303 || init.method !== "POST")
    if (!isKept && init.method !== "HEAD") how = { method: "GET", headers: init.headers, redirect: "manual" }
    at = next
  }
}

async function body(agent: HttpAgent, response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) throw tooMuch(agent)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

/** JSON where the agent declares an output that is no text, or where it declares none and the answer says that it is. */
function answerOf(agent: HttpAgent, response: Response, text: string): unknown {
  if (wantsJson(agent)) return readJson(text)
  const isJson = /^application\/(?:[\w.+-]*\+)?json\b/i.test(response.headers.get("content-type") ?? "")
  return agent.output === undefined && isJson ? readJson(text) : text
}

function refused(agent: HttpAgent, request: Request, response: Response, text: string, now: number): FaultError {
  const { status, headers } = response
  const said = hidden(text.replaceAll(/\s+/g, " ").trim(), request)
  const why = said === "" ? "" : `: ${said.length > told ? `${said.slice(0, told)}…` : said}`
  const message = `${request.url.host} answered ${status}${why}`
  const wait = retryAfter(headers.get("retry-after"), now)
  if (status === 429) {
    const retry = wait ?? "yes"
    return new FaultError({ _tag: "RateLimited", message, retry })
  }
  return failed(agent, message, status >= 500 ? (wait ?? "yes") : "no")
}

const failed = ({ name }: HttpAgent, message: string, retry: Verdict): FaultError =>
  new FaultError({ _tag: "AgentFailed", agent: name, message, retry })

/** A text without what the environment gave to the request. */
const hidden = (text: string, { secrets }: Request): string =>
  secrets.filter((one) => one.length > 3).reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text)

/** The wait that `Retry-After` asks for: seconds, or a date. */
function retryAfter(text: string | null, now: number): Verdict | undefined {
  if (text === null || text.trim() === "") return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return { after: Math.max(0, Math.round(seconds * 1_000)) }
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : { after: Math.max(0, date - now) }
}
