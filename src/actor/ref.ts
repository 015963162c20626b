import type { Cancel } from "../data/cancel.js"
import type { Free } from "./free.js"

/** How long to wait for an answer, and when to give up early. */
export interface AskOptions {
  /** Milliseconds until the ask fails with `TimedOut`. Default: no limit. */
  readonly timeout?: number
  /** Gives up when it aborts: the ask fails with `AbortedError`. */
  readonly signal?: AbortSignal
  /** The same as `signal`, and lighter. */
  readonly cancel?: Cancel
}

/** How to wait for the chunks of an answer. The timeout is that of the whole answer. */
export interface StreamOptions extends AskOptions {
  /** How many chunks the generator may be ahead of the one who reads. Default 8; 0: it waits until asked for each. */
  readonly readAhead?: number
}

/**
 * The chunks of an answer, and then the answer: what a generator yields, and what it returns.
 *
 * The generator makes no more chunks than are wanted, and its actor is busy until it has ended. So read to the end, or
 * leave: whatever leaves the loop of a `for await` ends the generator where it stands, and its `finally` runs.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor } from "troupe/actor"
 * await using app = new ActorSystem("app")
 * const count = app.spawn(actor(function* (to: number) { for (let n = 1; n <= to; n++) yield n; return "done" }))
 * const chunks: number[] = []
 * for await (const n of count.askStream(3)) chunks.push(n)
 * chunks // [1, 2, 3]
 * ```
 */
export interface ReplyStream<out C, out R = unknown> extends AsyncIterableIterator<C, R, undefined>, AsyncDisposable {
  /**
   * The next chunk; after the last one the answer, as `{ done: true, value }`.
   *
   * Rejects as `ask` does. What the handler throws comes after the chunks that it had yielded; when the ask is given up,
   * the actor stops or is restarted, chunks that nobody took are lost.
   */
  next(): Promise<IteratorResult<C, R>>
  /**
   * Leaves: ends the generator. Resolves when its `finally` has run; a chunk that it was making ahead is not waited for.
   */
  readonly return: NonNullable<AsyncIterator<C, R, undefined>["return"]>
  /** The chunks in lists, each of all that have gathered: cheaper where there are many small ones. */
  batches(): AsyncIterableIterator<readonly C[], R, undefined>
  [Symbol.asyncIterator](): ReplyStream<C, R>
}

/**
 * The address of an actor: all that anybody else ever holds of it. It stays valid when its actor restarts.
 *
 * `M` only goes in, `R` and `C` only come out: a ref to an actor that takes more is a ref to one that takes less.
 * `JSON.stringify` makes it its path.
 */
export interface ActorRef<in M, out R = unknown, out C = unknown> {
  /** Where the actor lives, as in `/app/workers/a`. */
  readonly path: string
  /**
   * Puts a message into the actor's mailbox and returns; to an actor that has ended it is a dead letter.
   *
   * Returns nothing, except on a full `block` mailbox: a promise that resolves once the message is queued.
   * Throws `MailboxFull` on a full `fail` mailbox.
   */
  tell(message: M): void | PromiseLike<void>
  /**
   * Sends a message and waits for what the actor's handler returns.
   *
   * Of a handler that is a generator, the answer is what it returns. It ends where it stands when nobody waits any more.
   *
   * Rejects with the very error that the handler throws; with a `FaultError` of `TimedOut` after `timeout`, of
   * `Unavailable` when the actor has ended; with `MailboxFull` at once when the mailbox is; with `AbortedError` when
   * given up. A message whose ask was given up before its turn is not delivered.
   */
  ask(message: M, options?: AskOptions): Promise<R>
  /**
   * Sends a message and reads what the actor's handler, a generator, yields; any other handler has no chunks.
   *
   * Fails as `ask` does, at the next reading: it throws nothing itself but `RangeError` for a bad `readAhead`.
   */
  askStream(message: M, options?: StreamOptions): ReplyStream<C, R>
  /**
   * Ends the actor after the message that it is at; what was queued is a dead letter.
   *
   * Resolves when it has ended, so an actor must not wait for its own stop: `context.stopSelf()` does not wait.
   */
  stop(): Promise<void>
  /** `ask` as a step of a program, for `system.runFree`. */
  freeAsk(message: M, options?: { readonly timeout?: number }): Free<R>
  /** `tell` as a step of a program; it ends once the message is queued. */
  freeTell(message: M): Free<void>
  /** `stop` as a step of a program; it ends once the actor has. */
  freeStop(): Free<void>
  toJSON(): string
}

/** A ref to any actor. */
export type AnyActorRef = ActorRef<never>
