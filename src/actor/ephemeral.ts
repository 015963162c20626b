import type { Cancel, Unsubscribe } from "../data/cancel.js"
import { AbortedError } from "../data/fault.js"
import type { Receive } from "./actor.js"
import { Boxless } from "./boxless.js"
import { Generation } from "./generation.js"
import { around } from "./middleware.js"
import { isPromise } from "./promise.js"
import { unavailable } from "./refusal.js"
import { type Generated, isGenerated, type Reply } from "./reply.js"

/** An actor that lives for one message, which it gets at once; its supervisor is the one who asks. */
export class Ephemeral<M, R> extends Boxless<M, R> {
  #resolve: ((value: R) => void) | undefined
  #reject: ((error: unknown) => void) | undefined
  #offCancel: Unsubscribe | undefined

  protected get takes(): string {
    return "one message only"
  }

  /** Handles the message. Answers at once if the handler does. */
  ask(receive: Receive<M, R>, message: M, cancel: Cancel): R | Promise<R> {
    if (cancel.cancelled) throw new AbortedError(cancel.reason)
    this.enlist()
    this.host.counts.actors++
    this.host.activity.begin()
    let result: Reply<R, unknown>
    try {
      result = this.#receive(receive, message)
    } catch (error) {
      this.#end()
      throw error
    }
    if (isGenerated(result)) return this.#await(this.#drain(result), cancel)
    if (!isPromise(result)) {
      this.#end()
      return result
    }
    return this.#await(result, cancel)
  }

  #receive(receive: Receive<M, R>, message: M): Reply<R, unknown> {
    const { middleware } = this.host
    if (middleware === undefined) return receive(message, this.live)
    const reply = around(middleware, this.live, (given: M) => receive(given, this.live))(message)
    if (!isPromise(reply) || isGenerated(reply)) return reply
    return reply.then((late) => (isGenerated<R, unknown>(late) ? this.#drain(late) : late))
  }

  /** Runs a generator to its end, or to that of this actor. */
  #drain(generator: Generated<R, unknown>): Promise<R> {
    return new Promise((returned, threw) => {
      const left = (): void => threw(unavailable(`${this.path} has ended`))
      const generation = new Generation<R, unknown>(generator, undefined, this.host.clock, { returned, threw, left })
      this.live.cancel.onCancel(() => generation.leave())
      generation.pull()
    })
  }

  #await(result: PromiseLike<R>, cancel: Cancel): Promise<R> {
    const answer = new Promise<R>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (this.ended) this.#reject?.(new AbortedError("the actor was interrupted"))
    result.then(
      (value) => {
        if (this.ended) return this.host.strays.end()
        this.#end()
        this.#resolve?.(value)
      },
      (error: unknown) => {
        if (this.ended) return this.host.strays.end()
        this.#end()
        this.#reject?.(error)
      },
    )
    if (this.ended) this.host.strays.begin()
    else this.#offCancel = cancel.onCancel((reason) => this.interrupt(reason))
    return answer
  }

  /** Ends at once. The handler, if it goes on, is a stray. */
  interrupt(reason: unknown): void {
    this.#fault(new AbortedError(reason), reason)
  }

  fail(error: unknown): void {
    this.#fault(error, error)
  }

  #fault(error: unknown, reason: unknown): void {
    if (this.ended) return
    if (this.#reject !== undefined) this.host.strays.begin()
    this.#end({ reason })
    this.#reject?.(error)
  }

  #end(abort?: { readonly reason: unknown }): void {
    if (!this.leave(abort)) return
    this.#offCancel?.()
    this.host.counts.actors--
    this.host.activity.end()
  }
}
