import { Cancel, type Unsubscribe } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import type { ActorClass, ActorContext, ActorOptions, ActorSource } from "./actor.js"
import type { Host, Parent } from "./host.js"
import { observe } from "./local-ref.js"
import type { ActorRef, AnyActorRef, AskOptions } from "./ref.js"
import { unavailable } from "./refusal.js"

/** Whose context it is. */
export interface Owner<M, R> extends Parent {
  readonly host: Host
  readonly ref: ActorRef<M, R>
  /** Has the actor called, in its turn, because one that it watched has ended. */
  notice(ref: AnyActorRef, then: ((ref: AnyActorRef) => void) | undefined): void
  halt(how: "gently" | "interrupting"): void
}

/** The context of one instance of an actor. What it starts is kept track of, and ends with `close`. */
export class LiveContext<M, R> implements ActorContext<M, R> {
  readonly #owner: Owner<M, R>
  readonly #parentCancel: Cancel | undefined
  #cancel: Cancel | undefined
  #ends: Set<() => void> | undefined
  #closed = false

  constructor(owner: Owner<M, R>, parentCancel: Cancel | undefined) {
    this.#owner = owner
    this.#parentCancel = parentCancel
  }

  get self(): ActorRef<M, R> {
    return this.#owner.ref
  }

  get path(): string {
    return this.#owner.path
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

  spawn<N, S>(source: ActorSource<N, S>, name?: string, options?: ActorOptions): ActorRef<N, S> {
    this.#checkOpen()
    return this.#owner.host.spawn(this.#owner, source, name, options)
  }

  tell(to: ActorRef<never> | ActorClass, message: never): void | PromiseLike<void> {
    if (typeof to !== "function") return to.tell(message)
    this.#checkOpen()
    this.#owner.host.tellNew(this.#owner, to, message)
  }

  ask<N, S>(to: ActorRef<N, S>, message: N, options?: AskOptions): Promise<S> {
    const given = options?.cancel
    if (given === undefined) return to.ask(message, { ...options, cancel: this.cancel })
    const both = new Cancel(this.cancel)
    const off = given.onCancel((reason) => both.cancel(reason))
    const answer = to.ask(message, { ...options, cancel: both })
    const release = (): void => {
      off()
      both.release()
    }
    answer.then(release, release)
    return answer
  }

  watch(ref: AnyActorRef, then?: (ref: AnyActorRef) => void): void {
    let off: Unsubscribe | undefined
    let ended = false
    off = observe(ref, () => {
      ended = true
      if (off !== undefined) this.#ends?.delete(off)
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
        this.#ends?.delete(stop)
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
      this.#ends?.delete(stop)
      stop()
    }
  }

  stopSelf(): void {
    this.#owner.halt("gently")
  }

  /** Aborts the signal, now or when somebody first looks at it. */
  interrupt(reason: unknown): void {
    this.cancel.cancel(reason)
  }

  /** Ends all that the instance started: timers, watches, asks. A second call does nothing. */
  close(): void {
    this.#closed = true
    const ends = this.#ends
    this.#ends = undefined
    if (ends !== undefined) for (const end of ends) end()
    this.#cancel?.cancel(this.#endReason())
  }

  /** What an actor starts never outlives it: code that goes on after its end starts nothing. */
  #checkOpen(): void {
    if (this.#closed) throw unavailable(`${this.path} has ended: it cannot spawn`)
  }

  #untilEnd(end: () => void): void {
    this.#ends ??= new Set()
    this.#ends.add(end)
  }

  #endReason(): Error {
    return unavailable(`${this.path} has ended`)
  }
}
