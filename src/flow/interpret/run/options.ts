import type { Cancel } from "../../../data/cancel.js"
import type { Either } from "../../../data/either.js"
import type { Failure, Fault } from "../../../data/fault.js"
import type { Schema } from "../../../data/schema.js"
import type { Params } from "../../runtime.js"
import type { Backlog } from "./backlog.js"
import type { Signals } from "./signals.js"

/** Who and where a run is. */
export interface RunOptions {
  readonly runId: string
  readonly params?: Params | undefined
  /** Aborts the run when cancelled. */
  readonly cancel?: Cancel | undefined
  /** Where the actors of this run live; default `/RUNID`. */
  readonly agentPath?: string | undefined
  /** Why the run fails before any of its nodes: what it was given does not fit. */
  readonly refused?: Fault | undefined
  /** What the value of the run must fit. */
  readonly output?: Schema<unknown> | undefined
  /** Where answers to its suspends come in. */
  readonly signals?: Signals | undefined
  /** The events that the one who reads them has not taken yet: while it is full, nothing starts. */
  readonly backlog?: Backlog | undefined
  /** How long side flows may go on once the flow has ended, in milliseconds. Default 5,000. */
  readonly drain?: number | undefined
  /** Called once, as soon as the value or the failure is known: side flows may go on. */
  readonly known?: ((result: Either<Failure, unknown>) => void) | undefined
  /** Called once, when the run has ended and nothing of it is alive, before its end is told; or was refused as ill-formed. */
  readonly ended?: (() => void) | undefined
}

/** The same options with others in their place. Read one by one: they may be made when they are read. */
export function replaced(options: RunOptions, others: Partial<RunOptions>): RunOptions {
  const { runId, params, cancel, agentPath, refused, output, signals, backlog, drain, known } = options
  const ended = (): void => options.ended?.()
  const all: Required<RunOptions> = {
    runId,
    params,
    cancel,
    agentPath,
    refused,
    output,
    signals,
    backlog,
    drain,
    known,
    ended,
  }
  return { ...all, ...others }
}
