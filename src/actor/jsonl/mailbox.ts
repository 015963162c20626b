import { mkdirSync } from "node:fs"
import { resolve } from "node:path"
import type { CancelTimer } from "../../data/clock.js"
import { isLeft } from "../../data/either.js"
import { isRecord } from "../../data/json.js"
import { type Mailbox, type MailboxFactory, type MailboxOwner, memory, type Offered, type Outcome } from "../mailbox.js"
import { checkCase, checkId, filesOf } from "./actor-id.js"
import { Deliveries, type Delivery } from "./deliveries.js"
import { type Envelope, envelopeOf, readPayload } from "./envelope.js"
import { watchFile } from "./folder-watch.js"
import { defaultRoot, type Messages, messages } from "./messages.js"

/** Options of `jsonl`. All have defaults. */
export interface JsonlOptions {
  /** The folder with the files of all actors. Default: `_/messages`, from the working directory. */
  readonly root?: string
  /** The id of the actor. Default: its name. */
  readonly id?: string
  /** Milliseconds after which the file is looked at although nothing told of a change. Default 1,000. */
  readonly poll?: number
  /** Whether the system is asked to tell of changes. Default: yes. On a network file system it never may. */
  readonly watch?: boolean
}

/** What lies in the mailbox: a message from the file, or what was told or asked within the process. */
interface Item<E> {
  readonly entry: E
  readonly asked: boolean
  readonly delivery?: Delivery
}

/** Entries beyond which no more are read until some are handled. */
const enough = 256

/** Parts of the file that are read before the event loop has its turn. */
const perLook = 4

/** The files that are read in this process: two readers of one would each get all. */
const readers = new Set<string>()

class JsonlMailbox<E> implements Mailbox<E> {
  readonly #id: string
  readonly #owner: MailboxOwner
  readonly #wake: () => void
  readonly #poll: number
  readonly #items: Mailbox<Item<E>> = memory<Item<E>>()
  readonly #answers: Messages
  readonly #deliveries: Deliveries
  readonly #ends: Array<() => void> = []
  #stopTimer: CancelTimer = () => {}
  #current: Item<E> | undefined
  #willLook = false
  #failure: { readonly error: unknown } | undefined
  #drained = false
  #closed = false

  constructor(options: JsonlOptions, wake: () => void, owner: MailboxOwner) {
    const { id = owner.name, root = defaultRoot, poll = 1_000, watch = true } = options
    checkId(id, `the mailbox of ${owner.path}:`)
    if (!(poll > 0)) throw new RangeError(`jsonl({ poll: ${poll} }): expected milliseconds, more than 0`)
    const folder = resolve(root)
    this.#id = id
    this.#owner = owner
    this.#wake = wake
    this.#poll = poll
    this.#answers = messages({ from: id, root: folder, clock: owner.clock })
    mkdirSync(folder, { recursive: true })
    checkCase(folder, id)
    this.#register(filesOf(folder, id).messages)
    try {
      // Watched before it is read: what comes between the two is told of.
      if (watch) this.#ends.push(watchFile(folder, `${id}.jsonl`, () => this.#soon()))
      this.#deliveries = new Deliveries(folder, id, owner.clock)
    } catch (error) {
      this.close()
      throw error
    }
    this.#ends.push(() => this.#deliveries.close())
    this.#look()
    this.#arm()
  }

  get size(): number {
    return this.#drained ? 0 : this.#items.size + (this.#failure === undefined ? 0 : 1)
  }

  offer(entry: E, asked: boolean): Offered<E> {
    this.#items.offer({ entry, asked }, asked)
    return { is: "queued" }
  }

  take(): E {
    if (this.#items.size === 0 && this.#failure !== undefined) {
      const { error } = this.#failure
      this.#failure = undefined
      throw error
    }
    const item = this.#items.take()
    this.#current = item
    if (this.#items.size === 0) this.#look()
    return item.entry
  }

  /** What came from the file stays there. */
  drain(): readonly E[] {
    this.#drained = true
    return this.#items.drain().flatMap(({ entry, delivery }) => (delivery === undefined ? [entry] : []))
  }

  handled(outcome: Outcome): void {
    const item = this.#current
    this.#current = undefined
    // A handler that throws because its actor ends has not handled its message: it is there at the next start.
    if (item === undefined || this.#closed || (this.#drained && outcome.is === "failed")) return
    try {
      if (outcome.is === "answered") this.#answer(item, outcome.value)
    } finally {
      if (item.delivery !== undefined) this.#deliveries.done(item.delivery)
    }
    if (this.#deliveries.held) this.#look()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopTimer()
    for (const end of this.#ends) end()
  }

  #register(file: string): void {
    if (readers.has(file)) {
      throw new TypeError(`${file} is the mailbox of another actor of this process: stop that actor first`)
    }
    readers.add(file)
    this.#ends.push(() => readers.delete(file))
  }

  /** Once, however many changes are told of. */
  #soon(): void {
    if (this.#willLook) return
    this.#willLook = true
    this.#owner.clock.yield(() => {
      this.#willLook = false
      this.#lookAndWake()
    })
  }

  #arm(): void {
    this.#stopTimer = this.#owner.clock.after(this.#poll, () => {
      this.#arm()
      this.#lookAndWake()
    })
  }

  #lookAndWake(): void {
    this.#look()
    if (this.size > 0) this.#wake()
  }

  /** Reads on, if there is room. A failure is thrown when the actor takes its next message. */
  #look(): void {
    if (this.#closed || this.#drained) return
    try {
      for (let parts = 0; this.#items.size < enough; parts++) {
        if (parts === perLook) return this.#soon()
        const found = this.#deliveries.next()
        if (found === undefined) return
        // Whoever gives an actor this mailbox says that its messages are envelopes.
        for (const delivery of found) {
          this.#items.offer({ entry: delivery.envelope as E, asked: false, delivery }, false)
        }
      }
    } catch (error) {
      this.#failure ??= { error }
    }
  }

  #answer({ entry, asked, delivery }: Item<E>, value: unknown): void {
    // What was asked is answered to whoever asked.
    if (asked || !isRecord(value)) return
    const envelope = delivery?.envelope ?? told(entry, this.#id)
    // Who is its own customer has the answer already; and nobody answers an answer.
    if (envelope === undefined || envelope.customer === this.#id) return
    const payload = readPayload(value)
    if (isLeft(payload)) {
      throw new TypeError(`the answer of ${this.#owner.path} to message ${envelope.id} cannot be sent: ${payload.left}`)
    }
    this.#answers.forward(envelope, envelope.customer, payload.right)
  }
}

function told(entry: unknown, id: string): Envelope | undefined {
  const found = envelopeOf(entry, id)
  return isLeft(found) ? undefined : found.right
}

/**
 * A mailbox that is filled from a file, `<root>/<id>.jsonl`: by it an actor takes part in the messages of other
 * processes. Its messages are envelopes.
 *
 * A message that was appended to the file wakes the actor. When its handler has ended the position is written to
 * `<id>.offset`, where a later process goes on: a message is delivered at least once. What the handler returns, if it is
 * an object, is sent to the customer of the message, unless that is the actor itself. A line that is no envelope is put
 * into `<id>.quarantine.jsonl`, with why. What is told or asked within the process waits in memory.
 *
 * `spawn` throws `TypeError` where the id is none that a file can have, or is that of another mailbox of this process.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs"
 * import { tmpdir } from "node:os"
 * import { join } from "node:path"
 * import { ActorSystem, actor, type Envelope, jsonl, messages } from "troupe/actor"
 * const root = mkdtempSync(join(tmpdir(), "messages-"))
 * await using app = new ActorSystem("app")
 * const said = new Promise((resolve) => {
 *   app.spawn(actor((message: Envelope) => resolve(message.payload)), "bob", { mailbox: jsonl({ root }) })
 * })
 * messages({ from: "alice", root }).send({ to: "bob", payload: { hello: "Bob" } })
 * await said // { hello: "Bob" }
 * ```
 */
export function jsonl(options?: JsonlOptions): MailboxFactory
/** The same with all defaults: `{ mailbox: jsonl }`. */
export function jsonl<E>(wake: () => void, owner: MailboxOwner): Mailbox<E>
export function jsonl<E>(first: JsonlOptions | (() => void) = {}, owner?: MailboxOwner): MailboxFactory | Mailbox<E> {
  if (typeof first !== "function")
    return <F>(wake: () => void, of: MailboxOwner) => new JsonlMailbox<F>(first, wake, of)
  if (owner === undefined) throw new TypeError("jsonl takes options: jsonl({ root })")
  return new JsonlMailbox<E>({}, first, owner)
}
