import type { Unsubscribe } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import { AbortedError } from "../data/fault.js"
import { under } from "../data/path.js"
import type { ActorSource } from "./actor.js"
import type { Child, Halt, Host, Parent } from "./host.js"
import type { Housing } from "./inbox.js"
import { Incarnation } from "./incarnation.js"
import { after, type Due, due, type LifeEvent, type Phase, takes } from "./life.js"
import { LocalRef, type Target } from "./local-ref.js"
import { unavailable } from "./refusal.js"
import { noRestarts, type Restarts } from "./supervision.js"
import { Watchers } from "./watchers.js"

/** One actor's life. Its address and mailbox last; a restart replaces its incarnation. */
export class Cell<M, R, C> extends Incarnation<M, R, C> implements Child, Target<M, R> {
  readonly key: string | number
  restarts: Restarts = noRestarts
  earlier: Child | undefined = undefined
  later: Child | undefined = undefined
  readonly #parent: Parent
  #ref: LocalRef<M, R, C> | undefined
  #phase: Phase = "starting"
  #stray = false
  /** Why it is made anew, and how long to wait before. */
  #remake: { readonly error: unknown; readonly delay: number } | undefined
  #backoff: CancelTimer | undefined
  #watchers: Watchers | undefined

  constructor(host: Host, parent: Parent, source: ActorSource<M, R, C>, name?: string, options?: Housing<M, R>) {
    super(host, source, options?.middleware)
    this.#parent = parent
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

  protected open(): boolean {
    return takes(this.#phase)
  }

  protected ready(): boolean {
    return this.#phase === "live" && !this.running
  }

  protected unstarted(): boolean {
    return this.#phase === "starting" && this.#backoff === undefined
  }

  protected begins(): boolean {
    return this.#phase === "starting"
  }

  /** Says whether it meant anything. */
  #goOn(event: LifeEvent): boolean {
    const phase = after(this.#phase, event)
    if (phase === undefined) return false
    this.#phase = phase
    return true
  }

  protected next(): void {
    if (this.running) return
    if (this.#phase !== "live") this.#turnTo(due(this.#phase, this.made))
    else if (this.hasWork()) this.enqueue()
    else if (this.rest()) this.beginIdling()
  }

  #turnTo(what: Due): void {
    switch (what) {
      case "begin":
        if (this.#backoff === undefined) this.enqueue()
        break
      case "retire":
        this.retire()
        break
      case "empty":
        this.#beginAnew()
        break
      case "end":
        if (this.#goOn("ended")) this.#finish()
        break
      case "nothing":
        break
      case "rest":
        this.#endStray()
        break
    }
  }

  protected handled(message: M): void {
    if (this.lastly(message)) this.halt("gently")
  }

  protected mishandled(error: unknown, message: M): void {
    if (this.#phase !== "live") return
    if (!this.lastly(message)) return this.fail(error)
    this.host.failed({ path: this.path, error, directive: "stop" })
    this.halt("gently")
  }

  // The beginning, and the next one

  protected start(): void {
    const remake = this.#remake
    this.#remake = undefined
    this.embody(remake)
  }

  protected begun(): void {
    this.#goOn("started")
    this.host.log?.started(this)
  }

  protected escalate(error: unknown): void {
    this.fail(error, "escalated")
  }

  fail(error: unknown, how: "itself" | "escalated" = "itself"): void {
    if (this.#goOn("failed")) this.#parent.childFailed(this, error, how)
  }

  resume(): void {
    if (this.#phase === "unstarted") return this.halt("gently")
    if (!this.#goOn("resumed")) return
    for (const child of this.children()) child.resume()
    this.next()
  }

  restart(error: unknown, delay: number): void {
    const unmade = this.#phase === "starting" && !this.made
    if (unmade || !this.#goOn("restarted")) return
    this.#remake = { error, delay }
    this.disturb(error)
    this.next()
  }

  #beginAnew(): void {
    this.#goOn("emptied")
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
    if (this.#goOn("halted")) {
      this.bounceAll()
      this.#endBackoff()
    }
    const why = (): Error => unavailable(`${this.path} is being stopped`)
    if (how === "gently") this.endStream(why)
    if (how === "interrupting" && this.running) this.disturb(why())
    this.next()
  }

  refuse(error: Error): void {
    this.question?.refuse(error)
    this.bounceAll()
    this.disturb(error)
    for (const child of this.children()) child.refuse(error)
  }

  interrupt(reason: unknown): void {
    // Before anything else: what is aborted here may stop this actor, or come back.
    if (!this.#goOn("ended")) return
    this.question?.refuse(new AbortedError(reason))
    this.bounceAll()
    this.cutOff(reason)
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

  /** Leaves its parent, and lets go of what it holds. */
  #finish(): void {
    this.host.log?.stopped(this)
    this.#backoff?.()
    this.endIdling()
    this.#parent.forget(this)
    this.host.counts.actors--
    this.leaveLine()
    this.rest()
    this.closeMailbox()
    const watchers = this.#watchers
    this.#watchers = undefined
    watchers?.tell()
  }

  #endStray(): void {
    if (!this.#stray) return
    this.#stray = false
    this.host.strays.end()
  }
}
