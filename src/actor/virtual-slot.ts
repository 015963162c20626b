import type { Unsubscribe } from "../data/cancel.js"
import { FaultError, messageOf, verdictOf } from "../data/fault.js"
import { under } from "../data/path.js"
import type { ActorSource } from "./actor.js"
import { Cell } from "./cell.js"
import type { Host, Parent } from "./host.js"
import { type Mailbox, memory } from "./mailbox.js"
import type { Place } from "./place.js"
import { isPromise } from "./promise.js"
import { type Entry, isQuestion } from "./question.js"
import { unavailable } from "./refusal.js"
import { Watchers } from "./watchers.js"

/** Whose slot it is, and where its id is kept. */
export interface Home<M, R> {
  readonly source: ActorSource<M, R>
  readonly place: Place
  readonly key: string
  put(): void | PromiseLike<void>
  delete(): void | PromiseLike<void>
  /** Nothing is active, and nothing waits. */
  vacate(): void
}

/** Callers of one `forget`. */
interface Forgetting {
  readonly done: Promise<void>
  readonly settle: (error?: unknown) => void
}

/**
 * One virtual actor, active or not. It owns the mailbox, which outlives every activation: what one did not take, the next
 * one does.
 */
export class Slot<M, R> {
  readonly #host: Host
  readonly #path: string
  readonly #home: Home<M, R>
  /**
   * `storing`: the store is asked before anything begins or after all has ended. `ending`: the activation takes no more.
   */
  #phase: "empty" | "storing" | "alive" | "ending" = "empty"
  /** To be deactivated once what is in the box has been handled; what comes meanwhile is for later. */
  #closing = false
  readonly #box: Mailbox<Entry<M, R>> = memory<Entry<M, R>>(() => {})
  #later: Array<Entry<M, R>> = []
  #cell: Cell<M, R> | undefined
  /** The mailbox as the activation sees it. One that has ended may still be told to drain its own. */
  #seen: Mailbox<Entry<M, R>> | undefined
  #wake: () => void = () => {}
  /** The activation has handled something. */
  #took = false
  #error: unknown
  #held = false
  #forgetting: Forgetting | undefined
  #watchers: Watchers | undefined

  constructor(host: Host, home: Home<M, R>) {
    this.#host = host
    this.#home = home
    this.#path = under(home.place.path, home.key)
  }

  get active(): boolean {
    return this.#cell !== undefined
  }

  post(entry: Entry<M, R>): void {
    if (this.#host.closed) {
      if (this.#phase === "empty") this.#home.vacate()
      return this.#bounce(entry, unavailable(`${this.#path} has ended`))
    }
    this.#queue(entry)
    if (this.#phase === "alive" && !this.#closing) return this.#wake()
    this.#hold()
    if (this.#phase === "empty") this.#register()
  }

  /** Handles what came until now, and deactivates. */
  stop(): Promise<void> {
    if (this.#phase === "empty") return Promise.resolve()
    this.#closing = true
    if (this.#phase === "alive" && this.#box.size === 0) this.#cell?.halt("gently")
    return new Promise((resolve) => {
      this.observe(resolve)
    })
  }

  /** The same, and the store forgets the id. */
  forget(): Promise<void> {
    const forgetting = this.#forgetting ?? forgettingAnew()
    this.#forgetting = forgetting
    if (this.#phase === "empty") this.#settle(unavailable(`${this.#path} is being forgotten`))
    else void this.stop()
    return forgetting.done
  }

  /** Calls `ended` when nothing is active any more; at once if nothing is. */
  observe(ended: () => void): Unsubscribe {
    if (this.#phase === "empty") {
      ended()
      return () => {}
    }
    this.#watchers ??= new Watchers()
    return this.#watchers.add(ended)
  }

  /** The system shuts down. An activation is told as any actor is; here it is about what waits for one. */
  refuse(why: Error): void {
    if (this.#phase === "storing") this.#settle(why)
  }

  #queue(entry: Entry<M, R>): void {
    if (this.#closing) this.#later.push(entry)
    else this.#box.offer(entry, isQuestion(entry))
  }

  // The beginning

  #register(): void {
    this.#phase = "storing"
    const failed = (error: unknown): void => this.#settle(unregistered(this.#path, error))
    let put: void | PromiseLike<void>
    try {
      put = this.#home.put()
    } catch (error) {
      failed(error)
      return
    }
    if (!isPromise(put)) return this.#activate()
    const stored = (then: () => void): void => {
      if (this.#phase === "storing") then()
    }
    put.then(
      () => stored(() => this.#activate()),
      (error: unknown) => stored(() => failed(error)),
    )
  }

  #activate(): void {
    const { source, key } = this.#home
    this.#phase = "alive"
    this.#took = false
    this.#error = undefined
    this.#cell = new Cell(this.#host, this.#parent(), source, key, undefined, (wake) => this.#view(wake))
    this.#cell.observe(() => this.#ended())
    if (this.#later.length === 0) this.#release()
  }

  #parent(): Parent {
    const { place, key } = this.#home
    return {
      path: place.path,
      adopt: (child) => place.adoptAt(child, key),
      forget: (child) => place.forget(child),
      childFailed: (child, error, how) => {
        this.#error = error
        place.childFailed(child, error, how)
      },
    }
  }

  /** The mailbox as one activation sees it. That it is drained says that the activation takes no more. */
  #view(wake: () => void): Mailbox<Entry<M, R>> {
    const box = this.#box
    this.#wake = wake
    const seen: Mailbox<Entry<M, R>> = {
      get size() {
        return box.size
      },
      offer: (entry) => {
        this.#queue(entry)
        return { is: "queued" }
      },
      take: () => this.#take(),
      drain: () => (seen === this.#seen ? this.#drain() : []),
    }
    this.#seen = seen
    return seen
  }

  #take(): Entry<M, R> {
    this.#took = true
    const entry = this.#box.take()
    const cell = this.#cell
    // In the next microtask the handler of this last one runs, or has: then the cell may be told to end.
    if (this.#closing && this.#box.size === 0) queueMicrotask(() => cell?.halt("gently"))
    return entry
  }

  // The end

  #drain(): readonly Entry<M, R>[] {
    if (this.#host.closed) return [...this.#box.drain(), ...this.#later.splice(0)]
    this.#phase = "ending"
    return []
  }

  #ended(): void {
    this.#cell = undefined
    this.#seen = undefined
    if (!this.#host.closed && this.#took && this.#box.size > 0) this.#register()
    else this.#settle(unstarted(this.#path, this.#error))
  }

  /** There is no activation: what waited for this one fails, and what came for a later one has its turn. */
  #settle(why: Error): void {
    const failed = [...this.#box.drain()]
    const forgetting = this.#forgetting
    this.#forgetting = undefined
    const rest = (error?: unknown): void => {
      this.#rest(failed, why)
      forgetting?.settle(error)
    }
    if (forgetting === undefined || this.#host.closed) return rest()
    this.#phase = "storing"
    this.#closing = true
    this.#hold()
    let deleted: void | PromiseLike<void>
    try {
      deleted = this.#home.delete()
    } catch (error) {
      rest(unregistered(this.#path, error))
      return
    }
    if (!isPromise(deleted)) return rest()
    deleted.then(
      () => rest(),
      (error: unknown) => rest(unregistered(this.#path, error)),
    )
  }

  #rest(failed: Array<Entry<M, R>>, why: Error): void {
    const watchers = this.#watchers
    this.#watchers = undefined
    this.#phase = "empty"
    this.#closing = false
    const later = this.#later.splice(0)
    if (this.#host.closed) failed.push(...later)
    else for (const entry of later) this.#box.offer(entry, isQuestion(entry))
    if (this.#box.size > 0) this.#register()
    else {
      this.#release()
      this.#home.vacate()
    }
    for (const entry of failed) this.#bounce(entry, why)
    watchers?.tell()
  }

  #bounce(entry: Entry<M, R>, why: Error): void {
    if (isQuestion(entry)) entry.reject(why)
    else this.#host.letters.add(this.#path, entry, "stopped")
  }

  /** Something waits although no actor is at work on it. */
  #hold(): void {
    if (this.#held) return
    this.#held = true
    this.#host.activity.begin()
  }

  #release(): void {
    if (!this.#held) return
    this.#held = false
    this.#host.activity.end()
  }
}

function forgettingAnew(): Forgetting {
  let settle: (error?: unknown) => void = () => {}
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error))
  })
  return { done, settle }
}

/** The store failed: another try may succeed. */
export function unregistered(path: string, cause: unknown): FaultError {
  const message = `the store of ${path} failed: ${messageOf(cause)}`
  return new FaultError({ _tag: "Unavailable", message, cause, retry: "yes" })
}

/** An activation ended before its first message: to make another for the same messages would never end. */
function unstarted(path: string, cause: unknown): FaultError {
  if (cause === undefined) return unavailable(`${path} ended before its first message`)
  const message = `${path} failed before its first message: ${messageOf(cause)}`
  return new FaultError({ _tag: "Unavailable", message, cause, retry: verdictOf(cause) })
}
