import { Cancel } from "../data/cancel.js"
import { AbortedError } from "../data/fault.js"
import { allFailed } from "./refusal.js"
import type { AskOptions, ReplyStream } from "./ref.js"
import type { StreamEvent } from "./target.js"

/** One ask of several; `options` have the token that aborts them together. */
export type Start<S> = (options: AskOptions) => Promise<S>

/** Joins a token of the options with that of the actor. `release` lets go of both. */
export function under<O extends AskOptions>(
  cancel: Cancel,
  options: O | undefined,
): { readonly cancel: Cancel; readonly release: () => void } {
  const both = new Cancel(cancel)
  const off = options?.cancel?.onCancel((reason) => both.cancel(reason))
  const release = (): void => {
    off?.()
    both.release()
  }
  return { cancel: both, release }
}

/** All answers in order, or the first failure: then the others are aborted. */
export function all<S>(cancel: Cancel, options: AskOptions | undefined, starts: readonly Start<S>[]): Promise<S[]> {
  if (starts.length === 0) return Promise.resolve([])
  const group = under(cancel, options)
  const limits = { ...options, cancel: group.cancel }
  return new Promise((resolve, reject) => {
    const answers: S[] = new Array(starts.length)
    let missing = starts.length
    const failed = (error: unknown): void => {
      group.release()
      reject(error)
      group.cancel.cancel(error)
    }
    for (const [i, start] of starts.entries()) {
      start(limits).then((answer) => {
        answers[i] = answer
        if (--missing > 0) return
        group.release()
        resolve(answers)
      }, failed)
    }
  })
}

/** The first answer: then the others are aborted. Or every failure, each with its name. */
export function first<S>(
  cancel: Cancel,
  options: AskOptions | undefined,
  starts: readonly Start<S>[],
  names: readonly string[],
): Promise<S> {
  if (starts.length === 0) return Promise.reject(new TypeError("race of no calls: expected one or more"))
  const group = under(cancel, options)
  const limits = { ...options, cancel: group.cancel }
  return new Promise((resolve, reject) => {
    const failures: { readonly name: string; readonly error: unknown }[] = []
    let running = starts.length
    for (const [i, start] of starts.entries()) {
      start(limits).then(
        (answer) => {
          group.release()
          resolve(answer)
          group.cancel.cancel("another answered first")
        },
        (error: unknown) => {
          failures[i] = { name: names[i] ?? "", error }
          if (--running > 0) return
          group.release()
          const { cancelled, reason } = group.cancel
          reject(cancelled ? new AbortedError(reason) : allFailed(failures))
        },
      )
    }
  })
}

/** A stream as one kind of values: its chunks, and its answer. */
export async function* events<C, R>(
  open: () => {
    readonly stream: ReplyStream<C, R>
    readonly release: () => void
  },
): AsyncGenerator<StreamEvent<C, R>, void, undefined> {
  const { stream, release } = open()
  try {
    for (;;) {
      const step = await stream.next()
      if (step.done === true) {
        yield { type: "result", output: step.value }
        return
      }
      yield { type: "event", event: step.value }
    }
  } finally {
    release()
    await stream.return()
  }
}
