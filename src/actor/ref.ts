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

/**
 * The address of an actor: all that anybody else ever holds of it. It stays valid when its actor restarts.
 *
 * `M` only goes in and `R` only comes out: a ref to an actor that takes more is a ref to one that takes less.
 * `JSON.stringify` makes it its path.
 */
export interface ActorRef<in M, out R = unknown> {
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
   * Rejects with the very error that the handler throws; with a `FaultError` of `TimedOut` after `timeout`, of
   * `Unavailable` when the actor has ended; with `MailboxFull` at once when the mailbox is; with `AbortedError` when
   * given up. A message whose ask was given up before its turn is not delivered.
   */
  ask(message: M, options?: AskOptions): Promise<R>
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
