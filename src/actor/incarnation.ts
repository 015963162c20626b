import { type Actor, type ActorSource, attach, instantiate, type Middleware } from "./actor.js"
import { LiveContext, type Owner } from "./context.js"
import type { Halt, Host } from "./host.js"
import { IdleTimer } from "./idle-timer.js"
import { type Hooks, layered, Wrapped } from "./middleware.js"
import type { ActorRef, AnyActorRef } from "./ref.js"
import { endsWith, isStopPolicy, never, type StopPolicy } from "./stop-policy.js"
import { standardStrategy, type Strategy } from "./supervision.js"
import { Turns } from "./turns.js"

/** The half of an actor that a restart replaces: its instance, with context, stop policy and idle limit. */
export abstract class Incarnation<M, R, C> extends Turns<M, R> implements Owner<M, R, C> {
  readonly #source: ActorSource<M, R, C>
  readonly #middleware: readonly Middleware[] | undefined
  /** With its middleware around it. */
  #instance: Hooks<M, R, C> | undefined
  #context: LiveContext<M, R, C> | undefined
  #policy: StopPolicy = never
  #idle: IdleTimer | undefined

  constructor(host: Host, source: ActorSource<M, R, C>, middleware: readonly Middleware[] | undefined) {
    super(host)
    this.#source = source
    this.#middleware = layered(host.middleware, middleware)
  }

  abstract readonly ref: ActorRef<M, R, C>

  abstract halt(how: Halt): void

  /** Whether it still begins: between two hooks it may have been told to end. */
  protected abstract begins(): boolean

  /** Its first hooks have run. */
  protected abstract begun(): void

  /** Whether there is an instance. */
  protected get made(): boolean {
    return this.#instance !== undefined
  }

  protected get receiver(): Hooks<M, R, C> | undefined {
    return this.#instance
  }

  protected terminated(ref: AnyActorRef): void | PromiseLike<void> {
    return this.#instance?.onTerminated(ref)
  }

  protected strategy(): Strategy {
    return this.#instance?.supervisorStrategy() ?? standardStrategy
  }

  /** Whether a message is the last by the actor's policy. */
  protected lastly(message: M): boolean {
    return this.#policy !== never && endsWith(this.#policy, message)
  }

  /** Makes an instance and runs its first hooks. `because` is what ended the one before, if there was one. */
  protected embody(because: { readonly error: unknown } | undefined): void {
    let made: Actor<M, R, C>
    try {
      made = instantiate(this.#source)
    } catch (error) {
      return this.fail(error)
    }
    const context = new LiveContext<M, R, C>(this, undefined)
    attach(made, context)
    const instance = this.#middleware === undefined ? made : new Wrapped(this.#middleware, made, context)
    this.#instance = instance
    this.#context = context
    const threw = (error: unknown): void => this.fail(error)
    const live = (): void => this.#askPolicy(instance)
    const started = (): void => {
      if (this.begins()) this.perform(() => instance.onStarted(), live, threw)
    }
    if (because === undefined) started()
    else this.perform(() => instance.onRestart(because.error), started, threw)
  }

  #askPolicy(instance: Hooks<M, R, C>): void {
    if (!this.begins()) return
    try {
      const policy = instance.stopPolicy()
      if (policy !== never && !isStopPolicy(policy)) {
        const expected = "expected never, oneTime, afterMessage or afterIdle"
        throw new TypeError(`the stopPolicy of ${this.path} gave ${String(policy)}: ${expected}`)
      }
      this.#policy = policy
    } catch (error) {
      return this.fail(error)
    }
    this.begun()
    if (this.#policy.stop === "afterIdle") {
      const idle = (): boolean => this.ready() && !this.hasWork()
      this.#idle = new IdleTimer(this.host, this.#policy.ms, idle, () => this.halt("gently"))
    }
  }

  /** It has just become idle. */
  protected beginIdling(): void {
    this.#idle?.begin()
  }

  protected endIdling(): void {
    this.#idle?.close()
    this.#idle = undefined
  }

  /** Aborts the signal of the handler or hook that runs; if it is a generator, it ends where it stands. */
  protected disturb(reason: unknown): void {
    if (!this.running) return
    // What the generator's last block does may end the actor, and its context with it.
    const context = this.#context
    this.endGeneration(() => reason)
    context?.interrupt(reason)
  }

  /** Aborts whatever the instance does and started, also where nothing runs. */
  protected cutOff(reason: unknown): void {
    this.#context?.interrupt(reason)
    this.endGeneration(() => reason)
    this.#context?.close()
  }

  /** Ends the instance: its children first, then its last hook, then what its context started. */
  protected retire(): void {
    const instance = this.#instance
    this.endIdling()
    const closed = (): void => {
      const context = this.#context
      // First, for what closing aborts may stop the actor: it has nothing left to end.
      this.#instance = undefined
      this.#context = undefined
      this.#policy = never
      context?.close()
      this.dropNotices()
      this.next()
    }
    const threw = (error: unknown): void => {
      this.host.failed({ path: this.path, error, directive: "stop" })
      closed()
    }
    const last = (): void => this.perform(() => instance?.onStopped(), closed, threw)
    if (this.childless) last()
    else this.perform(() => this.stopChildren("gently"), last, last)
  }
}
