import { FaultError, messageOf, type Verdict } from "../../data/fault.js"
import { isRecord } from "../../data/json.js"
import { CutOff, type Endpoint, hostOf } from "./endpoint.js"

/** What went wrong on the wire, read off whatever an SDK threw: both SDKs use the same fields. */
interface Trouble {
  readonly status: number | undefined
  /** The provider's own word for it, such as `insufficient_quota` or `overloaded_error`. */
  readonly kind: string | undefined
  /** The system's code of a broken connection, such as `ECONNREFUSED`. */
  readonly code: string | undefined
  readonly text: string
  readonly header: (name: string) => string | undefined
}

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"])
const slow = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"])
const passing = new Set(["overloaded_error", "api_error", "server_error", "timeout_error", "internal_server_error"])
const limited = new Set(["rate_limit_error", "rate_limit_exceeded", "requests", "tokens"])
const longest = 300

/**
 * The fault that an SDK's error means. Messages name the provider, the model and the host; never a key, nor the SDK's
 * error itself, whose fields hold the headers.
 *
 * @param now the time, in milliseconds since the epoch: for a `Retry-After` that is a date.
 */
export function modelFault(thrown: unknown, at: Endpoint, model: string, now: number): FaultError {
  if (thrown instanceof FaultError) return thrown
  const trouble = troubleOf(thrown)
  const host = hostOf(at.baseUrl)
  const who = `${at.provider} ${model}`
  const said = cut(redact(trouble.text, at.key)) // in this order: half a key is a key to whoever guesses the rest
  const cause = known({ status: trouble.status, kind: trouble.kind, code: trouble.code })
  const failed = (message: string, retry: Verdict): FaultError =>
    new FaultError({ _tag: "ModelFailed", provider: at.provider, model, message, cause, retry })

  if (trouble.code !== undefined && unreachable.has(trouble.code)) {
    const hint = at.type.hint === undefined ? "" : `; ${at.type.hint}`
    const message = `${who}: nobody answers at ${host} (${trouble.code})${hint}`
    return new FaultError({ _tag: "Unavailable", message, cause, retry: "yes" })
  }
  if (trouble.code !== undefined && slow.has(trouble.code)) {
    const message = `${who}: ${host} was silent for 300 s (${trouble.code})`
    return new FaultError({ _tag: "TimedOut", after: 300_000, message, cause, retry: "yes" })
  }
  if (trouble.status === 429 || (trouble.status === undefined && limited.has(trouble.kind ?? ""))) {
    const exhausted = trouble.kind === "insufficient_quota"
    const message = `${who}: ${exhausted ? "the quota is used up" : "too many requests"} at ${host}: ${said}`
    const retry = exhausted ? "no" : (retryAfter(trouble, now) ?? "yes")
    return new FaultError({ _tag: "RateLimited", message, cause, retry })
  }
  if (trouble.status === undefined) {
    if (trouble.kind !== undefined) {
      return failed(`${who}: ${host} broke off: ${said}`, passing.has(trouble.kind) ? "yes" : "no")
    }
    if (thrown instanceof CutOff || trouble.code !== undefined || isConnectionError(thrown)) {
      return failed(`${who}: the connection to ${host} broke: ${said}`, "yes")
    }
    if (isGarbled(thrown)) return failed(`${who}: ${host} gave what is no answer of its kind: ${said}`, "no")
    return failed(`${who}: ${said}`, "no")
  }
  const passes = trouble.status >= 500 || trouble.status === 408 || trouble.status === 409
  const retry = passes ? (retryAfter(trouble, now) ?? "yes") : "no"
  return failed(`${who}: ${trouble.status} from ${host}: ${said}${advice(trouble.status, at, model)}`, retry)
}

function advice(status: number, at: Endpoint, model: string): string {
  if (status === 401 || status === 403) {
    if (at.key !== undefined) return `; is the key ${at.type.keyEnv === undefined ? "" : `(${at.type.keyEnv}) `}right?`
    return "; no api_key was given for this base_url"
  }
  return status === 404 ? `; does it know the model ${JSON.stringify(model)}?` : ""
}

function troubleOf(thrown: unknown): Trouble {
  const body = field(thrown, "error")
  const inner = isRecord(body) && isRecord(body["error"]) ? body["error"] : body
  const status = field(thrown, "status")
  const headers = field(thrown, "headers")
  const said = isRecord(inner) && typeof inner["message"] === "string" ? inner["message"] : messageOf(thrown)
  return {
    status: typeof status === "number" ? status : undefined,
    kind: isRecord(inner) ? firstText(inner["code"], inner["type"]) : undefined,
    code: systemCode(thrown),
    text: said,
    header: (name) => (headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined),
  }
}

/** A system's code, from as deep as it was wrapped. */
function systemCode(thrown: unknown): string | undefined {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth++) {
    const code = field(error, "code")
    if (typeof code === "string" && /^(?:E[A-Z_]+|UND_ERR_[A-Z_]+)$/.test(code)) return code
    if (error instanceof AggregateError && error.errors.length > 0) error = error.errors[0]
    else error = error.cause
  }
  return undefined
}

const isConnectionError = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown.constructor.name.startsWith("APIConnection") || thrown.message === "terminated")

/** The wait that `Retry-After` asks for: seconds, or a date. */
function retryAfter(trouble: Trouble, now: number): Verdict | undefined {
  const exact = Number(trouble.header("retry-after-ms") ?? Number.NaN)
  if (Number.isFinite(exact)) return { after: Math.max(0, Math.round(exact)) }
  const text = trouble.header("retry-after")
  if (text === undefined || text.trim() === "") return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return { after: Math.max(0, Math.round(seconds * 1_000)) }
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : { after: Math.max(0, date - now) }
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** What an SDK throws that read an answer which is none: no JSON, or JSON without the parts it needs. */
const isGarbled = (thrown: unknown): boolean =>
  thrown instanceof SyntaxError || (thrown instanceof TypeError && /^Cannot read|no body$/.test(thrown.message))

/** A text without the key, were it echoed, and without what looks like one. */
function redact(text: string, key: string | undefined): string {
  const whole = key === undefined || key.length < 4 ? text : text.replaceAll(key, "[key]")
  return whole.replace(/\b(?:sk|key|Bearer)[-_ ][\w*.-]{6,}/g, "[key]")
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value !== "")
}

/** The entries that are known; `undefined` where none is. */
function known(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const kept = Object.entries(entries).filter(([, value]) => value !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
