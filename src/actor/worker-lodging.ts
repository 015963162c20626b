import type { MessagePort } from "node:worker_threads"
import type { CancelTimer } from "../data/clock.js"
import type { Host } from "./host.js"
import type { AnyActorRef } from "./ref.js"
import { Link } from "./worker-link.js"
import type { Housed, Wire } from "./worker-wire.js"

/** An actor whose instance is in a worker. */
export interface Lodger {
  readonly path: string
  /** The instance wants to end. */
  halt(): void
  /** A child of the instance failed, and the instance does not know what to do. */
  escalated(error: unknown): void
  /** An actor has ended that the instance watches. */
  noticed(notice: number): void
  /** The worker is gone, and the instance with it. */
  lost(error: Error): void
}

/** What a lodging needs of those who run it. */
export interface Landlord {
  /** An actor below one of those that are in another worker. */
  elsewhere(path: string, but: Lodging): AnyActorRef | undefined
  /** Whether the process is to wait for this lodging may have changed. */
  changed(): void
}

/** What one system has in one worker, as the thread of the system sees it. */
export class Lodging extends Link {
  readonly #port: MessagePort
  readonly #landlord: Landlord
  readonly #lodgers = new Map<number, Lodger>()
  readonly #timers = new Map<number, CancelTimer>()
  #numbered = 0
  #busy = false

  constructor(host: Host, port: MessagePort, landlord: Landlord) {
    super(host, port)
    this.#port = port
    this.#landlord = landlord
    port.on("message", (message: Wire<never>) => this.receive(message))
    port.unref() // the worker itself is what the process waits for
  }

  /** Something waits for the worker, or is at work there. */
  get active(): boolean {
    return this.waiting > 0 || this.#busy
  }

  /** How many actors have their instances there. */
  get lodgers(): number {
    return this.#lodgers.size
  }

  /** Begins an instance there, and gives its number. Whether that goes well is told by its first hook. */
  lodge(lodger: Lodger, module: string, name: string): number {
    const actor = ++this.#numbered
    this.#lodgers.set(actor, lodger)
    this.post({ is: "open", actor, path: lodger.path, module, name })
    return actor
  }

  leave(actor: number): void {
    this.#lodgers.delete(actor)
  }

  /** Whether the actor of that path is below one that lodges here. */
  houses(path: string): boolean {
    for (const lodger of this.#lodgers.values()) if (path.startsWith(`${lodger.path}/`)) return true
    return false
  }

  haltAll(): void {
    for (const lodger of this.#lodgers.values()) lodger.halt()
  }

  /** The worker is gone, or this system is. */
  override fail(error: Error): void {
    const lodgers = [...this.#lodgers.values()]
    this.#lodgers.clear()
    for (const lodger of lodgers) lodger.lost(error)
    super.fail(error)
    for (const stop of this.#timers.values()) stop()
    this.#timers.clear()
    this.#work(false)
    this.#port.close()
  }

  /** Takes in what the worker said and nobody has heard yet. */
  rest(next: (port: MessagePort) => { readonly message: Wire<never> } | undefined): void {
    for (let left = next(this.#port); left !== undefined; left = next(this.#port)) this.receive(left.message)
  }

  protected override reachable(path: string): AnyActorRef | undefined {
    return this.host.find(path) ?? this.#landlord.elsewhere(path, this)
  }

  protected override changed(): void {
    this.#landlord.changed()
  }

  #work(busy: boolean): void {
    if (busy === this.#busy) return
    this.#busy = busy
    if (busy) this.host.activity.begin()
    else this.host.activity.end()
    this.changed()
  }

  /** Takes in a message of the worker. */
  receive(message: Wire<never>): void {
    switch (message.is) {
      case "halt":
        return this.#lodgers.get(message.actor)?.halt()
      case "escalate":
        return this.#lodgers.get(message.actor)?.escalated(this.open(message.error))
      case "noticed":
        return this.#lodgers.get(message.actor)?.noticed(message.notice)
      case "busy":
      case "idle":
        return this.#work(message.is === "busy")
      case "letter":
        return this.host.letters.add(message.to, this.open(message.body), message.reason)
      case "failed":
        return this.host.failed({ ...message, error: this.open(message.error) })
      case "timer":
      case "untimer":
        return this.#time(message)
      case "open":
      case "hook":
      case "restarted":
      case "receive":
      case "notice":
      case "abort":
      case "fired":
        return // said by this side alone
      default:
        return this.heard(message)
    }
  }

  #time(message: Extract<Housed<never>, { readonly is: "timer" | "untimer" }>): void {
    const { timer } = message
    if (message.is === "untimer") {
      this.#timers.get(timer)?.()
      this.#timers.delete(timer)
      return
    }
    const { clock } = this.host
    const fire = (): void => {
      this.#timers.delete(timer)
      this.post({ is: "fired", timer, now: clock.now() })
    }
    this.#timers.set(timer, clock.after(message.ms, fire))
  }
}
