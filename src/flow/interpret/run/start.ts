import { type Either, isRight } from "../../../data/either.js"
import { Cancel } from "../../../data/cancel.js"
import { AbortedError, type Failure, FlowError } from "../../../data/fault.js"
import type { FlowEvent } from "../../event.js"
import type { Runtime } from "../../runtime.js"
import type { Flow } from "../../types.js"
import { EventLog, type Lagged } from "./event-log.js"
import { execute, type RunOptions } from "./index.js"

/** A run under way. */
export interface RunHandle<out O> {
  readonly runId: string
  /** Settles as soon as the value is known; rejects with `FlowError` or `AbortedError`. */
  readonly value: Promise<O>
  /** Settles when the run has ended, with the value or the failure. */
  readonly result: Promise<O>
  /** Any number of consumers, each from the first event still held (the last 1,000). */
  readonly events: AsyncIterable<FlowEvent | Lagged>
  /** Ends the run and all that it started. After the end it does nothing. */
  abort(reason?: unknown): void
}

/** The error that stands for a failure where a promise rejects. */
export const errorOf = (failure: Failure): FlowError | AbortedError =>
  failure._tag === "Aborted" ? new AbortedError(failure.reason) : new FlowError(failure)

/** Runs a flow to its end, without building events (unless the runtime wants them). */
export function runEither<I, O>(
  flow: Flow<I, O>,
  input: I,
  runtime: Runtime,
  options: RunOptions,
): Promise<Either<Failure, O>> {
  return new Promise((resolve) => {
    execute(flow, input, runtime, options, (result) => resolve(result as Either<Failure, O>))
  })
}

/** Starts a run in the next microtask and gives the handle to it. */
export function start<I, O>(flow: Flow<I, O>, input: I, runtime: Runtime, options: RunOptions): RunHandle<O> {
  const log = new EventLog()
  const cancel = new Cancel(options.cancel)
  const emit = (event: FlowEvent): void => {
    log.push(event)
    runtime.emit?.(event)
  }
  const result = Promise.resolve().then(async () => {
    const ended = await runEither(flow, input, { ...runtime, emit }, { ...options, cancel })
    cancel.release()
    if (isRight(ended)) return ended.right
    throw errorOf(ended.left)
  })
  result.then(
    () => log.close(),
    () => log.close(), // told by whoever reads `value` or `result`; an unread one is no unhandled rejection
  )
  return {
    runId: options.runId,
    value: result,
    result,
    events: log,
    abort: (reason: unknown = "aborted") => cancel.cancel(reason),
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
 * the run: leaving it aborts the run.
 */
export async function* stream<I>(
  flow: Flow<I, unknown>,
  input: I,
  runtime: Runtime,
  options: RunOptions,
): AsyncGenerator<FlowEvent, void, undefined> {
  const waiting: FlowEvent[] = []
  let wake: () => void = () => undefined
  const cancel = new Cancel(options.cancel)
  const emit = (event: FlowEvent): void => {
    waiting.push(event)
    wake()
    runtime.emit?.(event)
  }
  let ended = false
  execute(flow, input, { ...runtime, emit }, { ...options, cancel }, () => {
    ended = true
    wake()
  })
  try {
    for (;;) {
      yield* waiting.splice(0)
      if (ended && waiting.length === 0) return
      if (waiting.length === 0) {
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
