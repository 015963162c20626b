import { type Either, isRight, right } from "../../../data/either.js"
import { Cancel } from "../../../data/cancel.js"
import { AbortedError, type Failure, FlowError } from "../../../data/fault.js"
import type { FlowEvent } from "../../event.js"
import type { Runtime } from "../../runtime.js"
import type { Flow } from "../../types.js"
import { Backlog } from "./backlog.js"
import { EventLog, type Lagged } from "./event-log.js"
import { execute } from "./index.js"
import { replaced, type RunOptions } from "./options.js"
import { Signals } from "./signals.js"

/** A run under way. */
export interface RunHandle<out O> {
  readonly runId: string
  /** Settles as soon as the value is known: side flows may go on. Rejects with `FlowError` or `AbortedError`. */
  readonly value: Promise<O>
  /** Settles when the run has ended, side flows included, with the value or the failure. */
  readonly result: Promise<O>
  /**
   * Any number of consumers, each from the first event still held (the last 1,000), with a `lagged` before it where that is
   * not the next one. Leaving one only unsubscribes.
   */
  readonly events: AsyncIterable<FlowEvent | Lagged>
  /** Ends the run and all that it started. After the end it does nothing. */
  abort(reason?: unknown): void
  /**
   * Answers the open suspend of this name, or at this path. Rejects with `FlowError` where the value does not fit its
   * schema (`InvalidInput`: it stays open), and with `Error` where none of this name is open.
   */
  signal(name: string, value: unknown): Promise<void>
}

/** The error that stands for a failure where a promise rejects. */
const errorOf = (failure: Failure): FlowError | AbortedError =>
  failure._tag === "Aborted" ? new AbortedError(failure.reason) : new FlowError(failure)

const typed = <O>(result: Either<Failure, unknown>): Either<Failure, O> => result as Either<Failure, O>

/** Runs a flow to its value, without building events. Rejects with the error that stands for its failure. */
export function runValue<I, O>(flow: Flow<I, O>, input: I, runtime: Runtime, options: RunOptions): Promise<O> {
  return new Promise((resolve, reject) => {
    execute(flow, input, runtime, options, (result) => {
      const ended = typed<O>(result)
      if (isRight(ended)) resolve(ended.right)
      else reject(errorOf(ended.left))
    })
  })
}

/**
 * Runs a flow to its end, without building events (unless the runtime wants them).
 *
 * @param known is called as soon as the value or the failure is known, while side flows may go on.
 */
export function runEither<I, O>(
  flow: Flow<I, O>,
  input: I,
  runtime: Runtime,
  options: RunOptions,
  known?: (result: Either<Failure, O>) => void,
): Promise<Either<Failure, O>> {
  return new Promise((resolve) => {
    const told: RunOptions =
      known === undefined ? options : replaced(options, { known: (result) => known(typed(result)) })
    execute(flow, input, runtime, told, (result) => resolve(typed(result)))
  })
}

/** Starts a run in the next microtask and gives the handle to it. */
export function start<I, O>(flow: Flow<I, O>, input: I, runtime: Runtime, options: RunOptions): RunHandle<O> {
  const log = new EventLog()
  const cancel = new Cancel(options.cancel)
  const signals = options.signals ?? new Signals()
  const emit = (event: FlowEvent): void => {
    log.push(event)
    runtime.emit?.(event)
  }
  let known: (result: Either<Failure, O>) => void = () => undefined
  const early = new Promise<Either<Failure, O>>((resolve) => {
    known = resolve
  })
  const begun = Promise.resolve().then(() => ({
    ended: runEither(flow, input, { ...runtime, emit }, replaced(options, { cancel, signals }), known),
  }))
  const settled = (either: Either<Failure, O>): O => {
    if (isRight(either)) return either.right
    throw errorOf(either.left)
  }
  const result = begun.then(({ ended }) => ended).then(settled)
  // A flow that is refused has no value that could be known early.
  const value = Promise.race([early, result.then(right)]).then(settled)
  const end = (): void => {
    cancel.release()
    log.close()
  }
  result.then(end, end) // told by whoever reads `value` or `result`; an unread one is no unhandled rejection
  value.catch(() => undefined)
  return {
    runId: options.runId,
    value,
    result,
    events: log,
    abort: (reason: unknown = "aborted") => cancel.cancel(reason),
    async signal(name, answer) {
      await begun
      return signals.send(options.runId, name, answer)
    },
  }
}

/** A generator whose `return` cancels a token at once, even while a `next` of it waits. */
export function leavable(
  inner: AsyncGenerator<FlowEvent, void, undefined>,
  cancel: Cancel,
): AsyncGenerator<FlowEvent, void, undefined> {
  const leave = (): void => cancel.cancel("the stream was left")
  return {
    next: () => inner.next(),
    return(value) {
      leave()
      return inner.return(value)
    },
    throw(error) {
      leave()
      return inner.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      leave()
      await inner.return()
    },
  }
}

/**
 * Runs a flow and gives its events, the last of which is `run_completed`, `run_failed` or `run_aborted`. The iterator owns
 * the run: leaving it aborts the run, and while 10,000 events wait to be taken the run starts nothing more.
 */
export async function* stream<I>(
  flow: Flow<I, unknown>,
  input: I,
  runtime: Runtime,
  options: RunOptions,
): AsyncGenerator<FlowEvent, void, undefined> {
  const backlog = new Backlog()
  let wake: () => void = () => undefined
  const cancel = new Cancel(options.cancel)
  const emit = (event: FlowEvent): void => {
    backlog.push(event)
    wake()
    runtime.emit?.(event)
  }
  let ended = false
  execute(flow, input, { ...runtime, emit }, replaced(options, { cancel, backlog }), () => {
    ended = true
    wake()
  })
  try {
    for (;;) {
      const event = backlog.take()
      if (event !== undefined) yield event
      else if (ended) return
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    cancel.cancel("the stream was left")
    cancel.release()
  }
}
