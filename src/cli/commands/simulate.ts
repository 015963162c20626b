import { systemClock } from "../../actor/clock.js"
import { AbortedError } from "../../data/fault.js"
import type { JsonSchema } from "../../data/schema.js"
import { formatSimulation } from "../../flow/interpret/simulate/format.js"
import { InvalidProfile } from "../../flow/interpret/simulate/profile.js"
import { type SimulateOptions as Options, simulate as simulateFlow } from "../../flow/interpret/simulate/simulate.js"
import { standIn } from "../../flow/interpret/simulate/stand-in.js"
import type { Simulation } from "../../flow/interpret/simulate/totals.js"
import type { AnyFlow } from "../../flow/types.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { onInterrupt } from "../interrupt.js"
import { loadWithHost, usable } from "../load.js"
import { readParams } from "../params.js"
import { printable } from "../printable.js"
import { readInput } from "../read-input.js"
import { readProfile, refusedProfile } from "../read-profile.js"
import { type Terminal, terminal } from "../terminal.js"

export interface SimulateOptions {
  readonly runs?: string
  readonly seed?: string
  readonly latency?: readonly string[]
  readonly profile?: string
  readonly input?: string
  readonly set?: readonly string[]
  readonly import?: string
  readonly json?: boolean
}

/** `troupe simulate`: how long a run takes, what it costs and how often it succeeds, if its agents behave so. */
export async function simulate(file: string, options: SimulateOptions): Promise<ExitCode> {
  try {
    return await simulated(file, options)
  } catch (error) {
    if (error instanceof InvalidProfile) throw refusedProfile(error, options.profile)
    if (!(error instanceof AbortedError)) throw error
    const { err, colors } = terminal()
    err(`${colors.yellow("interrupted")}\n`)
    return exitCodes.interrupted
  }
}

async function simulated(file: string, options: SimulateOptions): Promise<ExitCode> {
  const screen = terminal()
  const runs = whole("--runs", options.runs)
  const seed = whole("--seed", options.seed)
  const profiles = await readProfile(options.profile, options.latency ?? [])
  const document = usable(screen, await loadWithHost(file, options.import))
  if (document === undefined) return exitCodes.wrong
  const params = readParams(document, options.set ?? [])
  const input = await inputOf(options.input, document.input)
  const given = { ...(runs === undefined ? {} : { runs }), ...(seed === undefined ? {} : { seed }) }
  const found = await watched(screen, document.flow, { ...profiles, ...given, params, input })
  const table = (): string => formatSimulation(found).split("\n").map(printable).join("\n")
  screen.out(`${options.json === true ? JSON.stringify(found, null, 2) : table()}\n`)
  return exitCodes.done
}

function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new Refused(`${option} ${text}: expected a whole number`)
}

/** What the flow is given: without `--input`, a value that fits its schema. */
async function inputOf(given: string | undefined, schema: JsonSchema | undefined): Promise<unknown> {
  if (given !== undefined || schema === undefined) return readInput(given, schema)
  const made = standIn(schema)
  if ("value" in made) return made.value
  throw new Refused(`no input can be made from the flow's schema: ${made.problem}`, "give one with --input")
}

/** Simulates, tells after a second how far it is, and ends at Ctrl-C. */
async function watched(screen: Terminal, flow: AnyFlow, options: Options): Promise<Simulation> {
  const interrupt = new AbortController()
  const release = onInterrupt(() => interrupt.abort("interrupted"))
  let told = systemClock.elapsed()
  let drawn = false
  let every = 1_000
  const onProgress = (done: number): void => {
    const now = systemClock.elapsed()
    if (now - told < every) return
    told = now
    drawn = true
    every = screen.live ? 200 : 10_000
    const line = `… ${done.toLocaleString("en-US")} runs of ${(options.runs ?? 10_000).toLocaleString("en-US")}`
    screen.err(screen.live ? `\r${line}\u001B[K` : `${line}\n`)
  }
  try {
    return await simulateFlow(flow, { ...options, clock: systemClock, signal: interrupt.signal, onProgress })
  } finally {
    release()
    if (drawn && screen.live) screen.err("\r\u001B[K")
  }
}
