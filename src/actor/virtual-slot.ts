import type { Unsubscribe } from "../data/cancel.js"
import { FaultError, messageOf, verdictOf } from "../data/fault.js"
import { under } from "../data/path.js"
import type { ActorSource } from "./actor.js"
import { Cell } from "./cell.js"
import type { Host, Parent } from "./host.js"
import type { Mailbox } from "./mailbox.js"
import type { Place } from "./place.js"
import { isPromise } from "./promise.js"
import { type Entry, isQuestion } from "./question.js"
import { unavailable } from "./refusal.js"
import { Era } from "./virtual-era.js"

/** Whose slot it is, and where its id is kept. */
export interface Home<M, R, C> {
  readonly source: ActorSource<M, R, C>
  readonly place: Place
  readonly key: string
  put(): void | PromiseLike<void>
  delete(): void | PromiseLike<void>
  /** Nothing is active, and nothing waits. */
  vacate(): void
}

/**
 * One virtual actor, active or not. It owns the mailbox, which outlives every activation: what one did not take, the next
 * one does.
 */
export class Slot<M, R, C> {
  readonly #host: Host
  readonly #path: string
  readonly #home: Home<M, R, C>
  /**
   * `storing`: the store is asked, before anything begins or after all has ended. `ending`: the activation takes no more.
   */
  #phase: "empty" | "storing" | "alive" | "ending" = "empty"
  /** None when nothing is active or waits. */
  readonly #eras: Array<Era<M, R>> = []
  #cell: Cell<M, R, C> | undefined
  /** The mailbox as the activation sees it. One that has ended may still be told to drain its own. */
  #seen: Mailbox<Entry<M, R>> | undefined
  #wake: () => void = () => {}
  /** The activation has handled something. */
  #took = false
  #error: unknown
  #held = false

  constructor(host: Host, home: Home<M, R, C>) {
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
    if (this.#phase === "alive" && this.#eras.length === 1) return this.#wake()
    this.#hold()
    if (this.#phase === "empty") this.#register()
  }

  /** Handles what came until now, and deactivates. */
  stop(): Promise<void> {
    this.#eras.at(-1)?.close()
    this.#haltSpent()
    return new Promise((resolve) => {
      this.observe(resolve)
    })
  }

  /** The same, and the store forgets the id. */
  forget(): Promise<void> {
    const era = this.#eras.at(-1) ?? this.#begin()
    const done = era.forget()
    if (this.#phase === "empty") this.#settle(unavailable(`${this.#path} is being forgotten`))
    else this.#haltSpent()
    return done
  }

  /** Calls `ended` when what came until now has been handled and nothing is active; at once if so it is. */
  observe(ended: () => void): Unsubscribe {
    const era = this.#eras.at(-1)
    if (era !== undefined) return era.observe(ended)
    ended()
    return () => {}
  }

  /** The system shuts down. An activation is told as any actor is; here it is about what waits for one. */
  refuse(why: Error): void {
    if (this.#phase === "storing") this.#settle(why)
  }

  #begin(): Era<M, R> {
    const era = new Era<M, R>()
    this.#eras.push(era)
    return era
  }

  #queue(entry: Entry<M, R>): void {
    const last = this.#eras.at(-1)
    const era = last === undefined || last.closed ? this.#begin() : last
    era.box.offer(entry, isQuestion(entry))
  }

  #haltSpent(): void {
    if (this.#phase === "alive" && this.#eras[0]?.spent === true) this.#cell?.halt("gently")
  }

  // The beginning

  #register(): void {
    this.#phase = "storing"
    const failed = (error: unknown): void => this.#settle(unregistered(this.#path, error))
    this.#store(
      () => this.#home.put(),
      () => this.#activate(),
      failed,
    )
  }

  /** Asks the store for something, and does not wait where that need not be. */
  #store(what: () => void | PromiseLike<void>, then: () => void, failed: (error: unknown) => void): void {
    let asked: void | PromiseLike<void>
    try {
      asked = what()
    } catch (error) {
      failed(error)
      return
    }
    if (!isPromise(asked)) return then()
    const era = this.#eras[0]
    // A shutdown does not wait for the store.
    const still = (next: () => void): void => {
      if (this.#eras[0] === era) next()
    }
    asked.then(
      () => still(then),
      (error: unknown) => still(() => failed(error)),
    )
  }

  #activate(): void {
    const { source, key } = this.#home
    this.#phase = "alive"
    this.#took = false
    this.#error = undefined
    this.#cell = new Cell(this.#host, this.#parent(), source, key, {
      mailbox: (wake) => this.#view(wake),
    })
    this.#cell.observe(() => this.#ended())
    if (this.#eras.length === 1) this.#release()
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

  /** That it is drained says that the activation takes no more. */
  #view(wake: () => void): Mailbox<Entry<M, R>> {
    const box = (): Mailbox<Entry<M, R>> | undefined => this.#eras[0]?.box
    const seen: Mailbox<Entry<M, R>> = {
      get size() {
        return box()?.size ?? 0
      },
      offer: (entry) => {
        this.#queue(entry)
        return { is: "queued" }
      },
      take: () => this.#take(),
      drain: () => (seen === this.#seen ? this.#drain() : []),
    }
    this.#wake = wake
    this.#seen = seen
    return seen
  }

  #take(): Entry<M, R> {
    const era = this.#eras[0]
    if (era === undefined) throw new Error(`${this.#path} has nothing to take`)
    this.#took = true
    const entry = era.box.take()
    // In the next microtask the handler of this last one runs, or has: then the cell may be told to end.
    if (era.spent) queueMicrotask(() => this.#haltSpent())
    return entry
  }

  // The end

  #drain(): readonly Entry<M, R>[] {
    if (this.#host.closed) return this.#eras.flatMap((era) => era.box.drain())
    this.#phase = "ending"
    return []
  }

  #ended(): void {
    this.#cell = undefined
    this.#seen = undefined
    const left = this.#eras[0]?.box.size ?? 0
    if (!this.#host.closed && this.#took && left > 0) this.#register()
    else this.#settle(unstarted(this.#path, this.#error))
  }

  /** There is no activation: what is left of its era fails, and the next era has its turn. */
  #settle(why: Error): void {
    const era = this.#eras[0]
    const failed = era?.box.drain() ?? []
    const end = (error?: unknown): void => {
      this.#next()
      for (const entry of failed) this.#bounce(entry, why)
      era?.end(error)
    }
    if (this.#host.closed) {
      const others = this.#eras.splice(1)
      end(why)
      for (const other of others) {
        for (const entry of other.box.drain()) this.#bounce(entry, why)
        other.end(why)
      }
    } else if (era?.forgets === true) {
      this.#phase = "storing"
      this.#hold()
      this.#store(
        () => this.#home.delete(),
        () => end(),
        (error) => end(unregistered(this.#path, error)),
      )
    } else end()
  }

  #next(): void {
    this.#eras.shift()
    if (this.#eras.length > 0) return this.#register()
    this.#phase = "empty"
    this.#release()
    this.#home.vacate()
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
