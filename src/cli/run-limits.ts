import { parseDuration } from "../data/duration.js"
import type { Fault } from "../data/fault.js"
import type { Document } from "../flow/document.js"
import type { Cost } from "../flow/interpret/cost.js"
import type { Limits } from "../flow/node.js"
import { Refused } from "./exit.js"
import { type GateOptions, readGate, tooMuch } from "./gate.js"

export type RunLimitOptions = { readonly timeout?: string } & Omit<GateOptions, "maxRequests">

/** What a whole run may take, as the command line says it. */
export interface RunLimits {
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly most: ReadonlyMap<string, number>
}

/** `--timeout 30s`, `--max-usd`, `--max-calls`, `--max-tokens`. Refuses what is no duration and no amount. */
export function readRunLimits({ timeout: text, ...options }: RunLimitOptions): RunLimits {
  const timeout = text === undefined ? undefined : parseDuration(text)
  if (text !== undefined && (timeout === undefined || timeout === 0)) {
    throw new Refused(`--timeout ${text}: expected a duration, such as 30s or 5m`)
  }
  return { timeout, most: readGate(options) }
}

/** The document with its flow inside of the limits: nothing in the flow takes more, whatever it says itself. */
export function limited(document: Document, { timeout, most }: RunLimits): Document {
  const limits: Limits = Object.fromEntries(most)
  let { flow } = document
  if (most.size > 0) flow = flow.limit(limits)
  if (timeout !== undefined) flow = flow.timeout(timeout)
  return { ...document, flow }
}

/** Why a run need not begin: even the least that it takes is more than it may. */
export const beyond = ({ least }: Cost, { most }: RunLimits): readonly string[] => tooMuch(least, most)

/** Which option ended a run, where one did. */
export function limitOf({ _tag, path, message }: Fault, options: RunLimitOptions): string | undefined {
  if (_tag === "TimedOut" && path === "" && options.timeout !== undefined) return `--timeout ${options.timeout}`
  if (_tag !== "BudgetExceeded" || !message.includes("the limit at the root")) return undefined
  const { maxCalls, maxTokens, maxUsd } = options
  const given = [
    ...(maxCalls === undefined ? [] : [`--max-calls ${maxCalls}`]),
    ...(maxTokens === undefined ? [] : [`--max-tokens ${maxTokens}`]),
    ...(maxUsd === undefined ? [] : [`--max-usd ${maxUsd}`]),
  ]
  return given.length === 0 ? undefined : given.join(", ")
}
