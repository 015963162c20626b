import type { Diagnostic } from "../../data/diagnostic.js"
import { AgentSystem } from "../../agents/system.js"
import type { Document } from "../../flow/document.js"
import { type Cost, cost } from "../../flow/interpret/cost.js"
import { formatCost } from "../../flow/interpret/cost-format.js"
import type { Registry } from "../../serde/registry.js"
import { askLeave } from "../ask-leave.js"
import { tellDryRun } from "../dry-run.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { manifestFile, manifestText } from "../host.js"
import { loadWithHost, unset, usable } from "../load.js"
import { readParams } from "../params.js"
import { notAllowed, readAllow, sendsRequests, visibleEnv } from "../permissions.js"
import { printable } from "../printable.js"
import { readIfThere } from "../read-file.js"
import { readInput } from "../read-input.js"
import { tellDiagnostic } from "../report.js"
import { beyond, limited, readRunLimits } from "../run-limits.js"
import { type Terminal, terminal } from "../terminal.js"
import { watch, type WatchOptions } from "../watch.js"

export interface RunOptions extends WatchOptions {
  readonly input?: string
  readonly set?: readonly string[]
  readonly models?: string
  readonly import?: string
  readonly allow?: readonly string[]
  readonly dryRun?: boolean
}

/** `troupe run`: checks, prices, runs; the value on standard output, all else on standard error. */
export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const screen = terminal()
  const { dryRun: dry = false, json = false } = options
  if (options.models !== undefined && options.models !== "local") {
    throw new Refused(`--models ${options.models}: expected local`, "without it, each agent's own model answers")
  }
  const limits = readRunLimits(options)
  const allowed = readAllow(options.allow ?? [])
  const loaded = await loadWithHost(file, options.import)
  const { problems: warnings } = loaded
  if (dry && json && loaded.document === undefined) {
    screen.out(`${JSON.stringify({ diagnostics: warnings }, null, 2)}\n`)
    return exitCodes.wrong
  }
  const document = dry && json ? loaded.document : usable(screen, loaded)
  if (document === undefined) return exitCodes.wrong

  const isLocal = options.models === "local"
  const missing = unset(document, isLocal ? "agents" : "all").map(asError)
  const wanted = notAllowed(document, allowed, process.env, isLocal)
  const answered = dry || json || missing.length > 0 ? allowed : await askLeave(screen, wanted, allowed, options.input)
  const leave = wanted.filter(({ permission }) => !answered.has(permission)).map(({ diagnostic }) => diagnostic)
  if (!dry && missing.length + leave.length > 0) {
    for (const one of [...missing, ...leave]) tellDiagnostic(screen, one)
    screen.err("nothing was run\n")
    return exitCodes.wrong
  }
  const params = readParams(document, options.set ?? [])
  // A run that is not made needs no input; one that is given is held against the schema all the same.
  const input = dry && options.input === undefined ? undefined : await readInput(options.input, document.input)
  if (loaded.host !== undefined) await warnIfStale(screen, file, loaded.host)

  const price = ({ flow }: Document): Cost =>
    cost(flow, { params, ...(document.input === undefined ? {} : { input: document.input }) })
  const bounded = limited(document, limits)
  const over = beyond(price(document), limits)
  if (dry) {
    const found = {
      file,
      document,
      cost: price(over.length > 0 ? document : bounded),
      warnings,
      missing,
      leave,
      over,
      local: isLocal,
    }
    tellDryRun(screen, found, json)
    return missing.length > 0 ? exitCodes.wrong : over.length > 0 ? exitCodes.failed : exitCodes.done
  }
  if (over.length > 0) {
    for (const message of over) screen.err(`${screen.colors.red("error:")} ${printable(message)}\n`)
    screen.err("nothing was run\n")
    return exitCodes.failed
  }
  if (options.quiet !== true && !json) screen.err(`${formatCost(price(bounded))}\n`)
  const env = isLocal && !sendsRequests(document) ? process.env : visibleEnv(process.env, answered)
  const allow = (["command", "net"] as const).filter((permission) => answered.has(permission))
  await using system = new AgentSystem(isLocal ? { env, allow, models: "local" } : { env, allow })
  return await watch(screen, system, bounded, { file, options, params, input })
}

const asError = (one: Diagnostic): Diagnostic => ({ ...one, severity: "error" })

async function warnIfStale({ err, colors }: Terminal, file: string, host: Registry): Promise<void> {
  const path = manifestFile(file)
  const written = await readIfThere(path).catch(() => undefined)
  if (written === undefined || written === manifestText(host)) return
  err(`${colors.yellow("warning")}: ${path} is stale: troupe manifest ${file} writes it anew\n`)
}
