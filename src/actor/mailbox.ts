import type { Clock } from "../data/clock.js"
import { admit, type Bound, depart, type Held, heldAfter, queuedOf, type WhenFull } from "./admission.js"

/** What a mailbox did with what it was offered. */
export type Offered<E> =
  | { readonly is: "queued" }
  /** Nothing was changed. */
  | { readonly is: "refused" }
  /** It will be queued, in its turn, once there is room: then the promise resolves. */
  | { readonly is: "waiting"; readonly queued: Promise<void> }
  /** There was room for one of the two only; this is the other. */
  | { readonly is: "dropped"; readonly entry: E }

/**
 * Where messages wait for an actor, first in, first out. It outlives restarts of its actor.
 *
 * `E` is a message, or a message with somebody who waits for the answer: a mailbox does not look inside.
 */
export interface Mailbox<E> {
  /** How many can be taken now. It must not throw. */
  readonly size: number
  /**
   * Takes an entry in, or says why not. `asked`: somebody waits, so a full mailbox refuses at once.
   * If it throws, so does `tell`, and an ask fails.
   */
  offer(entry: E, asked: boolean): Offered<E>
  /** The oldest entry; called only while `size > 0`. If it throws, the actor fails. */
  take(): E
  /** Takes all out, those that wait for room as well: the actor takes nothing more. It must not throw. */
  drain(): readonly E[]
  /** The entry taken last has been handled, and this came of it. If it throws, the actor fails. */
  handled?(outcome: Outcome): void
  /** The actor has ended: what the mailbox holds open is closed. It must not throw. */
  close?(): void
}

/** What came of handling an entry; a generator that was ended where it stood has failed with the reason. */
export type Outcome =
  | { readonly is: "answered"; readonly value: unknown }
  | { readonly is: "failed"; readonly error: unknown }

/** What a mailbox may know of its actor. */
export interface MailboxOwner {
  readonly path: string
  /** As given to `spawn`; `$` and a number for an actor without a name. */
  readonly name: string
  /** The clock of its system. */
  readonly clock: Clock
}

/**
 * Makes the mailbox of one actor. If it throws, so does `spawn`.
 *
 * `wake` is for one that fills from outside: called in a later turn, it tells the actor to look.
 */
export type MailboxFactory = <E>(wake: () => void, owner: MailboxOwner) => Mailbox<E>

const queued = { is: "queued" } as const
const refused = { is: "refused" } as const
const nothing: readonly never[] = []

class Queue<E> {
  #entries: Array<E | undefined> = []
  #head = 0

  get size(): number {
    return this.#entries.length - this.#head
  }

  push(entry: E): void {
    this.#entries.push(entry)
  }

  shift(): E {
    const entry = this.#entries[this.#head]
    this.#entries[this.#head++] = undefined
    // To shorten an array costs as much as a few messages.
    if (this.#head === this.#entries.length && this.#head >= 32) {
      this.#entries.length = 0
      this.#head = 0
    } else if (this.#head >= 1_024 && this.#head * 2 >= this.#entries.length) {
      this.#entries.splice(0, this.#head)
      this.#head = 0
    }
    // An entry may itself be `undefined`: what is between head and end is what was pushed.
    return entry as E
  }
}

/** No entry: one may itself be `undefined`. */
const none = Symbol("none")

/** Most actors have one message at a time: only for more is there a queue. */
class MemoryMailbox<E> extends Queue<E> implements Mailbox<E> {
  #only: E | typeof none = none

  override get size(): number {
    return this.#only === none ? super.size : 1
  }

  offer(entry: E): Offered<E> {
    if (this.#only !== none) {
      this.push(this.#only)
      this.#only = none
      this.push(entry)
    } else if (super.size > 0) this.push(entry)
    else this.#only = entry
    return queued
  }

  take(): E {
    const only = this.#only
    if (only === none) return this.shift()
    this.#only = none
    return only
  }

  drain(): readonly E[] {
    return this.size === 0 ? nothing : Array.from({ length: this.size }, () => this.take())
  }
}

/** Unbounded, in memory: the default. */
export const memory: <E>(wake?: () => void) => Mailbox<E> = <E>(): Mailbox<E> => new MemoryMailbox<E>()

/** Does what the pure steps of `admission.ts` say. */
class BoundedMailbox<E> implements Mailbox<E> {
  readonly #bound: Bound
  #held: Held = 0
  /** Those that are queued, then those that wait. */
  readonly #entries = new Queue<E>()
  /** One for each that waits. */
  readonly #releases = new Queue<() => void>()

  constructor(bound: Bound) {
    this.#bound = bound
  }

  get size(): number {
    return queuedOf(this.#bound, this.#held)
  }

  offer(entry: E, asked: boolean): Offered<E> {
    const admission = admit(this.#bound, this.#held, asked)
    this.#held = heldAfter(this.#held, admission)
    switch (admission) {
      case "queue":
        this.#entries.push(entry)
        return queued
      case "wait":
        this.#entries.push(entry)
        return { is: "waiting", queued: new Promise((release) => this.#releases.push(release)) }
      case "displace":
        this.#entries.push(entry)
        return { is: "dropped", entry: this.#entries.shift() }
      case "drop":
        return { is: "dropped", entry }
      case "refuse":
        return refused
    }
  }

  take(): E {
    const departure = depart(this.#bound, this.#held)
    this.#held = heldAfter(this.#held, departure)
    if (departure === "admit the next") this.#releases.shift()()
    return this.#entries.shift()
  }

  drain(): readonly E[] {
    return Array.from({ length: this.#held }, () => this.take())
  }
}

/**
 * A mailbox for so many messages, the one in process not counted.
 *
 * When it is full, an ask is refused at once with `MailboxFull`, and a told message is treated as named: `block` queues
 * it later and loses nothing, `dropNew` and `dropOldest` make a dead letter, `fail` throws `MailboxFull`.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor, bounded } from "troupe/actor"
 * await using app = new ActorSystem("app")
 * const double = app.spawn(actor((n: number) => n * 2), "double", { mailbox: bounded(1_000, "block") })
 * await double.ask(21) // 42
 * ```
 */
export function bounded(capacity: number, whenFull: WhenFull): <E>(wake?: () => void) => Mailbox<E> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new RangeError(`bounded(${capacity}, "${whenFull}"): expected a whole capacity of 1 or more`)
  }
  return <E>(): Mailbox<E> => new BoundedMailbox<E>({ capacity, whenFull })
}
