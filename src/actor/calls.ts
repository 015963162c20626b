import { Cancel } from "../data/cancel.js"
import { AbortedError } from "../data/fault.js"
import type { Host } from "./host.js"
import { Question } from "./question.js"
import type { AskOptions, ReplyStream } from "./ref.js"
import { allFailed } from "./refusal.js"
import type { StreamEvent } from "./actor.js"

/** Joins a token of the options with that of the actor. `release` lets go of both. */
export function joined(
  cancel: Cancel,
  options: AskOptions | undefined,
): { readonly cancel: Cancel; readonly release: () => void } {
  const both = new Cancel(cancel)
  const off = options?.cancel?.onCancel((reason) => both.cancel(reason))
  const release = (): void => {
    off?.()
    both.release()
  }
  return { cancel: both, release }
}

/** Whoever gathers the answers of several calls, each under its index. */
export interface Gathering<in S> {
  /** For each call; the token is that of all. */
  readonly limits: AskOptions
  answered(index: number, answer: S): void
  failed(index: number, error: unknown): void
  /** All are aborted. */
  giveUp(reason: unknown): void
}

/** Calls that live and die together. */
export abstract class Group<S, Result> implements Gathering<S> {
  readonly limits: AskOptions
  readonly result: Promise<Result>
  readonly #cancel: Cancel
  readonly #release: () => void
  #resolve: (result: Result) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #settled = false

  constructor(cancel: Cancel, options: AskOptions | undefined) {
    const group = joined(cancel, options)
    this.limits = { ...options, cancel: group.cancel }
    this.#cancel = group.cancel
    this.#release = group.release
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  abstract answered(index: number, answer: S): void
  abstract failed(index: number, error: unknown): void

  /** Why all of them were aborted, if they were. */
  protected get aborted(): AbortedError | undefined {
    return this.#cancel.cancelled ? new AbortedError(this.#cancel.reason) : undefined
  }

  /** That was all; what still runs is aborted. Called again, it does nothing. */
  protected succeed(result: Result, because?: unknown): void {
    this.#settled = true
    this.#release()
    this.#resolve(result)
    if (because !== undefined) this.#cancel.cancel(because)
  }

  /** The same. */
  protected fail(error: unknown, because: unknown = error): void {
    this.#settled = true
    this.#release()
    this.#reject(error)
    this.#cancel.cancel(because)
  }

  giveUp(reason: unknown): void {
    if (!this.#settled) this.fail(new AbortedError(reason), reason)
  }
}

/** All answers in order, or the first failure. */
export class All<S> extends Group<S, S[]> {
  readonly #answers: S[] = []
  #missing: number

  constructor(cancel: Cancel, options: AskOptions | undefined, size: number) {
    super(cancel, options)
    this.#missing = size
    if (size === 0) this.succeed(this.#answers)
  }

  override answered(index: number, answer: S): void {
    this.#answers[index] = answer
    if (--this.#missing === 0) this.succeed(this.#answers)
  }

  override failed(_index: number, error: unknown): void {
    this.fail(error)
  }
}

/** The first answer, or every failure under the name of its call. */
export class First<S> extends Group<S, S> {
  readonly #failures: { readonly name: string; readonly error: unknown }[] = []
  readonly #names: readonly string[]
  #running: number

  constructor(cancel: Cancel, options: AskOptions | undefined, names: readonly string[]) {
    super(cancel, options)
    this.#names = names
    this.#running = names.length
    if (names.length === 0) this.fail(new TypeError("race of no calls: expected one or more"))
  }

  override answered(_index: number, answer: S): void {
    this.succeed(answer, "another answered first")
  }

  override failed(index: number, error: unknown): void {
    this.#failures[index] = { name: this.#names[index] ?? "", error }
    if (--this.#running === 0) this.fail(this.aborted ?? allFailed(this.#failures))
  }
}

/** One question of a group. It needs no promise of its own. */
export class Member<M, S> extends Question<M, S> {
  readonly #group: Gathering<S>
  readonly #index: number

  constructor(host: Host, message: M, group: Gathering<S>, index: number) {
    super(host, message)
    this.#group = group
    this.#index = index
  }

  override get reader(): undefined {
    return undefined
  }

  override refuse(why: Error): void {
    this.reject(why)
  }

  /** Of all that are aborted together, one tells: an Error for each would cost more than their lives. */
  override hear(reason: unknown): void {
    if (!this.open) return
    this.leave(reason)
    this.#group.giveUp(reason)
  }

  protected override answered(value: S): void {
    this.#group.answered(this.#index, value)
  }

  protected override failed(error: unknown): void {
    this.#group.failed(this.#index, error)
  }
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
