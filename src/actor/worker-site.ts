import type { MessagePort } from "node:worker_threads"
import { descend } from "./branch.js"
import { systemClock } from "./clock.js"
import { ActorFailed, LocalHost } from "./local-host.js"
import { ToldClock } from "./worker-clock.js"
import { Guest } from "./worker-guest.js"
import type { AnyActorRef } from "./ref.js"
import { Link } from "./worker-link.js"
import { packThrown } from "./worker-parcel.js"
import type { Hosting, Wire } from "./worker-wire.js"

/** What a worker is told when a system begins to use it. */
export interface Welcome {
  readonly port: MessagePort
  /** What the clock of the system says, if it is not the machine's. */
  readonly now: number | undefined
}

/** What one system has in one worker: the instances of its actors, and their children. */
export class Site extends Link {
  readonly #guests = new Map<number, Guest>()
  readonly #host: LocalHost
  readonly #clock: ToldClock | undefined
  #busy = false

  constructor({ port, now }: Welcome) {
    const told = now === undefined ? undefined : new ToldClock(now, (message) => this.post(message))
    const host = new LocalHost(told ?? systemClock, {}, (path) => this.reachable(path))
    super(host, port)
    this.#host = host
    this.#clock = told
    // What cannot be sent is still a dead letter: its text is.
    host.letters.subscribe(({ to, message, reason }) =>
      this.post({ is: "letter", to, body: packThrown(message), reason }),
    )
    host.bus.subscribe(ActorFailed, ({ path, error, directive }) =>
      this.post({ is: "failed", path, error: packThrown(error), directive }),
    )
    port.on("message", (message: Wire<never>) => {
      this.#hear(message)
      this.#tellBusy()
    })
  }

  override post(message: Wire<unknown>): void {
    this.#tellBusy()
    super.post(message)
  }

  protected override reachable(path: string): AnyActorRef | undefined {
    for (const guest of this.#guests.values()) {
      const found = descend(guest, path)
      if (found !== undefined) return found.ref
    }
    return undefined
  }

  /** Before anything else is said: what is at rest there may be at work here. */
  #tellBusy(): void {
    const { activity } = this.#host
    if (this.#busy || activity.count === 0) return
    this.#busy = true
    super.post({ is: "busy" })
    void activity.whenQuiescent().then(() => {
      this.#busy = false
      super.post({ is: "idle" })
      this.#tellBusy()
    })
  }

  #hear(message: Wire<never>): void {
    switch (message.is) {
      case "open":
        this.#guests.set(message.actor, new Guest(this, message.actor, message.path, message.module, message.name))
        return
      case "hook":
      case "restarted":
      case "notice":
        return this.#perform(message)
      case "receive":
        return this.#guests.get(message.actor)?.receive(message.call, this.open(message.body))
      case "abort":
        return this.#guests.get(message.actor)?.abort(this.open(message.reason), message.closing)
      case "fired":
        return this.#clock?.fired(message.timer, message.now)
      case "halt":
      case "escalate":
      case "noticed":
      case "busy":
      case "idle":
      case "letter":
      case "failed":
      case "timer":
      case "untimer":
        return // said by this side alone
      default:
        return this.heard(message)
    }
  }

  #perform(message: Extract<Hosting<never>, { readonly is: "hook" | "restarted" | "notice" }>): void {
    const { call, actor } = message
    const guest = this.#guests.get(actor)
    const done = (): Promise<unknown> | undefined => {
      if (message.is === "restarted") return guest?.restarted(this.open(message.error))
      if (message.is === "notice") return guest?.noticed(message.notice)
      if (message.hook === "onStarted") return guest?.started()
      return guest?.stopped().finally(() => this.#guests.delete(actor))
    }
    Promise.resolve(done()).then(
      (value) => this.answer(call, value),
      (error: unknown) => this.threw(call, error),
    )
  }
}
