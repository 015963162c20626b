import type { Cancel } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import type { MailboxFactory } from "./mailbox.js"
import type { ActorRef, AnyActorRef, AskOptions } from "./ref.js"
import type { Stage } from "./stage.js"
import { never, type Never, type StopPolicy } from "./stop-policy.js"
import { standardStrategy, type Strategy } from "./supervision.js"

/** What an actor may do, as itself. A restarted actor has a new one: timers, watches and signal end with the old. */
export interface ActorContext<in M, out R = unknown> {
  readonly self: ActorRef<M, R>
  readonly path: string
  /** Aborted when the actor is interrupted, and when it ends. */
  readonly signal: AbortSignal
  /** The same as `signal`, and lighter. */
  readonly cancel: Cancel
  /** Makes a child, supervised by this actor and stopped with it. */
  spawn<N, S>(source: ActorSource<N, S>, name?: string, options?: ActorOptions): ActorRef<N, S>
  /** Tells an actor; or, given a class, a new child made for this message, which must not be a `never` actor. */
  tell<N>(to: ActorRef<N>, message: N): void | PromiseLike<void>
  tell<C extends ActorClass>(to: C & NotNever<C>, message: MessageOf<C>): void
  /** Asks an actor; gives up when this actor is interrupted. */
  ask<N, S>(to: ActorRef<N, S>, message: N, options?: AskOptions): Promise<S>
  /** Calls `then`, or the hook `onTerminated`, once that actor has ended; soon, if it already has. */
  watch(ref: AnyActorRef, then?: (ref: AnyActorRef) => void): void
  /** Tells this actor a message `ms` milliseconds from now, unless cancelled. */
  schedule(ms: number, message: M): CancelTimer
  /** Ends this actor after the message that it is at. */
  stopSelf(): void
}

/** Options of one actor, given to `spawn`. */
export interface ActorOptions {
  /** Default: `memory`, which has no bound. */
  readonly mailbox?: MailboxFactory
  /** For a top-level actor: when it ends in a shutdown. Default `"agents"`. */
  readonly stage?: Stage
}

let attachContext: <M, R>(actor: Actor<M, R>, context: ActorContext<M, R>) => void

/**
 * Something with state, a mailbox and a name, that handles one message at a time. `M` is what it takes, `R` what an ask
 * gets.
 *
 * A handler or hook may return a promise; the next message waits for it. What it throws goes to the asker and to the
 * parent, whose `supervisorStrategy` decides.
 *
 * @example
 * ```ts
 * import { Actor, ActorSystem } from "troupe/actor"
 * class Counter extends Actor<"inc" | "get", number> {
 *   #n = 0
 *   override onReceive(message: "inc" | "get") {
 *     if (message === "inc") this.#n++
 *     return this.#n
 *   }
 * }
 * await using app = new ActorSystem("app")
 * const counter = app.spawn(Counter, "counter")
 * counter.tell("inc")
 * await counter.ask("get") // 1
 * ```
 */
export abstract class Actor<M, R = void> {
  #context: ActorContext<M, R> | undefined

  static {
    attachContext = (actor, context) => {
      actor.#context = context
    }
  }

  /** What this actor may do. It is there from `onStarted` on, not yet in the constructor. */
  protected get context(): ActorContext<M, R> {
    if (this.#context === undefined) {
      throw new Error(
        `${this.constructor.name} has no context yet: use it from onStarted on, in an actor made by spawn`,
      )
    }
    return this.#context
  }

  /** Handles one message. What it gives is the answer to an ask. */
  abstract onReceive(message: M): R | PromiseLike<R>

  /** Called before the first message, also after a restart. */
  onStarted(): void | PromiseLike<void> {}

  /** Called after the last message, when all children have ended; before a restart, on the old instance. */
  onStopped(): void | PromiseLike<void> {}

  /** Called on the new instance with what ended the old one, before `onStarted`. */
  onRestart(_error: unknown): void | PromiseLike<void> {}

  /** Called, in turn with the messages, when an actor has ended that was watched without a callback. */
  onTerminated(_ref: AnyActorRef): void | PromiseLike<void> {}

  /** What to do about a child that failed. Default: restart it, up to 3 times in 60 seconds. */
  supervisorStrategy(): Strategy {
    return standardStrategy
  }

  /** When to end without being told. Default: `never`. Asked once for each instance, when it has started. */
  stopPolicy(): StopPolicy {
    return never
  }
}

/** For the runtime: gives an actor its context. */
export function attach<M, R>(actor: Actor<M, R>, context: ActorContext<M, R>): void {
  attachContext(actor, context)
}

/** What `spawn` makes an actor of, each time it starts: a class without arguments, or a function that makes one. */
export type ActorSource<M, R> = (new () => Actor<M, R>) | (() => Actor<M, R>)

/** A class of actors that is made without arguments. */
export type ActorClass = new () => Actor<never, unknown>

/** The messages that a class of actors takes. */
export type MessageOf<C> = C extends new () => { onReceive(message: infer M): unknown } ? M : never

/** Refuses a class whose `stopPolicy` is declared to return `never`. */
export type NotNever<C> = C extends abstract new (
  ...args: never
) => { stopPolicy(): Never }
  ? ["a `never` actor has no one to stop it: spawn it"]
  : unknown

const isClass = <M, R>(source: ActorSource<M, R>): source is new () => Actor<M, R> => source.prototype instanceof Actor

/** A new instance. */
export function instantiate<M, R>(source: ActorSource<M, R>): Actor<M, R> {
  return isClass(source) ? new source() : source()
}

/** A function that handles a message. */
export type Receive<M, R> = (message: M, context: ActorContext<M>) => R | PromiseLike<R>

class FunctionActor<M, R> extends Actor<M, R> {
  readonly #receive: Receive<M, R>

  constructor(receive: Receive<M, R>) {
    super()
    this.#receive = receive
  }

  override onReceive(message: M): R | PromiseLike<R> {
    return this.#receive(message, this.context)
  }
}

/**
 * A small actor of a function alone.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor } from "troupe/actor"
 * await using app = new ActorSystem("app")
 * const double = app.spawn(actor((n: number) => n * 2), "double")
 * await double.ask(21) // 42
 * ```
 */
export function actor<M, R = void>(receive: Receive<M, R>): () => Actor<M, R> {
  return () => new FunctionActor(receive)
}
