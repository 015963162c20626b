import type { Cancel } from "../data/cancel.js"
import type { CancelTimer, Clock } from "../data/clock.js"
import type { ActorClass, ActorOptions, ActorSource, MessageOf, Middleware, NotNever, Receive } from "./actor.js"
import { type Branch, descend } from "./branch.js"
import type { EventBus } from "./bus.js"
import { systemClock } from "./clock.js"
import type { DeadLetters } from "./dead-letters.js"
import { Ephemeral } from "./ephemeral.js"
import { Ephemerals } from "./ephemerals.js"
import { Visitors } from "./visitors.js"
import { type Free, interpretFree, live } from "./free.js"
import type { Host } from "./host.js"
import { LocalHost } from "./local-host.js"
import type { LogOptions } from "./log.js"
import type { ActorRef, AskOptions } from "./ref.js"
import { unavailable } from "./refusal.js"
import { Root } from "./root.js"
import { stages } from "./stage.js"
import { standardStrategy, type Strategy } from "./supervision.js"

/** Options of an actor system. All have defaults. */
export interface SystemOptions {
  /** Default: the machine's. */
  readonly clock?: Clock
  /** What to do about a top-level actor that fails. Default: restart it, up to 3 times in 60 seconds. */
  readonly supervisor?: Strategy
  /** Structured records of what happens. Default: none. */
  readonly log?: LogOptions
  /** Around the messages and hooks of all its actors, the first outermost. Default: none. */
  readonly middleware?: readonly Middleware[]
}

/** What there is in a system at one moment. */
export interface SystemStats {
  readonly actors: number
  /** Started and not yet due: scheduled messages, deadlines, idle limits, delayed restarts. */
  readonly timers: number
  /** Asks that wait for an answer. */
  readonly asks: number
  /** Handlers that still run although their actor was interrupted. */
  readonly abandoned: number
  /** Dead letters so far. */
  readonly deadLetters: number
}

let readVisitors: (system: ActorSystem) => Visitors

/** What counts the actors of a system that are run elsewhere. For the layers above, not for those who use the package. */
export function visitorsOf(system: ActorSystem): Visitors {
  return readVisitors(system)
}

/** What those of this layer need who put something of their own into the tree. */
export interface Inside {
  readonly host: Host
  readonly root: Branch
  readonly supervisor: Strategy
}

let readInside: (system: ActorSystem) => Inside

/** The inside of a system. For this layer alone. */
export function insideOf(system: ActorSystem): Inside {
  return readInside(system)
}

/**
 * Where actors live.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor } from "troupe/actor"
 * await using app = new ActorSystem("app")
 * const double = app.spawn(actor((n: number) => n * 2), "double")
 * await double.ask(21, { timeout: 1_000 }) // 42
 * ```
 */
export class ActorSystem {
  readonly name: string
  readonly #host: LocalHost
  readonly #root: Root
  readonly #supervisor: Strategy
  readonly #ephemerals = new Ephemerals()
  readonly #visitors: Visitors
  #ended: Promise<void> | undefined

  static {
    readVisitors = (system) => system.#visitors
    readInside = (system) => ({ host: system.#host, root: system.#root, supervisor: system.#supervisor })
  }

  constructor(name: string, options: SystemOptions = {}) {
    this.name = name
    this.#host = new LocalHost(options.clock ?? systemClock, options, (path) => this.get(path))
    this.#visitors = new Visitors(this.#host, name, this.#ephemerals)
    this.#supervisor = options.supervisor ?? standardStrategy
    this.#root = new Root(this.#host, name, this.#supervisor)
  }

  /** The clock of everything in the system that waits. */
  get clock(): Clock {
    return this.#host.clock
  }

  /** Typed events for whoever subscribes. The system itself publishes `ActorFailed`. */
  get bus(): EventBus {
    return this.#host.bus
  }

  /** Told messages that no actor handled. */
  get deadLetters(): DeadLetters {
    return this.#host.letters
  }

  /**
   * Makes a top-level actor and returns its ref at once; it starts in its turn, before its first message.
   *
   * Throws `TypeError` when the name is taken, and a `FaultError` of `Unavailable` after `shutdown`.
   */
  spawn<M, R, C>(source: ActorSource<M, R, C>, name?: string, options?: ActorOptions): ActorRef<M, R, C> {
    const ref = this.#host.spawn(this.#root, source, name, options)
    if (options?.stage !== undefined) this.#root.assign(ref.path, options.stage)
    return ref
  }

  /**
   * Makes an actor for this message. It ends by its own policy: a class whose policy is `never` does not compile, and
   * is refused with a `TypeError` where the compiler cannot know.
   */
  tell<C extends ActorClass>(source: C & NotNever<C>, message: MessageOf<C>): void
  tell(source: ActorClass, message: never): void {
    this.#host.tellNew(this.#root, source, message)
  }

  /** The actor at a path such as `/app/workers/a`. A path says nothing of types: the caller names them. */
  get<M = unknown, R = unknown, C = unknown>(path: string): ActorRef<M, R, C> | undefined {
    const above = this.#ephemerals.above(path)
    const found = above?.path === path ? above : descend(above ?? this.#root, path)
    return found?.ref as ActorRef<M, R, C> | undefined
  }

  /** Asks the actor at a path. Rejects with `Unavailable` when there is none. */
  ask<R = unknown>(path: string, message: unknown, options?: AskOptions): Promise<R> {
    const ref = this.get<unknown, R>(path)
    return ref === undefined ? Promise.reject(unavailable(`there is no actor at ${path}`)) : ref.ask(message, options)
  }

  /**
   * Runs an actor that lives for one message: made at `path`, asked, and gone when it has answered, failed or been
   * cancelled.
   *
   * Answers, or throws, at once when the handler does; what the handler throws is thrown as it is. When `cancel` is
   * cancelled the answer fails with `AbortedError` without waiting for the handler, which is counted as `abandoned`
   * until its promise settles. Its children end with it. The caller sees to it that no other actor has the path.
   *
   * @example
   * ```ts
   * import { ActorSystem, Cancel } from "troupe/actor"
   * await using app = new ActorSystem("app")
   * await app.runEphemeral("/app/agents/echo#1", async (text: string) => text, "hello", new Cancel()) // "hello"
   * ```
   */
  runEphemeral<M, R>(path: string, receive: Receive<M, R>, message: M, cancel: Cancel): R | Promise<R> {
    if (this.#host.closed) throw unavailable(`${this.name} has shut down`)
    return new Ephemeral<M, R>(this.#host, this.#ephemerals, path, cancel).ask(receive, message, cancel)
  }

  /**
   * Runs a program of asks, tells and stops, one after the other, and gives its value.
   *
   * Rejects with what a step fails with, as `ask` of a ref does, or a function of the program throws: what comes after
   * is not run. A stopped actor is what ends, not the program: it goes on, a later ask of that actor fails with
   * `Unavailable`, and a later tell is a dead letter.
   *
   * @param options `signal`: gives up when it aborts. The run fails with `AbortedError`, and so does an ask under way.
   */
  async runFree<A>(program: Free<A>, options: { readonly signal?: AbortSignal } = {}): Promise<A> {
    const { clock, activity } = this.#host
    activity.begin()
    try {
      return await interpretFree(program, clock, live(options.signal), options.signal)
    } finally {
      activity.end()
    }
  }

  /** Resolves when no message, scheduled message, handler or event is pending. Idle limits do not count. */
  whenQuiescent(): Promise<void> {
    return this.#host.activity.whenQuiescent()
  }

  /** What is alive at this moment. */
  stats(): SystemStats {
    const { counts, strays, letters } = this.#host
    return { ...counts, abandoned: strays.count, deadLetters: letters.count }
  }

  /**
   * Ends the system. New messages are refused and waiting asks rejected at once; handlers get their signal and
   * `timeout` milliseconds (default 5,000) to end, then they are abandoned. A second call gives the same promise.
   *
   * Top-level actors end by their `stage`: `"ui"` first, then `"agents"`, `"tools"`, `"workers"`, `"sockets"`, each
   * once those before it have ended; those of one stage end together. The `timeout` is for all stages.
   */
  shutdown(options: { readonly timeout?: number } = {}): Promise<void> {
    this.#ended ??= this.#logged(() => this.#shutDown(options.timeout ?? 5_000))
    return this.#ended
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  async #logged(shutDown: () => Promise<void>): Promise<void> {
    const { log, strays } = this.#host
    log?.stopping(this.#root.path)
    await shutDown()
    await this.#host.end()
    log?.ended(this.#root.path, strays.count)
  }

  async #shutDown(timeout: number): Promise<void> {
    const host = this.#host
    const why = unavailable(`${this.name} shuts down`)
    host.closed = true
    this.#root.refuseAll(why)
    this.#ephemerals.interruptAll(why)
    if (timeout <= 0) {
      for (const stage of stages) void this.#root.stopStage(stage)
      return this.#root.interruptAll(why)
    }
    let stopTimer: CancelTimer | undefined
    let late: Promise<void> | undefined
    const inTime = (ended: Promise<unknown>): Promise<unknown> => {
      late ??= new Promise((resolve) => {
        stopTimer = host.timer(timeout, resolve, "idle")
      })
      return Promise.race([ended, late])
    }
    for (const stage of stages) {
      const stopped = this.#root.stopStage(stage)
      if (stopped !== undefined) await inTime(stopped)
    }
    if (host.strays.count > 0) await inTime(host.strays.whenQuiescent())
    stopTimer?.()
    this.#root.interruptAll(why)
  }
}
