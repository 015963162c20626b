import type { CancelTimer, Clock } from "../data/clock.js"
import { type ActorOptions, type ActorSource, instantiate, type Middleware } from "./actor.js"
import { Activity } from "./activity.js"
import { EventBus, type EventType, eventType } from "./bus.js"
import { Cell } from "./cell.js"
import { DeadLetters } from "./dead-letters.js"
import type { Counts, ActorFailure, Host, Parent } from "./host.js"
import { Log, type LogOptions } from "./log.js"
import type { ActorRef, AnyActorRef } from "./ref.js"
import { unavailable } from "./refusal.js"
import { RunQueue } from "./run-queue.js"

/** An actor failed, and its parent decided: an event of the system's `bus`. */
export interface ActorFailed extends ActorFailure {
  readonly type: "actor_failed"
}

/** Subscribes to failures of actors. */
export const ActorFailed: EventType<ActorFailed> = eventType<ActorFailed>("actor_failed")

/** The system as its actors see it: time, the line, counts, and the making of actors. */
export class LocalHost implements Host {
  readonly clock: Clock
  readonly queue: RunQueue
  readonly letters: DeadLetters = new DeadLetters()
  readonly log: Log | undefined
  readonly middleware: readonly Middleware[] | undefined
  readonly counts: Counts = { actors: 0, timers: 0, asks: 0 }
  readonly activity: Activity = new Activity()
  readonly strays: Activity = new Activity()
  readonly bus: EventBus = new EventBus(this.activity)
  readonly find: (path: string) => AnyActorRef | undefined
  closed = false
  #closers: Set<() => Promise<void>> | undefined

  constructor(
    clock: Clock,
    options: { readonly log?: LogOptions; readonly middleware?: readonly Middleware[] },
    find: (path: string) => AnyActorRef | undefined,
  ) {
    const { log: logged, middleware } = options
    this.clock = clock
    this.find = find
    this.middleware = middleware?.length === 0 ? undefined : middleware
    if (logged !== undefined) {
      const log = new Log(clock, logged)
      this.log = log
      this.letters.subscribe(({ to, reason }) => log.deadLetter(to, reason))
    }
    this.queue = new RunQueue(clock)
  }

  timer(ms: number, fire: () => void, kind: "work" | "idle"): CancelTimer {
    let running = true
    const end = (): void => {
      running = false
      this.counts.timers--
      if (kind === "work") this.activity.end()
    }
    this.counts.timers++
    if (kind === "work") this.activity.begin()
    const stop = this.clock.after(ms, () => {
      if (!running) return
      // What fires may begin something: it counts before the timer stops counting.
      fire()
      if (running) end()
    })
    return () => {
      if (!running) return
      end()
      stop()
    }
  }

  failed(failure: ActorFailure): void {
    this.log?.failed(failure.path, failure.directive, failure.error)
    const event: ActorFailed = { type: "actor_failed", ...failure }
    this.bus.publish(event)
  }

  atEnd(close: () => Promise<void>): () => void {
    this.#closers ??= new Set()
    const closers = this.#closers.add(close)
    return () => closers.delete(close)
  }

  /** Closes what was to be closed at the end. */
  async end(): Promise<void> {
    if (this.#closers !== undefined) await Promise.all([...this.#closers].map((close) => close()))
  }

  spawn<M, R, C>(
    parent: Parent,
    source: ActorSource<M, R, C>,
    name?: string,
    options?: ActorOptions,
  ): ActorRef<M, R, C> {
    if (this.closed) throw unavailable(`${parent.path} shuts down: it cannot spawn`)
    return new Cell(this, parent, source, name, options).ref
  }

  tellNew<M>(parent: Parent, source: ActorSource<M, unknown>, message: M): void {
    const first = instantiate(source)
    if (first.stopPolicy().stop === "never") {
      throw new TypeError(`${first.constructor.name} would never end: give it a stopPolicy, or spawn it`)
    }
    let unused = true
    const once = (): typeof first => {
      if (!unused) return instantiate(source)
      unused = false
      return first
    }
    void this.spawn(parent, once).tell(message)
  }
}
