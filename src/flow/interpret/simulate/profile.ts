import { isRecord, own } from "../../../data/json.js"
import { nearest } from "../../../data/nearest.js"
import type { Issue } from "../../../data/schema.js"
import { type Distribution, type Sampler, weighted } from "./distribution.js"
import type { Random } from "./random.js"
import { type Reading, readDistribution, weightOf, wrong } from "./read-distribution.js"

/** What an agent of a simulation answers, computed from its input. What it throws is the agent's failure. */
export type Answering = (input: unknown, random: Random) => unknown

/** How an agent behaves in a simulation. What is left out is what `default` says. */
export interface Profile {
  /** How long an ask takes, answered or failed. Else it takes no time. */
  readonly latency?: Distribution
  /** How many of its asks fail, from 0 to 1, with `Unavailable`, which another try may mend. Else none. */
  readonly failure?: number
  /** Tokens of an ask, in and out together. */
  readonly tokens?: Distribution
  /** US dollars of an ask. */
  readonly usd?: Distribution
  /** What it answers: one of these values, by their weights (1 where none is given), or what a function makes. */
  readonly output?: readonly { readonly value: unknown; readonly weight?: number }[] | Answering
}

/** Profiles by agent, as a file may hold them. `default` stands for every agent, and for what a profile leaves out. */
export interface Profiles {
  readonly agents?: Readonly<Record<string, Profile>>
  readonly default?: Profile
}

/** Thrown by `simulate` where what it was told cannot be: each mistake with its place, as a JSON pointer. */
export class InvalidProfile extends Error {
  override readonly name = "InvalidProfile"
  readonly issues: readonly Issue[]
  constructor(issues: readonly Issue[]) {
    super(issues.map(({ at, message }) => (at === "" ? message : `${at}: ${message}`)).join("\n"))
    this.issues = issues
  }
}

/** A profile, ready to be drawn from. */
export interface Behaviour {
  readonly latency?: Sampler
  readonly failure?: number
  readonly tokens?: Sampler
  readonly usd?: Sampler
  readonly output?: Answering
}

/** All profiles, ready to be drawn from. */
export interface Cast {
  /** Undefined where nothing is said of the agent. */
  of(agent: string): Behaviour | undefined
}

/** A key as a part of a JSON pointer. */
export const pointed = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1")

const closed = (value: object, keys: readonly string[], at: string, issues: Issue[]): void => {
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue
    const meant = nearest(key, keys)
    const hint = meant === undefined ? `expected ${keys.join(", ")}` : `did you mean ${meant}?`
    issues.push({ at: `${at}/${pointed(key)}`, message: `there is no such key: ${hint}` })
  }
}

const fields = ["latency", "failure", "tokens", "usd", "output"] as const

function answering(value: unknown, reading: Reading): Answering | undefined {
  if (typeof value === "function") return (input, random): unknown => value(input, random)
  const fits = (one: unknown): one is { readonly value: unknown; readonly weight?: unknown } =>
    isRecord(one) && Object.hasOwn(one, "value")
  if (!Array.isArray(value) || value.length === 0 || !value.every(fits)) {
    wrong(reading, "expected a list of { value, weight }")
    return undefined
  }
  const choices = value.map((one, i) => {
    const at = `${reading.at}/${i}`
    closed(one, ["value", "weight"], at, reading.issues)
    const weight = one.weight === undefined ? 1 : weightOf(one.weight, { ...reading, at: `${at}/weight` })
    return { weight, of: one.value }
  })
  if (!choices.some(({ weight }) => weight > 0)) wrong(reading, "expected a weight above 0")
  const choose = weighted(choices)
  return (_, random) => choose(random)
}

function behaviour(value: unknown, at: string, issues: Issue[]): Behaviour {
  if (!isRecord(value)) {
    issues.push({ at, message: `expected { ${fields.join(", ")} }` })
    return {}
  }
  closed(value, fields, at, issues)
  const reading = (key: string, unit: Reading["unit"]): Reading => ({ at: `${at}/${key}`, unit, issues })
  const { latency, failure, tokens, usd, output } = value
  if (failure !== undefined && !(typeof failure === "number" && failure >= 0 && failure <= 1)) {
    wrong(reading("failure", "plain"), `${JSON.stringify(failure)}: expected a share from 0, none, to 1, all`)
  }
  const answer = output === undefined ? undefined : answering(output, reading("output", "plain"))
  return {
    ...(latency === undefined ? {} : { latency: readDistribution(latency, reading("latency", "ms")) }),
    ...(typeof failure === "number" ? { failure } : {}),
    ...(tokens === undefined ? {} : { tokens: readDistribution(tokens, reading("tokens", "plain")) }),
    ...(usd === undefined ? {} : { usd: readDistribution(usd, reading("usd", "plain")) }),
    ...(answer === undefined ? {} : { output: answer }),
  }
}

/**
 * Reads profiles, whether a program or a file says them. Throws `InvalidProfile` with all mistakes at once.
 *
 * @param asked the agents of the flow; undefined where it may choose others while it runs.
 */
export function castOf(profiles: unknown, asked: readonly string[] | undefined): Cast {
  const issues: Issue[] = []
  const given = isRecord(profiles) ? profiles : {}
  if (!isRecord(profiles)) issues.push({ at: "", message: "expected { agents, default }" })
  closed(given, ["agents", "default"], "", issues)
  const agents = given["agents"] ?? {}
  if (!isRecord(agents)) issues.push({ at: "/agents", message: "expected profiles by the names of agents" })
  const others = given["default"] === undefined ? undefined : behaviour(given["default"], "/default", issues)
  const read: [string, Behaviour][] = Object.entries(isRecord(agents) ? agents : {}).map(([name, value]) => {
    const at = `/agents/${pointed(name)}`
    if (asked !== undefined && !asked.includes(name)) issues.push({ at, message: unknown(name, asked) })
    return [name, { ...others, ...behaviour(value, at, issues) }]
  })
  if (issues.length > 0) throw new InvalidProfile(issues)
  const known = Object.fromEntries(read)
  return { of: (agent) => own(known, agent) ?? others }
}

function assertProfiles(json: unknown): asserts json is Profiles {
  castOf(json, undefined)
}

/**
 * Profiles out of a file: what it held, once it is sure that `simulate` can read it.
 *
 * Throws `InvalidProfile` with all mistakes at once.
 *
 * @example
 * ```ts
 * import { readProfiles } from "troupe/flow"
 * const profiles = readProfiles(JSON.parse('{ "default": { "latency": "lognormal(2s, 6s)", "failure": 0.01 } }'))
 * profiles.default?.failure // 0.01
 * ```
 */
export function readProfiles(json: unknown): Profiles {
  assertProfiles(json)
  return json
}

function unknown(name: string, asked: readonly string[]): string {
  const meant = nearest(name, asked)
  if (meant !== undefined) return `the flow asks no agent ${name}: did you mean ${meant}?`
  const names = asked.slice(0, 8).join(", ")
  return `the flow asks no agent ${name}: it asks ${names === "" ? "none" : names}${asked.length > 8 ? ", …" : ""}`
}
