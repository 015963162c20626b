import type { Cancel, Unsubscribe } from "../data/cancel.js"
import type { ActorClass, ActorContext } from "./actor.js"
import { Branch } from "./branch.js"
import { LiveContext, type Owner } from "./context.js"
import type { Ephemerals, Listed } from "./ephemerals.js"
import type { Halt, Host } from "./host.js"
import { LocalRef, type Target } from "./local-ref.js"
import { type Entry, isQuestion } from "./question.js"
import type { ActorRef, AnyActorRef } from "./ref.js"
import { unavailable } from "./refusal.js"
import { standardStrategy, type Strategy } from "./supervision.js"
import { Watchers } from "./watchers.js"

/**
 * What one that is run elsewhere is among actors: the parent of its children, with a path and a context. It takes no
 * messages, and whoever runs it ends it.
 */
export class Presence extends Branch implements Listed, Owner<never, never, never>, Target<never, never> {
  readonly path: string
  readonly context: ActorContext<never, never, never>
  /** Neighbours in the list of the system. */
  earlier: Listed | undefined
  later: Listed | undefined
  readonly #list: Ephemerals
  readonly #live: LiveContext<never, never, never>
  readonly #failed: (error: unknown) => void
  #ref: ActorRef<never, never, never> | undefined
  #ended = false
  #watchers: Watchers | undefined

  /** @param failed told of what its children fail it with, and of an end that it did not ask for. */
  constructor(host: Host, list: Ephemerals, path: string, cancel: Cancel, failed: (error: unknown) => void) {
    super(host)
    this.path = path
    this.#list = list
    this.#failed = failed
    this.#live = new LiveContext(this, cancel)
    this.context = this.#live
    list.link(this)
  }

  get ref(): ActorRef<never, never, never> {
    this.#ref ??= new LocalRef(this)
    return this.#ref
  }

  /** Makes an actor for a message: a child that ends by itself. */
  tellNew(source: ActorClass, message: never): void {
    if (this.#ended) throw unavailable(`${this.path} has ended: it cannot spawn`)
    this.host.tellNew(this, source, message)
  }

  post(entry: Entry<never, never>): void {
    if (isQuestion(entry)) entry.reject(unavailable(`${this.path} takes no messages`))
    else this.host.letters.add(this.path, entry, "stopped")
  }

  notice(ref: AnyActorRef, then: ((ref: AnyActorRef) => void) | undefined): void {
    try {
      then?.(ref)
    } catch (error) {
      this.escalate(error)
    }
  }

  observe(ended: () => void): Unsubscribe {
    if (this.#ended) {
      ended()
      return () => {}
    }
    this.#watchers ??= new Watchers()
    return this.#watchers.add(ended)
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.observe(resolve)
    })
  }

  halt(how: Halt): void {
    if (how === "interrupting") this.interrupt(unavailable(`${this.path} is being stopped`))
  }

  interrupt(reason: unknown): void {
    this.escalate(reason)
  }

  protected strategy(): Strategy {
    return standardStrategy
  }

  protected escalate(error: unknown): void {
    this.fail(error)
  }

  fail(error: unknown): void {
    if (!this.#ended) this.#failed(error)
    this.end()
  }

  /** Ends its children and all that its context has started. A second call does nothing. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#live.close() // first the asks: a child that was made for one ends with it
    this.interruptChildren(() => unavailable(`${this.path} has ended`))
    this.#list.unlink(this)
    this.#watchers?.tell()
  }
}
