import { systemClock } from "../actor/clock.js"
import type { AgentSystem } from "../agents/system.js"
import { AbortedError, type Fault, FlowError } from "../data/fault.js"
import type { Document } from "../flow/document.js"
import type { Params } from "../flow/runtime.js"
import { early, unlessItEnds } from "./early-end.js"
import { type ExitCode, exitCodes } from "./exit.js"
import { onInterrupt } from "./interrupt.js"
import { Notices } from "./notices.js"
import { eventText, Unprintable, valueText } from "./output.js"
import { printable } from "./printable.js"
import { progress } from "./progress.js"
import { limitOf, type RunLimitOptions } from "./run-limits.js"
import { spoken } from "./task-board.js"
import { branchNames } from "./task-tree.js"
import type { Terminal } from "./terminal.js"
import { Unfinished } from "./unfinished.js"

/** Options of a run that is watched. */
export interface WatchOptions extends RunLimitOptions {
  readonly runId?: string
  /** Every event on standard output. */
  readonly json?: boolean
  /** No progress. */
  readonly quiet?: boolean
}

/** A run as the command line was asked for it. */
export interface Given {
  readonly file: string
  readonly options: WatchOptions
  readonly params: Params
  readonly input: unknown
}

/** How long what was interrupted may take to let go of what it holds, in milliseconds. */
const patience = 2_000

/** Runs a document before the eyes of a person, or for a program, to its end. */
export async function watch(
  screen: Terminal,
  system: AgentSystem,
  document: Document,
  { file, options, params, input }: Given,
): Promise<ExitCode> {
  const json = options.json === true
  const quiet = options.quiet === true || json
  const started = systemClock.now()
  const view = quiet ? undefined : progress(screen, systemClock, () => branchNames(document.flow))
  const unfinished = new Unfinished()
  const notices = new Notices()
  const interrupt = new AbortController()
  const release = onInterrupt(() => interrupt.abort("interrupted"), patience)
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
        if (json) screen.out(`${eventText(event)}\n`)
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
    if (!json) screen.out(`${valueText(value)}\n`)
    return exitCodes.done
  } catch (error) {
    view?.end()
    if (error instanceof AbortedError) {
      screen.err(`${screen.colors.yellow("interrupted")}\n`)
      await released(screen, system)
      return exitCodes.interrupted
    }
    return told(screen, error, (fault) => {
      const option = limitOf(fault, options)
      return `${describe(fault, document, file, unfinished)}${option === undefined ? "" : `\n  the run was given ${option}`}`
    })
  } finally {
    release()
    letGo()
  }
}

/** Waits, a while, until what was aborted has let go of what it holds. A second Ctrl-C ends that as well. */
async function released(screen: Terminal, system: AgentSystem): Promise<void> {
  const until = systemClock.elapsed() + patience
  for (let turn = 0; system.stats().abandoned > 0 && systemClock.elapsed() < until; turn++) {
    if (turn === 20) screen.err(screen.colors.dim("waiting for what still runs; Ctrl-C again ends it at once\n"))
    await new Promise<void>((resolve) => systemClock.after(10, resolve))
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
