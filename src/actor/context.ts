import { Cancel, type Unsubscribe } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import type {
  ActorClass,
  ActorContext,
  ActorOptions,
  ActorSource,
  AnyCall,
  Call,
  Calls,
  Replies,
  ReplyOf,
  StreamEvent,
  Target,
} from "./actor.js"
import { All, events, First, type Gathering, type Group, joined, Member } from "./calls.js"
import { Errand } from "./errand.js"
import type { Halt, Host, Parent } from "./host.js"
import { decodeKey } from "./key.js"
import { observe } from "./local-ref.js"
import { Ask, type Question } from "./question.js"
import type { ActorRef, AnyActorRef, AskOptions, ReplyStream, StreamOptions } from "./ref.js"
import { unavailable } from "./refusal.js"
import { StreamQuestion } from "./stream-question.js"

/** Whose context it is. */
export interface Owner<M, R, C> extends Parent {
  readonly host: Host
  readonly ref: ActorRef<M, R, C>
  /** Has the actor called, in its turn, because one that it watched has ended. */
  notice(ref: AnyActorRef, then: ((ref: AnyActorRef) => void | PromiseLike<void>) | undefined): void
  halt(how: Halt): void
  /** The actor fails, outside of any turn: its parent decides. */
  fail(error: unknown, how?: "itself" | "escalated"): void
}

let readOwner: (context: object) => Owner<never, unknown, unknown> | undefined

/** For actors that are part of the runtime: whose context it is. */
export function ownerOf(context: object): Owner<never, unknown, unknown> {
  const owner = readOwner(context)
  if (owner === undefined) throw new TypeError("this is no context of an actor that was spawned")
  return owner
}

/** The context of one instance of an actor. What it starts is kept track of, and ends with `close`. */
export class LiveContext<M, R, C> implements ActorContext<M, R, C> {
  readonly #owner: Owner<M, R, C>
  readonly #parentCancel: Cancel | undefined
  #cancel: Cancel | undefined
  /** What ends with the instance, until that has ended. */
  #ends: Set<() => void> | "ended" | undefined = undefined

  static {
    readOwner = (context) => (#owner in context ? context.#owner : undefined)
  }

  constructor(owner: Owner<M, R, C>, parentCancel: Cancel | undefined) {
    this.#owner = owner
    this.#parentCancel = parentCancel
  }

  get self(): ActorRef<M, R, C> {
    return this.#owner.ref
  }

  get path(): string {
    return this.#owner.path
  }

  get name(): string {
    const { path } = this.#owner
    return decodeKey(path.slice(path.lastIndexOf("/") + 1))
  }

  get cancel(): Cancel {
    if (this.#cancel === undefined) {
      this.#cancel = new Cancel(this.#parentCancel)
      if (this.#closed) this.#cancel.cancel(this.#endReason())
    }
    return this.#cancel
  }

  get signal(): AbortSignal {
    return this.cancel.signal
  }

  spawn<N, S, D>(source: ActorSource<N, S, D>, name?: string, options?: ActorOptions): ActorRef<N, S, D> {
    this.#checkOpen()
    return this.#owner.host.spawn(this.#owner, source, name, options)
  }

  tell(to: ActorRef<never> | ActorClass, message: never): void | PromiseLike<void> {
    if (typeof to !== "function") return to.tell(message)
    this.#checkOpen()
    this.#owner.host.tellNew(this.#owner, to, message)
  }

  ask<N, S>(to: Target<N, S>, message: N, options?: AskOptions): Promise<S> {
    if (options?.cancel === undefined) return this.#ask(to, message, { ...options, cancel: this.cancel })
    const { cancel, release } = joined(this.cancel, options)
    const answer = this.#ask(to, message, { ...options, cancel })
    answer.then(release, release)
    return answer
  }

  sequence<const T extends readonly object[]>(calls: Calls<T>, options?: AskOptions): Promise<Replies<T>>
  sequence(calls: readonly AnyCall[], options?: AskOptions): Promise<unknown[]> {
    const group = new All<unknown>(this.cancel, options, calls.length)
    return this.#askAll(calls, group)
  }

  traverse<N, S>(messages: readonly N[], to: Target<N, S>, options?: AskOptions): Promise<S[]> {
    const group = new All<S>(this.cancel, options, messages.length)
    messages.forEach((message, i) => this.#askOne(to, message, group, i))
    return group.result
  }

  zip<A extends object, B extends object>(
    a: Call<A>,
    b: Call<B>,
    options?: AskOptions,
  ): Promise<[ReplyOf<A>, ReplyOf<B>]>
  zip(a: AnyCall, b: AnyCall, options?: AskOptions): Promise<unknown[]> {
    return this.#askAll([a, b], new All<unknown>(this.cancel, options, 2))
  }

  race<const T extends readonly object[]>(calls: Calls<T>, options?: AskOptions): Promise<ReplyOf<T[number]>>
  race(calls: readonly AnyCall[], options?: AskOptions): Promise<unknown> {
    const names = calls.map(([to]) => (typeof to === "function" ? to.name || "actor" : to.path))
    return this.#askAll(calls, new First<unknown>(this.cancel, options, names))
  }

  stream<N, S, D>(
    to: Target<N, S, D>,
    message: N,
    options?: StreamOptions,
  ): AsyncGenerator<StreamEvent<D, S>, void, undefined> {
    return events(() => {
      const { cancel, release } = joined(this.cancel, options)
      return { stream: this.#askStream(to, message, { ...options, cancel }), release }
    })
  }

  #askAll<Result>(calls: readonly AnyCall[], group: Group<unknown, Result>): Promise<Result> {
    calls.forEach(([to, message], i) => this.#askOne(to, message, group, i))
    return group.result
  }

  #askOne<N, S>(to: Target<N, S>, message: N, group: Gathering<S>, index: number): void {
    if (typeof to === "function") {
      this.#send(new Member(this.#owner.host, message, group, index), to, group.limits)
      return
    }
    to.ask(message, group.limits).then(
      (answer) => group.answered(index, answer),
      (error: unknown) => group.failed(index, error),
    )
  }

  #ask<N, S>(to: Target<N, S>, message: N, options: AskOptions): Promise<S> {
    if (typeof to !== "function") return to.ask(message, options)
    const question = new Ask<N, S>(this.#owner.host, message)
    this.#send(question, to, options)
    return question.answer
  }

  #askStream<N, S, D>(to: Target<N, S, D>, message: N, options: StreamOptions): ReplyStream<D, S> {
    if (typeof to !== "function") return to.askStream(message, options)
    const question = new StreamQuestion<N, S, D>(this.#owner.host, message, options)
    this.#send(question, to, options)
    return question
  }

  /** Asks a child made for this question. */
  #send<N, S>(question: Question<N, S>, to: ActorSource<N, S>, options: AskOptions): void {
    if (this.#closed) question.reject(this.#endReason())
    else new Errand(this.#owner, question).begin(to, options)
  }

  watch(ref: AnyActorRef, then?: (ref: AnyActorRef) => void): void {
    let off: Unsubscribe | undefined
    let ended = false
    off = observe(ref, () => {
      ended = true
      if (off !== undefined) this.#endedItself(off)
      if (!this.#closed) this.#owner.notice(ref, then)
    })
    if (!ended) this.#untilEnd(off)
  }

  schedule(ms: number, message: M): CancelTimer {
    const { host, ref } = this.#owner
    if (this.#closed) return () => {}
    const stop = host.timer(
      ms,
      () => {
        this.#endedItself(stop)
        // A full mailbox that fails must not fail the clock: the message is lost as any other that found no room.
        try {
          void ref.tell(message)
        } catch {
          host.letters.add(ref.path, message, "full")
        }
      },
      "work",
    )
    this.#untilEnd(stop)
    return () => {
      this.#endedItself(stop)
      stop()
    }
  }

  stopSelf(): void {
    this.#owner.halt("after its turn")
  }

  /** Aborts the signal, now or when somebody first looks at it. */
  interrupt(reason: unknown): void {
    // What listens to it is of the actor: its failure must not keep others from their end.
    try {
      this.cancel.cancel(reason)
    } catch (error) {
      this.#owner.host.failed({ path: this.path, error, directive: "resume" })
    }
  }

  /** Ends all that the instance started: timers, watches, asks. A second call does nothing. */
  close(): void {
    const ends = this.#ends
    this.#ends = "ended"
    if (typeof ends === "object") for (const end of ends) end()
    if (this.#cancel?.cancelled === false) this.interrupt(this.#endReason())
  }

  /** What an actor starts never outlives it: code that goes on after its end starts nothing. */
  #checkOpen(): void {
    if (this.#closed) throw unavailable(`${this.path} has ended: it cannot spawn`)
  }

  #untilEnd(end: () => void): void {
    if (this.#ends === "ended") return end()
    this.#ends ??= new Set()
    this.#ends.add(end)
  }

  #endedItself(end: () => void): void {
    if (typeof this.#ends === "object") this.#ends.delete(end)
  }

  get #closed(): boolean {
    return this.#ends === "ended"
  }

  #endReason(): Error {
    return unavailable(`${this.path} has ended`)
  }
}
