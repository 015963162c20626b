import type { Unsubscribe } from "../data/cancel.js"
import { askStep, type Free, stopStep, tellStep } from "./free.js"
import type { Host } from "./host.js"
import { Ask, type Entry, type Question } from "./question.js"
import type { ActorRef, AnyActorRef, AskOptions, ReplyStream, StreamOptions } from "./ref.js"
import { StreamQuestion } from "./stream-question.js"

/** What stands behind the ref of an actor in this process. */
export interface Target<M, R> {
  readonly host: Host
  readonly path: string
  post(entry: Entry<M, R>): void | PromiseLike<void>
  stop(): Promise<void>
  /** Calls `ended` once the actor has; at once if it already has. */
  observe(ended: () => void): Unsubscribe
}

/** The ref of an actor in this process. */
export class LocalRef<M, R, C> implements ActorRef<M, R, C> {
  readonly #target: Target<M, R>

  constructor(target: Target<M, R>) {
    this.#target = target
  }

  get path(): string {
    return this.#target.path
  }

  tell(message: M): void | PromiseLike<void> {
    return this.#target.post(message)
  }

  ask(message: M, options?: AskOptions): Promise<R> {
    const question = new Ask<M, R>(this.#target.host, message)
    this.put(question, options)
    return question.answer
  }

  askStream(message: M, options?: StreamOptions): ReplyStream<C, R> {
    const question = new StreamQuestion<M, R, C>(this.#target.host, message, options)
    this.put(question, options)
    return question
  }

  /** Sends a question, unless its options say that nobody waits. */
  put(question: Question<M, R>, options: AskOptions | undefined): void {
    const target = this.#target
    if (options !== undefined) question.limit(target, options)
    // The one who waits is in the question: a mailbox never makes an ask wait.
    if (!question.open) return
    try {
      void target.post(question)
    } catch (error) {
      question.reject(error)
    }
  }

  stop(): Promise<void> {
    return this.#target.stop()
  }

  freeAsk(message: M, options?: { readonly timeout?: number }): Free<R> {
    return askStep(this, message, options)
  }

  freeTell(message: M): Free<void> {
    return tellStep(this, message)
  }

  freeStop(): Free<void> {
    return stopStep(this)
  }

  toJSON(): string {
    return this.path
  }

  observe(ended: () => void): Unsubscribe {
    return this.#target.observe(ended)
  }
}

/** Whether something is the ref of an actor that this process knows. */
export function isRef(value: object): value is LocalRef<never, unknown, unknown> {
  return value instanceof LocalRef
}

/** Watches an actor, if its ref is of a kind that can be. */
export function observe(ref: AnyActorRef, ended: () => void): Unsubscribe {
  if (ref instanceof LocalRef) return ref.observe(ended)
  throw new TypeError(`${ref.path} cannot be watched: it is no actor of this process`)
}
