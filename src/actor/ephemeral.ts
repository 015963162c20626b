import type { Cancel, Unsubscribe } from "../data/cancel.js"
import { AbortedError } from "../data/fault.js"
import type { Receive } from "./actor.js"
import { Branch } from "./branch.js"
import type { Ephemerals, Listed } from "./ephemerals.js"
import { Generation } from "./generation.js"
import { LiveContext, type Owner } from "./context.js"
import type { Halt, Host } from "./host.js"
import { LocalRef, type Target } from "./local-ref.js"
import { around } from "./middleware.js"
import { isPromise } from "./promise.js"
import { type Entry, isQuestion } from "./question.js"
import type { ActorRef, AnyActorRef } from "./ref.js"
import { unavailable } from "./refusal.js"
import { type Generated, isGenerated, type Reply } from "./reply.js"
import { standardStrategy, type Strategy } from "./supervision.js"
import { Watchers } from "./watchers.js"

/** An actor that lives for one message, which it gets at once; its supervisor is the one who asks. */
export class Ephemeral<M, R> extends Branch implements Listed, Owner<M, R, unknown>, Target<M, R> {
  readonly path: string
  /** Neighbours in the list of the system. */
  earlier: Listed | undefined
  later: Listed | undefined
  readonly #list: Ephemerals
  readonly #context: LiveContext<M, R, unknown>
  #ref: ActorRef<M, R> | undefined
  #ended = false
  #resolve: ((value: R) => void) | undefined
  #reject: ((error: unknown) => void) | undefined
  #offCancel: Unsubscribe | undefined
  #watchers: Watchers | undefined

  constructor(host: Host, list: Ephemerals, path: string, cancel: Cancel) {
    super(host)
    this.path = path
    this.#list = list
    this.#context = new LiveContext(this, cancel)
  }

  /** Handles the message. Answers at once if the handler does. */
  ask(receive: Receive<M, R>, message: M, cancel: Cancel): R | Promise<R> {
    if (cancel.cancelled) throw new AbortedError(cancel.reason)
    this.#list.link(this)
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
    if (middleware === undefined) return receive(message, this.#context)
    const reply = around(middleware, this.#context, (given: M) => receive(given, this.#context))(message)
    if (!isPromise(reply) || isGenerated(reply)) return reply
    return reply.then((late) => (isGenerated<R, unknown>(late) ? this.#drain(late) : late))
  }

  /** Runs a generator to its end, or to that of this actor. */
  #drain(generator: Generated<R, unknown>): Promise<R> {
    return new Promise((returned, threw) => {
      const left = (): void => threw(unavailable(`${this.path} has ended`))
      const generation = new Generation<R, unknown>(generator, undefined, this.host.clock, { returned, threw, left })
      this.#context.cancel.onCancel(() => generation.leave())
      generation.pull()
    })
  }

  #await(result: PromiseLike<R>, cancel: Cancel): Promise<R> {
    const answer = new Promise<R>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (this.#ended) this.#reject?.(new AbortedError("the actor was interrupted"))
    result.then(
      (value) => {
        if (this.#ended) return this.host.strays.end()
        this.#end()
        this.#resolve?.(value)
      },
      (error: unknown) => {
        if (this.#ended) return this.host.strays.end()
        this.#end()
        this.#reject?.(error)
      },
    )
    if (this.#ended) this.host.strays.begin()
    else this.#offCancel = cancel.onCancel((reason) => this.interrupt(reason))
    return answer
  }

  get ref(): ActorRef<M, R> {
    this.#ref ??= new LocalRef(this)
    return this.#ref
  }

  /** It takes no second message. */
  post(entry: Entry<M, R>): void {
    if (isQuestion(entry)) entry.reject(unavailable(`${this.path} takes one message only`))
    else this.host.letters.add(this.path, entry, "stopped")
  }

  /** There is no other turn to wait for. */
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

  /** It ends after its message anyway. */
  halt(how: Halt): void {
    if (how === "interrupting") this.interrupt(unavailable(`${this.path} is being stopped`))
  }

  /** Ends at once. The handler, if it goes on, is a stray. */
  interrupt(reason: unknown): void {
    this.#fault(new AbortedError(reason), reason)
  }

  protected strategy(): Strategy {
    return standardStrategy
  }

  protected escalate(error: unknown): void {
    this.fail(error)
  }

  fail(error: unknown): void {
    this.#fault(error, error)
  }

  #fault(error: unknown, reason: unknown): void {
    if (this.#ended) return
    if (this.#reject !== undefined) this.host.strays.begin()
    this.#context.interrupt(reason)
    this.#end()
    this.#reject?.(error)
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#offCancel?.()
    this.interruptChildren(() => unavailable(`${this.path} has ended`))
    this.#context.close()
    this.#list.unlink(this)
    this.host.counts.actors--
    this.host.activity.end()
    this.#watchers?.tell()
  }
}
