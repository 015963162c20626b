import type { Unsubscribe } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import { AbortedError } from "../data/fault.js"
import { under } from "../data/path.js"
import { type Actor, type ActorSource, attach, instantiate } from "./actor.js"
import { LiveContext, type Owner } from "./context.js"
import type { Child, Halt, Host, Parent } from "./host.js"
import { IdleTimer } from "./idle-timer.js"
import type { Housing } from "./inbox.js"
import { LocalRef, type Target } from "./local-ref.js"
import type { AnyActorRef } from "./ref.js"
import { unavailable } from "./refusal.js"
import { endsWith, never, type StopPolicy } from "./stop-policy.js"
import { noRestarts, type Restarts, standardStrategy, type Strategy } from "./supervision.js"
import { Turns } from "./turns.js"
import { Watchers } from "./watchers.js"

/**
 * Where an actor is in its life. `failed` lasts until its parent has decided; in `restarting` and `stopping` the old
 * instance still has to end; `stopped` may have a stray handler.
 */
type Phase = "starting" | "live" | "failed" | "restarting" | "stopping" | "stopped"

/** One actor's life. Its address and mailbox last; a restart replaces its instance and context. */
export class Cell<M, R, C> extends Turns<M, R> implements Child, Owner<M, R, C>, Target<M, R> {
  readonly key: string | number
  restarts: Restarts = noRestarts
  earlier: Child | undefined = undefined
  later: Child | undefined = undefined
  readonly #parent: Parent
  readonly #source: ActorSource<M, R, C>
  #ref: LocalRef<M, R, C> | undefined
  #phase: Phase = "starting"
  #instance: Actor<M, R, C> | undefined
  #context: LiveContext<M, R, C> | undefined
  #policy: StopPolicy = never
  #idle: IdleTimer | undefined
  #stray = false
  /** Why it is made anew, and how long to wait before. */
  #remake: { readonly error: unknown; readonly delay: number } | undefined
  #backoff: CancelTimer | undefined
  #watchers: Watchers | undefined

  constructor(host: Host, parent: Parent, source: ActorSource<M, R, C>, name?: string, options?: Housing<M, R>) {
    super(host)
    this.#parent = parent
    this.#source = source
    this.key = parent.adopt(this, name)
    this.openMailbox(options?.mailbox, name, () => parent.forget(this))
    host.counts.actors++
    this.enqueue()
  }

  get path(): string {
    return under(this.#parent.path, typeof this.key === "number" ? `$${this.key}` : this.key)
  }

  get ref(): LocalRef<M, R, C> {
    this.#ref ??= new LocalRef(this)
    return this.#ref
  }

  protected get instance(): Actor<M, R, C> | undefined {
    return this.#instance
  }

  protected open(): boolean {
    return this.#phase !== "stopping" && this.#phase !== "stopped"
  }

  protected ready(): boolean {
    return this.#phase === "live" && !this.running
  }

  protected unstarted(): boolean {
    return this.#phase === "starting" && this.#backoff === undefined
  }

  protected next(): void {
    if (this.running) return
    switch (this.#phase) {
      case "starting":
        if (this.#backoff === undefined) this.enqueue()
        break
      case "live":
        if (this.hasWork()) this.enqueue()
        else if (this.rest()) this.#idle?.begin()
        break
      case "failed":
        break
      case "restarting":
        if (this.#instance === undefined) this.#makeAnew()
        else this.#retire()
        break
      case "stopping":
        if (this.#instance === undefined) this.#finish()
        else this.#retire()
        break
      case "stopped":
        if (this.#instance !== undefined) this.#retire()
        else if (this.#stray) {
          this.#stray = false
          this.host.strays.end()
        }
        break
    }
  }

  protected handled(message: M): void {
    if (this.#policy !== never && endsWith(this.#policy, message)) this.halt("gently")
  }

  protected mishandled(error: unknown, message: M): void {
    if (this.#phase !== "live") return
    if (!endsWith(this.#policy, message)) return this.fail(error)
    this.host.failed({ path: this.path, error, directive: "stop" })
    this.halt("gently")
  }

  protected terminated(ref: AnyActorRef): void | PromiseLike<void> {
    return this.#instance?.onTerminated(ref)
  }

  // The beginning, and the next one

  protected start(): void {
    const remake = this.#remake
    this.#remake = undefined
    let instance: Actor<M, R, C>
    try {
      instance = instantiate(this.#source)
    } catch (error) {
      return this.fail(error)
    }
    this.#instance = instance
    this.#context = new LiveContext(this, undefined)
    attach(instance, this.#context)
    const threw = (error: unknown): void => this.fail(error)
    const live = (): void => this.#goLive(instance)
    const started = (): void => {
      if (this.#phase === "starting") this.perform(() => instance.onStarted(), live, threw)
    }
    if (remake === undefined) started()
    else this.perform(() => instance.onRestart(remake.error), started, threw)
  }

  #goLive(instance: Actor<M, R>): void {
    if (this.#phase !== "starting") return
    try {
      this.#policy = instance.stopPolicy()
    } catch (error) {
      return this.fail(error)
    }
    this.#phase = "live"
    this.host.log?.started(this)
    if (this.#policy.stop === "afterIdle") {
      const idle = (): boolean => this.ready() && !this.hasWork()
      this.#idle = new IdleTimer(this.host, this.#policy.ms, idle, () => this.halt("gently"))
    }
  }

  protected escalate(error: unknown): void {
    this.fail(error, "escalated")
  }

  fail(error: unknown, how: "itself" | "escalated" = "itself"): void {
    if (this.#phase !== "live" && this.#phase !== "starting") return
    this.#phase = "failed"
    this.#parent.childFailed(this, error, how)
  }

  protected strategy(): Strategy {
    return this.#instance?.supervisorStrategy() ?? standardStrategy
  }

  resume(): void {
    if (this.#phase !== "failed") return
    if (this.#instance === undefined) return this.halt("gently")
    this.#phase = "live"
    for (const child of this.children()) child.resume()
    this.next()
  }

  restart(error: unknown, delay: number): void {
    const unmade = this.#phase === "starting" && this.#instance === undefined
    if (unmade || this.#phase === "restarting" || !this.open()) return
    this.#phase = "restarting"
    this.#remake = { error, delay }
    this.#disturb(error)
    this.next()
  }

  #makeAnew(): void {
    this.#phase = "starting"
    const delay = this.#remake?.delay ?? 0
    if (delay > 0) this.#backoff = this.host.timer(delay, () => this.#endBackoff(), "work")
    this.next()
  }

  #endBackoff(): void {
    const backoff = this.#backoff
    if (backoff === undefined) return
    this.#backoff = undefined
    backoff()
    this.next()
  }

  // The end

  stop(): Promise<void> {
    this.halt("gently")
    return new Promise((resolve) => {
      this.observe(resolve)
    })
  }

  halt(how: Halt): void {
    if (this.open()) {
      this.#phase = "stopping"
      this.#endBackoff()
      this.bounceAll()
    }
    const why = (): Error => unavailable(`${this.path} is being stopped`)
    if (how === "gently") this.endStream(why)
    if (how === "interrupting" && this.running) this.#disturb(why())
    this.next()
  }

  /** Aborts the signal of the handler or hook that runs; if it is a generator, it ends where it stands. */
  #disturb(reason: unknown): void {
    if (!this.running) return
    const context = this.#context
    this.endGeneration(() => reason)
    context?.interrupt(reason)
  }

  refuse(error: Error): void {
    this.question?.refuse(error)
    this.bounceAll()
    this.#disturb(error)
    for (const child of this.children()) child.refuse(error)
  }

  interrupt(reason: unknown): void {
    if (this.#phase === "stopped") return
    this.question?.refuse(new AbortedError(reason))
    this.bounceAll()
    this.#context?.interrupt(reason)
    this.endGeneration(() => reason)
    this.#context?.close()
    this.interruptChildren(() => reason)
    this.#finish()
    this.next()
    if (this.running) {
      this.#stray = true
      this.host.strays.begin()
    }
  }

  observe(ended: () => void): Unsubscribe {
    if (this.#phase === "stopped") {
      ended()
      return () => {}
    }
    this.#watchers ??= new Watchers()
    return this.#watchers.add(ended)
  }

  /** Ends the instance: its children first, then its last hook, then what its context started. */
  #retire(): void {
    const instance = this.#instance
    this.#idle?.close()
    this.#idle = undefined
    const closed = (): void => {
      this.#context?.close()
      this.#instance = undefined
      this.#context = undefined
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

  #finish(): void {
    this.#phase = "stopped"
    this.host.log?.stopped(this)
    this.#backoff?.()
    this.#idle?.close()
    this.#parent.forget(this)
    this.host.counts.actors--
    this.leaveLine()
    this.rest()
    this.closeMailbox()
    const watchers = this.#watchers
    this.#watchers = undefined
    watchers?.tell()
  }
}
