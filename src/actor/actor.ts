import type { Cancel } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import type { MailboxFactory } from "./mailbox.js"
import type { ActorRef, AnyActorRef, AskOptions, StreamOptions } from "./ref.js"
import type { Reply } from "./reply.js"
import type { Stage } from "./stage.js"
import { never, type Never, type StopPolicy } from "./stop-policy.js"
import { standardStrategy, type Strategy } from "./supervision.js"

/** What an actor may do, as itself. A restarted actor has a new one: timers, watches and signal end with the old. */
export interface ActorContext<in M, out R = unknown, out C = unknown> {
  readonly self: ActorRef<M, R, C>
  readonly path: string
  /** The last segment of the path, as it was given to `spawn`; `$1`, `$2`, … of an actor without a name. */
  readonly name: string
  /** Aborted when the actor is interrupted, and when it ends. */
  readonly signal: AbortSignal
  /** The same as `signal`, and lighter. */
  readonly cancel: Cancel
  /** Makes a child, supervised by this actor and stopped with it. */
  spawn<N, S, D>(source: ActorSource<N, S, D>, name?: string, options?: ActorOptions): ActorRef<N, S, D>
  /** Tells an actor; or, given a class, a new child made for this message, which must not be a `never` actor. */
  tell<N>(to: ActorRef<N>, message: N): void | PromiseLike<void>
  tell<C extends ActorClass>(to: C & NotNever<C>, message: MessageOf<C>): void
  /**
   * Asks an actor; gives up when this actor is interrupted.
   *
   * Given a class or an `actor(…)`, asks a new child that lives for this message: it has ended before the answer is here,
   * also when the ask fails, is aborted or times out. Its failure goes to whoever asks, and to no supervisor.
   */
  ask<N, S>(to: Target<N, S>, message: NoInfer<N>, options?: AskOptions): Promise<S>
  /**
   * Asks all at once and waits for all: the answers in the order of the calls. Fails with the first that fails, and
   * aborts the others.
   */
  sequence<const T extends readonly object[]>(calls: Calls<T>, options?: AskOptions): Promise<Replies<T>>
  /** Asks the same of all at once, as `sequence` does: each message of a class goes to a child of its own. */
  traverse<N, S>(messages: readonly NoInfer<N>[], to: Target<N, S>, options?: AskOptions): Promise<S[]>
  /** Asks two at once, as `sequence` does. */
  zip<A extends object, B extends object>(
    a: Call<A>,
    b: Call<B>,
    options?: AskOptions,
  ): Promise<[ReplyOf<A>, ReplyOf<B>]>
  /**
   * Asks all at once: the first answer wins, and the others are aborted. Fails with a `FaultError` of `AllFailed` when
   * all fail.
   */
  race<const T extends readonly object[]>(calls: Calls<T>, options?: AskOptions): Promise<ReplyOf<T[number]>>
  /**
   * Asks, when it is first read, and gives each chunk as `{ type: "event", event }`, then the answer as
   * `{ type: "result", output }`. Fails as `ask` does; whoever leaves the loop ends the generator.
   */
  stream<N, S, D>(
    to: Target<N, S, D>,
    message: NoInfer<N>,
    options?: StreamOptions,
  ): AsyncGenerator<StreamEvent<D, S>, void, undefined>
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
  /** Around its messages and hooks, the first outermost; inside that of the system. Default: none. */
  readonly middleware?: readonly Middleware[]
}

/** What is left to do around a message: the next middleware, and at last the actor. */
export type NextReceive = (context: AnyContext, message: unknown) => unknown

/** What is left to do around a hook. */
export type NextHook = (context: AnyContext) => void | PromiseLike<void>

/** What is left to do around a restart. */
export type NextRestart = (context: AnyContext, error: unknown) => void | PromiseLike<void>

/** The context of any actor, to one who does not know its messages. */
export type AnyContext = ActorContext<never>

/**
 * Something around what happens in an actor's life: its messages and its hooks. The option `middleware` of an
 * `ActorSystem` puts it around all actors, that of `spawn` around one, inside those of the system.
 *
 * Of several the first is the outermost: it begins first and ends last. Each part may be left out. What it throws is a
 * failure of the actor, as if the actor itself had thrown it there. A middleware knows nothing of types: what it hands
 * on must be a message of the actor, and what it gives back an answer of the actor. It stays in this thread: around an
 * actor on a worker, and around none of that one's children there.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor, type Middleware } from "troupe/actor"
 * const trimmed: Middleware = {
 *   onReceive: (context, message, next) => next(context, typeof message === "string" ? message.trim() : message),
 * }
 * await using app = new ActorSystem("app")
 * const length = app.spawn(actor((text: string) => text.length), "length", { middleware: [trimmed] })
 * await length.ask("  bees ") // 4
 * ```
 */
export interface Middleware {
  /**
   * Around one message. Gives what the actor answers: what `next` gives, or something else; without a call of `next` the
   * actor never sees the message.
   *
   * `next` gives what the handler gives: the answer, a promise of it, or a generator (`isGenerated` tells). A middleware
   * that waits may give a promise of a generator; one that is to see the chunks is a generator itself. The stop policy
   * looks at the message as it was sent.
   */
  onReceive?(context: AnyContext, message: unknown, next: NextReceive): unknown
  /** Around `onStarted`. Without a call of `next` the actor does not hear of its start. */
  onStarted?(context: AnyContext, next: NextHook): void | PromiseLike<void>
  /** Around `onStopped`. */
  onStopped?(context: AnyContext, next: NextHook): void | PromiseLike<void>
  /** Around `onRestart`, of the new instance. */
  onRestart?(context: AnyContext, error: unknown, next: NextRestart): void | PromiseLike<void>
}

let attachContext: <M, R, C>(actor: Actor<M, R, C>, context: ActorContext<M, R, C>) => void

/**
 * Something with state, a mailbox and a name, that handles one message at a time. `M` is what it takes, `R` what an ask
 * gets, `C` what a handler yields that is a generator.
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
export abstract class Actor<M, R = void, C = unknown> {
  #context: ActorContext<M, R, C> | undefined

  static {
    attachContext = (actor, context) => {
      actor.#context = context
    }
  }

  /** What this actor may do. It is there from `onStarted` on, not yet in the constructor. */
  protected get context(): ActorContext<M, R, C> {
    if (this.#context === undefined) {
      throw new Error(
        `${this.constructor.name} has no context yet: use it from onStarted on, in an actor made by spawn`,
      )
    }
    return this.#context
  }

  /**
   * Handles one message. What it gives is the answer to an ask: a value, a promise of it, or a generator that returns it
   * and yields chunks for `askStream` on the way. The next message waits until the generator has ended.
   */
  abstract onReceive(message: M): Reply<R, C>

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
export function attach<M, R, C>(actor: Actor<M, R, C>, context: ActorContext<M, R, C>): void {
  attachContext(actor, context)
}

/** What `spawn` makes an actor of, each time it starts: a class without arguments, or a function that makes one. */
export type ActorSource<M, R, C = unknown> = (new () => Actor<M, R, C>) | (() => Actor<M, R, C>)

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

const isClass = <M, R, C>(source: ActorSource<M, R, C>): source is new () => Actor<M, R, C> =>
  source.prototype instanceof Actor

/** A new instance. */
export function instantiate<M, R, C>(source: ActorSource<M, R, C>): Actor<M, R, C> {
  return isClass(source) ? new source() : source()
}

/** A function that handles a message, as `onReceive` does. */
export type Receive<M, R, C = unknown> = (message: M, context: ActorContext<M>) => Reply<R, C>

class FunctionActor<M, R, C> extends Actor<M, R, C> {
  readonly #receive: Receive<M, R, C>

  constructor(receive: Receive<M, R, C>) {
    super()
    this.#receive = receive
  }

  override onReceive(message: M): Reply<R, C> {
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
export function actor<M, R = void, C = unknown>(receive: Receive<M, R, C>): () => Actor<M, R, C> {
  return () => new FunctionActor(receive)
}

/** Whom a context asks: an actor, or a class or `actor(…)` of which a child is made for this one message. */
export type Target<M, R, C = unknown> = ActorRef<M, R, C> | ActorSource<M, R, C>

/** The actor that a class or `actor(…)` makes. */
type Made<T> = T extends new () => infer A ? A : T extends () => infer A ? A : never

/** The messages that a target takes. */
export type MessageTo<T> =
  T extends ActorRef<infer M> ? M : Made<T> extends Actor<infer M, infer _R, infer _C> ? M : never

/** What a target answers. */
export type ReplyOf<T> =
  T extends ActorRef<never, infer R> ? R : Made<T> extends Actor<never, infer R, infer _C> ? R : never

/** What a target yields on the way to its answer. */
export type ChunkOf<T> =
  T extends ActorRef<never, infer _R, infer C> ? C : Made<T> extends Actor<never, infer _R, infer C> ? C : never

/** Whom to ask, and what. What is no target takes no message. */
export type Call<T> = readonly [to: T, message: MessageTo<T>]

/** Any call. */
export type AnyCall = readonly [to: Target<never, unknown>, message: never]

/** One call for each target. */
export type Calls<T extends readonly object[]> = { readonly [K in keyof T]: Call<T[K]> }

/** One answer for each target. */
export type Replies<T extends readonly object[]> = { -readonly [K in keyof T]: ReplyOf<T[K]> }

/** What `context.stream` gives: each chunk, then the answer. */
export type StreamEvent<C, R> =
  | { readonly type: "event"; readonly event: C }
  | { readonly type: "result"; readonly output: R }
