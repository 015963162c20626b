import type { Cancel, Unsubscribe } from "../data/cancel.js"
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
 * One without a mailbox among actors: it has a path, a context and children. It takes no messages, is restarted by nobody,
 * and ends with what it is at.
 */
export abstract class Boxless<M, R> extends Branch implements Listed, Owner<M, R, unknown>, Target<M, R> {
  readonly path: string
  /** Neighbours in the list of the system. */
  earlier: Listed | undefined
  later: Listed | undefined
  protected readonly live: LiveContext<M, R, unknown>
  readonly #list: Ephemerals
  #ref: ActorRef<M, R> | undefined
  #ended = false
  #watchers: Watchers | undefined

  constructor(host: Host, list: Ephemerals, path: string, cancel: Cancel) {
    super(host)
    this.path = path
    this.#list = list
    this.live = new LiveContext(this, cancel)
  }

  /** How many messages it takes, in words. */
  protected abstract readonly takes: string

  /** Ends at once. */
  abstract interrupt(reason: unknown): void

  /** Fails with what its children and watches fail it with. */
  abstract fail(error: unknown): void

  protected get ended(): boolean {
    return this.#ended
  }

  get ref(): ActorRef<M, R> {
    this.#ref ??= new LocalRef(this)
    return this.#ref
  }

  post(entry: Entry<M, R>): void {
    if (isQuestion(entry)) entry.reject(unavailable(`${this.path} takes ${this.takes}`))
    else this.host.letters.add(this.path, entry, "stopped")
  }

  /** There is no other turn to wait for. */
  notice(ref: AnyActorRef, then: ((ref: AnyActorRef) => void) | undefined): void {
    try {
      then?.(ref)
    } catch (error) {
      this.fail(error)
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

  /** It ends with what it is at anyway. */
  halt(how: Halt): void {
    if (how === "interrupting") this.interrupt(unavailable(`${this.path} is being stopped`))
  }

  protected strategy(): Strategy {
    return standardStrategy
  }

  protected escalate(error: unknown): void {
    this.fail(error)
  }

  /** It begins: it can be found, and ends with the system. */
  protected enlist(): void {
    this.#list.link(this)
  }

  /**
   * Ends all that its context has started, and its children; `abort` is why, if not in order. Says whether it had not
   * ended before: what ends with it may come back here.
   */
  protected leave(abort?: { readonly reason: unknown }): boolean {
    if (this.#ended) return false
    this.#ended = true
    if (abort !== undefined) this.live.interrupt(abort.reason)
    this.live.close()
    this.interruptChildren(() => unavailable(`${this.path} has ended`))
    this.#list.unlink(this)
    this.#watchers?.tell()
    return true
  }
}
