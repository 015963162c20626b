import type { ActorSource } from "./actor.js"
import { systemClock } from "./clock.js"
import type { Host } from "./host.js"
import type { AnyActorRef } from "./ref.js"
import { unavailable } from "./refusal.js"
import { type FindStay, WorkerActor } from "./worker-actor.js"
import type { Lodging } from "./worker-lodging.js"
import { type Running, type StartThread, startThread, Thread, type ThreadOptions } from "./worker-thread.js"

/** Options of `workers`. All have defaults. */
export interface WorkersOptions extends ThreadOptions {
  /** How many threads at most. Default: one less than the machine has processors, and at least one. */
  readonly size?: number
}

/** What there is in a pool at one moment. */
export interface WorkersStats {
  /** Threads that are started. */
  readonly threads: number
  /** Actors that have their instances there. */
  readonly actors: number
}

/**
 * Worker threads for actors that would hold the event loop too long.
 */
export class WorkerPool {
  readonly #size: number
  readonly #start: () => Running
  readonly #threads = new Set<Thread>()
  /** The systems that use it, and how each takes back that it is to be told of the end. */
  readonly #hosts = new Map<Host, () => void>()
  #emptied: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor(options: WorkersOptions, start: StartThread = startThread) {
    const { availableParallelism } = process.getBuiltinModule("node:os")
    const size = options.size ?? Math.max(1, availableParallelism() - 1)
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`workers with size ${size}: expected a whole number of threads, 1 or more`)
    }
    this.#size = size
    this.#start = () => start(options)
  }

  /**
   * What `spawn` makes an actor of whose instance lives in a worker: one that a module exports, as a class of actors or
   * what `actor(…)` gives.
   *
   * The worker imports the module; what it takes, answers and yields is for the caller to say: `actor<M, R, C>`.
   *
   * @param module where it is: `new URL("./fibonacci.js", import.meta.url)`.
   * @param name what it exports it as.
   */
  actor<M, R = void, C = unknown>(module: URL, name: string): ActorSource<M, R, C> {
    return () => new WorkerActor<M, R, C>(this.#find, module.href, name)
  }

  /** What there is at this moment. */
  stats(): WorkersStats {
    return { threads: this.#threads.size, actors: this.#load() }
  }

  /**
   * Stops the actors that are there, and ends the threads. An actor that has not ended after `timeout` milliseconds
   * (default 5,000) ends with its thread. Nothing is started there from now on. A second call gives the same promise.
   *
   * A pool whose systems have all shut down has no threads any more: nobody has to close it.
   */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(options.timeout ?? 5_000)
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  readonly #find: FindStay = (host, lodger, module, name) => {
    if (this.#closed !== undefined) throw unavailable(`the workers are closed: ${lodger.path} cannot start there`)
    if (!this.#hosts.has(host))
      this.#hosts.set(
        host,
        host.atEnd(() => this.#forget(host)),
      )
    const thread = this.#thread()
    const lodging = thread.lodging(host, (path, but) => this.#elsewhere(host, path, but))
    const actor = lodging.lodge(lodger, module, name)
    thread.load++
    let there = true
    const leave = (): void => {
      if (!there) return
      there = false
      lodging.leave(actor)
      thread.load--
      if (this.#load() === 0) this.#emptied?.()
    }
    return { lodging, actor, leave }
  }

  /** The one with the fewest actors; a new one, as long as there may be more and none is free. */
  #thread(): Thread {
    const [least] = [...this.#threads].sort((a, b) => a.load - b.load)
    if (least !== undefined && (least.load === 0 || this.#threads.size >= this.#size)) return least
    const thread = new Thread(this.#start(), (lost) => this.#threads.delete(lost))
    this.#threads.add(thread)
    return thread
  }

  #load(): number {
    let load = 0
    for (const thread of this.#threads) load += thread.load
    return load
  }

  #elsewhere(host: Host, path: string, but: Lodging): AnyActorRef | undefined {
    for (const thread of this.#threads) {
      for (const lodging of thread.lodgings) {
        if (lodging !== but && lodging.host === host && lodging.houses(path)) return lodging.far(path)
      }
    }
    return undefined
  }

  async #forget(host: Host): Promise<void> {
    this.#hosts.get(host)?.()
    this.#hosts.delete(host)
    const threads = [...this.#threads]
    await Promise.all(
      threads.map((thread) => (this.#hosts.size === 0 ? thread.end("its system has shut down") : thread.forget(host))),
    )
  }

  async #close(timeout: number): Promise<void> {
    const threads = [...this.#threads]
    for (const thread of threads) for (const lodging of thread.lodgings) lodging.haltAll()
    if (this.#load() > 0) {
      await new Promise<void>((resolve) => {
        const stopTimer = systemClock.after(timeout, resolve)
        this.#emptied = () => {
          stopTimer()
          resolve()
        }
      })
    }
    for (const takeBack of this.#hosts.values()) takeBack()
    this.#hosts.clear()
    await Promise.all(threads.map((thread) => thread.end("the workers are closed")))
  }
}

/**
 * Makes a pool of worker threads. A thread starts when an actor is placed there, and ends with the systems that use it.
 *
 * Throws `RangeError` for a `size` that is no whole number above 0.
 *
 * @example
 * ```ts
 * import { isMainThread } from "node:worker_threads"
 * import { ActorSystem, actor, workers } from "troupe/actor"
 * export const Double = actor((n: number) => n * 2)
 * // The thread imports this very module: what follows is not for it.
 * if (isMainThread) {
 *   await using app = new ActorSystem("app")
 *   const double = app.spawn(workers().actor<number, number>(new URL(import.meta.url), "Double"))
 *   await double.ask(21) // 42
 * }
 * ```
 */
export function workers(options: WorkersOptions = {}): WorkerPool {
  return new WorkerPool(options)
}
