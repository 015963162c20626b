import type { Unsubscribe } from "../data/cancel.js"
import { under } from "../data/path.js"
import type { ActorSource } from "./actor.js"
import type { Host } from "./host.js"
import { LocalRef, type Target } from "./local-ref.js"
import { Place } from "./place.js"
import type { Entry } from "./question.js"
import type { AskOptions, ReplyStream, StreamOptions } from "./ref.js"
import { type ActorSystem, insideOf } from "./system.js"
import { decodeKey, encodeKey } from "./key.js"
import { Slot, unregistered } from "./virtual-slot.js"
import { memoryStore, type RegistryStore } from "./virtual-store.js"

/** Options of the virtual actors of a system. */
export interface VirtualOptions {
  /** Where their ids are kept. Default: in memory. */
  readonly store?: RegistryStore
  /** Under which name they live in the system. Default `"virtual"`, as in `/app/virtual/Counter/session-1`. */
  readonly name?: string
}

/** The virtual actors of one class. */
class Kind<M, R, C> {
  readonly source: ActorSource<M, R, C>
  readonly place: Place
  readonly slots: Map<string, Slot<M, R, C>> = new Map()

  constructor(source: ActorSource<M, R, C>, place: Place) {
    this.source = source
    this.place = place
  }
}

/** What can be done to a virtual actor whatever its messages. */
interface AnySlot {
  stop(): Promise<void>
  refuse(why: Error): void
}

interface AnyKind {
  readonly source: unknown
  readonly slots: { values(): Iterable<AnySlot> }
}

/** The kinds lie under their sources: that is what makes one that of a source. */
const isOf = <M, R, C>(kind: AnyKind, source: ActorSource<M, R, C>): kind is Kind<M, R, C> => kind.source === source

/** What a ref to a virtual actor holds: whatever slot there is when something is sent. */
class Address<M, R, C> implements Target<M, R> {
  readonly host: Host
  readonly path: string
  readonly #slot: () => Slot<M, R, C>

  constructor(host: Host, path: string, slot: () => Slot<M, R, C>) {
    this.host = host
    this.path = path
    this.#slot = slot
  }

  post(entry: Entry<M, R>): void {
    this.#slot().post(entry)
  }

  stop(): Promise<void> {
    return this.#slot().stop()
  }

  observe(ended: () => void): Unsubscribe {
    return this.#slot().observe(ended)
  }
}

/** Where all virtual actors of a system live. */
class VirtualPlace extends Place {
  readonly slots: () => Iterable<AnySlot>

  constructor(system: ActorSystem, name: string, slots: () => Iterable<AnySlot>) {
    const { root, supervisor } = insideOf(system)
    super(root, encodeKey(name), supervisor)
    this.slots = slots
  }

  override refuse(error: Error): void {
    super.refuse(error)
    for (const slot of this.slots()) slot.refuse(error)
  }
}

/**
 * Actors that are there for whoever asks: one by class and id, made when its first message comes, ended when idle.
 *
 * There is at most one instance of a class and an id at any time, however many ask at once. What comes while it is being
 * deactivated waits for the next one, which starts after `onStopped` of the old one has ended: it sees what that saved.
 * An actor ends by its own `stopPolicy`, such as `afterIdle(ms)`; messages that it did not take go to the next one.
 * Failures are supervised as the system says; they concern the failing actor alone.
 *
 * A class is what it is, not its name: two classes of one name have different actors, the second under `Name~2`, in the
 * order of their first use. Whoever wants the ids of such classes after a restart of the process gives them names of their
 * own. The ids are any text; in paths and keys of the store they are percent-encoded.
 *
 * @example
 * ```ts
 * import { Actor, ActorSystem, afterIdle, VirtualActors } from "troupe/actor"
 * class Counter extends Actor<"inc" | "get", number> {
 *   #n = 0
 *   override onReceive(message: "inc" | "get") {
 *     if (message === "inc") this.#n++
 *     return this.#n
 *   }
 *   override stopPolicy = () => afterIdle(60_000)
 * }
 * await using app = new ActorSystem("app")
 * const virtual = new VirtualActors(app)
 * virtual.tell(Counter, "session-1", "inc")
 * await virtual.ask(Counter, "session-1", "get") // 1
 * await virtual.ask(Counter, "session-2", "get") // 0
 * await virtual.deactivate(Counter, "session-1")
 * virtual.isActive(Counter, "session-1") // false
 * await virtual.knownIds(Counter) // ["session-1", "session-2"]
 * ```
 */
export class VirtualActors {
  readonly #host: Host
  readonly #store: RegistryStore
  readonly #place: VirtualPlace
  readonly #system: ActorSystem
  readonly #kinds = new Map<unknown, AnyKind>()

  /** Throws `TypeError` when the name is taken in the system. */
  constructor(system: ActorSystem, options: VirtualOptions = {}) {
    this.#system = system
    this.#host = insideOf(system).host
    this.#store = options.store ?? memoryStore()
    this.#place = new VirtualPlace(system, options.name ?? "virtual", () => this.#slots())
  }

  /**
   * Asks the actor of that class and id, which is made if there is none.
   *
   * Fails as `ask` of a ref does; with a `FaultError` of `Unavailable` when the store fails (its error is the `cause`,
   * `retry` says `"yes"`), and when the actor ends before its first message, as one whose `onStarted` keeps throwing.
   */
  ask<M, R, C>(source: ActorSource<M, R, C>, id: string, message: M, options?: AskOptions): Promise<R> {
    return this.#ref(source, id).ask(message, options)
  }

  /** Asks the actor of that class and id, and reads what its handler yields: as `askStream` of a ref. */
  askStream<M, R, C>(source: ActorSource<M, R, C>, id: string, message: M, options?: StreamOptions): ReplyStream<C, R> {
    return this.#ref(source, id).askStream(message, options)
  }

  /** Tells the actor of that class and id, which is made if there is none. Where an ask would fail: a dead letter. */
  tell<M, R, C>(source: ActorSource<M, R, C>, id: string, message: M): void {
    void this.#ref(source, id).tell(message)
  }

  /**
   * Ends the actor of that class and id once it has handled what came before. Resolves when `onStopped` has ended; at
   * once when none is active.
   *
   * @param options `forget`: its id is deleted from the store as well; when that fails, so does the call.
   */
  deactivate<M, R, C>(
    source: ActorSource<M, R, C>,
    id: string,
    options: { readonly forget?: boolean } = {},
  ): Promise<void> {
    if (options.forget === true) return this.#slot(source, id).forget()
    return this.#kind(source).slots.get(encodeKey(id))?.stop() ?? Promise.resolve()
  }

  /** Ends all that are active, as `deactivate` does. */
  async deactivateAll(): Promise<void> {
    await Promise.all([...this.#slots()].map((slot) => slot.stop()))
  }

  /** Whether there is an instance now, also one that is being started or deactivated. */
  isActive<M, R, C>(source: ActorSource<M, R, C>, id: string): boolean {
    return this.#kind(source).slots.get(encodeKey(id))?.active === true
  }

  /**
   * The ids of a class that were ever asked or told, in the order of text: what the store holds, so those of earlier
   * processes too. Rejects with a `FaultError` of `Unavailable` when the store fails.
   */
  async knownIds<M, R, C>(source: ActorSource<M, R, C>): Promise<readonly string[]> {
    const { place } = this.#kind(source)
    let keys: readonly string[]
    try {
      keys = await this.#store.listAll()
    } catch (error) {
      throw unregistered(place.path, error)
    }
    const prefix = `${place.key}/`
    const own = keys.filter((key) => key.startsWith(prefix))
    return own.map((key) => decodeKey(key.slice(prefix.length))).sort()
  }

  #ref<M, R, C>(source: ActorSource<M, R, C>, id: string): LocalRef<M, R, C> {
    const path = under(this.#kind(source).place.path, encodeKey(id))
    return new LocalRef(new Address(this.#host, path, () => this.#slot(source, id)))
  }

  #slot<M, R, C>(source: ActorSource<M, R, C>, id: string): Slot<M, R, C> {
    const { place, slots } = this.#kind(source)
    const key = encodeKey(id)
    const there = slots.get(key)
    if (there !== undefined) return there
    const stored = `${place.key}/${key}`
    const slot = new Slot(this.#host, {
      source,
      place,
      key,
      put: () => this.#store.put(stored),
      delete: () => this.#store.delete(stored),
      vacate: () => slots.delete(key),
    })
    slots.set(key, slot)
    return slot
  }

  #kind<M, R, C>(source: ActorSource<M, R, C>): Kind<M, R, C> {
    const there = this.#kinds.get(source)
    if (there !== undefined && isOf(there, source)) return there
    const name = encodeKey(source.name === "" ? "anonymous" : source.name)
    const { supervisor } = insideOf(this.#system)
    const kind = new Kind(source, new Place(this.#place, this.#free(name), supervisor))
    this.#kinds.set(source, kind)
    return kind
  }

  /** The name, or with the first number that is free: encoded, no name of a class holds a `~`. */
  #free(name: string): string {
    if (this.#place.child(name) === undefined) return name
    let number = 2
    while (this.#place.child(`${name}~${number}`) !== undefined) number++
    return `${name}~${number}`
  }

  *#slots(): Generator<AnySlot> {
    for (const { slots } of this.#kinds.values()) yield* slots.values()
  }
}
