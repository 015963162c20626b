import type { Middleware } from "./actor.js"
import { Branch } from "./branch.js"
import { type Mailbox, type MailboxOwner, memory, type Outcome } from "./mailbox.js"
import { type Entry, isQuestion } from "./question.js"
import type { AnyActorRef } from "./ref.js"
import { MailboxFull, unavailable } from "./refusal.js"
import type { Runnable } from "./run-queue.js"

/** Makes the mailbox of one actor: any factory, or one who keeps it longer than the actor lives. */
type MakeMailbox<M, R> = (wake: () => void, owner: MailboxOwner) => Mailbox<Entry<M, R>>

/** What an actor needs of its options. */
export interface Housing<M, R> {
  readonly mailbox?: MakeMailbox<M, R>
  readonly middleware?: readonly Middleware[]
}

/** An actor as its mailbox sees it. Nothing is worked out for a mailbox that does not look. */
class Housed implements MailboxOwner {
  readonly #actor: Branch
  readonly #name: string | undefined

  constructor(actor: Branch, name: string | undefined) {
    this.#actor = actor
    this.#name = name
  }

  get path(): string {
    return this.#actor.path
  }

  get name(): string {
    const { path } = this
    return this.#name ?? path.slice(path.lastIndexOf("/") + 1)
  }

  get clock(): MailboxOwner["clock"] {
    return this.#actor.host.clock
  }
}

/** Until the actor has its place, or its first message: many have none for long. */
const unopened: Mailbox<never> = {
  size: 0,
  offer: () => ({ is: "refused" }),
  take: () => {
    throw new Error("the actor has no mailbox yet")
  },
  drain: () => [],
}

/** The half of an actor that looks out: what was sent to it, and its place in the line of those that have work. */
export abstract class Inbox<M, R> extends Branch implements Runnable {
  #mailbox: Mailbox<Entry<M, R>> = unopened
  #notices: Array<() => void | PromiseLike<void>> | undefined
  /** `in line`, or `active`: counted as being under way, from the first work until `rest`. */
  #state: "at rest" | "active" | "in line" = "at rest"

  /** Called once, when the actor has its place; calls `undo` before it throws. */
  protected openMailbox(make: MakeMailbox<M, R> | undefined, name: string | undefined, undo: () => void): void {
    if (make === undefined) return
    try {
      this.#mailbox = make(() => this.#wake(), new Housed(this, name))
    } catch (error) {
      undo()
      throw error
    }
  }

  protected closeMailbox(): void {
    this.#mailbox.close?.()
  }

  /** Whether the mailbox wants to know what came of an entry. */
  protected get followed(): boolean {
    return this.#mailbox.handled !== undefined
  }

  protected tellMailbox(outcome: Outcome): void {
    this.#mailbox.handled?.(outcome)
  }

  abstract run(most: number): number

  /** Whether new messages are taken, now or after a restart. */
  protected abstract open(): boolean

  /** Whether a message could be handled at once. */
  protected abstract ready(): boolean

  /** What to do when an actor has ended that was watched without a callback. */
  protected abstract terminated(ref: AnyActorRef): void | PromiseLike<void>

  post(entry: Entry<M, R>): void | PromiseLike<void> {
    if (this.host.closed || !this.open()) return this.#bounce(entry, "stopped")
    const asked = isQuestion(entry)
    if (this.#mailbox === unopened) this.#mailbox = memory()
    const offered = this.#mailbox.offer(entry, asked)
    switch (offered.is) {
      case "queued":
        return this.#wake()
      case "waiting":
        return offered.queued
      case "dropped":
        return this.#bounce(offered.entry, "full")
      case "refused":
        if (!asked) throw new MailboxFull(this.path)
        return this.#bounce(entry, "full")
    }
  }

  notice(ref: AnyActorRef, then: ((ref: AnyActorRef) => void | PromiseLike<void>) | undefined): void {
    this.#notices ??= []
    this.#notices.push(() => (then === undefined ? this.terminated(ref) : then(ref)))
    this.#wake()
  }

  protected hasWork(): boolean {
    return this.#mailbox.size > 0 || (this.#notices !== undefined && this.#notices.length > 0)
  }

  /** Notices go before messages. */
  protected takeNotice(): (() => void | PromiseLike<void>) | undefined {
    return this.#notices?.shift()
  }

  protected takeEntry(): Entry<M, R> {
    return this.#mailbox.take()
  }

  /** Puts the actor in line, once. */
  protected enqueue(): void {
    if (this.#state === "in line") return
    if (this.#state === "at rest") this.host.activity.begin()
    this.#state = "in line"
    this.host.queue.add(this)
  }

  protected leaveLine(): void {
    if (this.#state === "in line") this.#state = "active"
  }

  /** The actor has nothing more to do for now. Says whether it had until now. */
  protected rest(): boolean {
    if (this.#state !== "active") return false
    this.#state = "at rest"
    this.host.activity.end()
    return true
  }

  /** Returns all that was queued: dead letters, and asks that fail. */
  protected bounceAll(): void {
    for (const entry of this.#mailbox.drain()) this.#bounce(entry, "stopped")
  }

  protected dropNotices(): void {
    this.#notices = undefined
  }

  #wake(): void {
    if (this.ready()) this.enqueue()
  }

  #bounce(entry: Entry<M, R>, reason: "stopped" | "full"): void {
    if (!isQuestion(entry)) this.host.letters.add(this.path, entry, reason)
    else if (!entry.open)
      return // an Error costs more than the rest
    else if (reason === "full") entry.reject(new MailboxFull(this.path))
    else entry.reject(unavailable(`${this.path} has ended`))
  }
}
