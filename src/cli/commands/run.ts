import { systemClock } from "../../actor/clock.js"
import { AgentSystem } from "../../agents/system.js"
import { AbortedError, type Fault, FlowError } from "../../data/fault.js"
import type { Document } from "../../flow/document.js"
import { cost } from "../../flow/interpret/cost.js"
import { formatCost } from "../../flow/interpret/cost-format.js"
import type { Registry } from "../../serde/registry.js"
import { early, unlessItEnds } from "../early-end.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { manifestFile, manifestText } from "../host.js"
import { onInterrupt } from "../interrupt.js"
import { loadWithHost, unset, usable } from "../load.js"
import { readParams } from "../params.js"
import { eventText, Unprintable, valueText } from "../output.js"
import { printable } from "../printable.js"
import { Notices } from "../notices.js"
import { notAllowed, readAllow, visibleEnv } from "../permissions.js"
import { progress } from "../progress.js"
import { readIfThere } from "../read-file.js"
import { readInput } from "../read-input.js"
import { tellDiagnostic } from "../report.js"
import { spoken } from "../task-board.js"
import { type Terminal, terminal } from "../terminal.js"
import { Unfinished } from "../unfinished.js"

export interface RunOptions {
  readonly input?: string
  readonly set?: readonly string[]
  readonly models?: string
  readonly import?: string
  readonly runId?: string
  readonly allow?: readonly string[]
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `troupe run`: checks, prices, runs; the value on standard output, all else on standard error. */
export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const screen = terminal()
  if (options.models !== undefined && options.models !== "local") {
    throw new Refused(`--models ${options.models}: expected local`, "without it, each agent's own model answers")
  }
  const loaded = await loadWithHost(file, options.import)
  const document = usable(screen, loaded)
  if (document === undefined) return exitCodes.wrong
  const isLocal = options.models === "local"
  const allowed = readAllow(options.allow ?? [])
  const env = isLocal ? process.env : visibleEnv(process.env, allowed)
  const wrong = [
    ...unset(document, isLocal ? "agents" : "all"),
    ...(isLocal ? [] : notAllowed(document, allowed, process.env)),
  ]
  for (const one of wrong) tellDiagnostic(screen, { ...one, severity: "error" })
  if (wrong.length > 0) {
    screen.err("nothing was run\n")
    return exitCodes.wrong
  }
  const params = readParams(document, options.set ?? [])
  const input = await readInput(options.input, document.input)
  if (loaded.host !== undefined) await warnIfStale(screen, file, loaded.host)

  const quiet = options.quiet === true || options.json === true
  const given = document.input === undefined ? {} : { input: document.input }
  if (!quiet) screen.err(`${formatCost(cost(document.flow, { params, ...given }))}\n`)
  await using system = new AgentSystem(isLocal ? { env, models: "local" } : { env })
  const started = systemClock.now()
  const view = quiet ? undefined : progress(screen, systemClock)
  const unfinished = new Unfinished()
  const notices = new Notices()
  const interrupt = new AbortController()
  const release = onInterrupt(() => interrupt.abort("interrupted"))
  const letGo = holdOpen()
  try {
    const { events, result } = system.start(document, input, {
      params,
      signal: interrupt.signal,
      ...(options.runId === undefined ? {} : { runId: options.runId }),
    })
    const value = await unlessItEnds(`the run did not end: ${early}`, exitCodes.failed, async () => {
      for await (const event of events) {
        if (event.type !== "lagged") unfinished.see(event)
        if (options.json === true) screen.out(`${eventText(event)}\n`)
        else if (event.type !== "lagged" && view !== undefined) view.see(event)
        else if (event.type === "run_suspended") {
          // Quiet or not: nobody waits for an answer that they do not know of.
          for (const line of notices.see(event)) screen.err(`${printable(line)}\n`)
        }
      }
      return result
    })
    view?.end()
    if (view?.board.simulated) {
      const note = "the answers are simulated: the local model extracts sentences, it does not reason"
      screen.err(`${screen.colors.yellow(note)}\n`)
    }
    if (!quiet) screen.err(screen.colors.dim(`done in ${spoken(systemClock.now() - started)}\n`))
    if (options.json !== true) screen.out(`${valueText(value)}\n`)
    return exitCodes.done
  } catch (error) {
    view?.end()
    return told(screen, error, (fault) => describe(fault, document, file, unfinished))
  } finally {
    release()
    letGo()
  }
}

/** Keeps the process until the run has ended, also when all that an agent waits for holds nothing open. */
function holdOpen(): () => void {
  let letGo = systemClock.after(60_000, again)
  function again(): void {
    letGo = systemClock.after(60_000, again)
  }
  return () => letGo()
}

/** Says how a run ended that has no value. */
function told(screen: Terminal, error: unknown, inWords: (fault: Fault) => string): ExitCode {
  const { err, colors } = screen
  if (error instanceof AbortedError) {
    err(`${colors.yellow("interrupted")}\n`)
    return exitCodes.interrupted
  }
  if (error instanceof Unprintable) {
    err(`${colors.red("failed")}: ${printable(error.message)}\n`)
    return exitCodes.failed
  }
  if (!(error instanceof FlowError)) throw error
  err(`${colors.red("failed")}: ${printable(inWords(error.fault))}\n`)
  return exitCodes.failed
}

function describe(fault: Fault, document: Document, file: string, unfinished: Unfinished): string {
  const at = document.at(fault.path)
  const where = at === undefined ? file : `${file}:${at.line}:${at.column}`
  const named = (path: string): string => (path === "" ? "the root of the flow" : path)
  const lines = [`${fault._tag} at ${named(fault.path)} (${where})`, `  ${unfinished.describe(fault)}`]
  if ("faults" in fault) {
    for (const one of fault.faults) lines.push(`  - ${one._tag} at ${named(one.path)}: ${unfinished.describe(one)}`)
  }
  if (fault.retry !== "no") {
    lines.push(`  another try may help${fault.retry === "yes" ? "" : ` after ${spoken(fault.retry.after)}`}`)
  }
  return lines.join("\n")
}

async function warnIfStale({ err, colors }: Terminal, file: string, host: Registry): Promise<void> {
  const path = manifestFile(file)
  const written = await readIfThere(path).catch(() => undefined)
  if (written === undefined || written === manifestText(host)) return
  err(`${colors.yellow("warning")}: ${path} is stale: troupe manifest ${file} writes it anew\n`)
}
