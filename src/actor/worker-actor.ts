import type { CancelTimer } from "../data/clock.js"
import { Actor } from "./actor.js"
import { type Owner, ownerOf } from "./context.js"
import type { Host } from "./host.js"
import { Late, Undelivered } from "./late.js"
import { never, type StopPolicy } from "./stop-policy.js"
import { FarGenerator } from "./worker-far.js"
import type { Waiter } from "./worker-link.js"
import type { Lodger, Lodging } from "./worker-lodging.js"
import { packMessage, packThrown } from "./worker-parcel.js"
import type { Started, Wire } from "./worker-wire.js"

/** Where an instance is. */
export interface Stay {
  readonly lodging: Lodging
  readonly actor: number
  leave(): void
}

/** Finds a worker for an actor. Throws `Unavailable` when there are to be none. */
export type FindStay = (host: Host, lodger: Lodger, module: string, name: string) => Stay

/**
 * An actor whose instance is in a worker: here are its mailbox, its turns and its supervision, there is its state. Each
 * handler and hook is a call to there.
 */
export class WorkerActor<M, R, C> extends Actor<M, R, C> implements Lodger {
  readonly #find: FindStay
  readonly #module: string
  readonly #name: string
  #owner: Owner<never, unknown, unknown> | undefined
  #stay: Stay | undefined
  /** What took the worker away. */
  #lost: Error | undefined
  #policy: StopPolicy = never
  #calls = 0
  #generator: FarGenerator<R, C> | undefined
  #offCancel: CancelTimer | undefined

  constructor(find: FindStay, module: string, name: string) {
    super()
    this.#find = find
    this.#module = module
    this.#name = name
  }

  // What the system wants of it

  override async onStarted(): Promise<void> {
    const started = await this.#hook<Started>(({ actor }, call) => ({ is: "hook", call, actor, hook: "onStarted" }))
    this.#policy = started.policy
  }

  override async onRestart(thrown: unknown): Promise<void> {
    const error = packThrown(thrown)
    await this.#hook<undefined>(({ actor }, call) => ({ is: "restarted", call, actor, error }))
  }

  override async onStopped(): Promise<void> {
    const stay = this.#stay
    if (stay === undefined) return
    try {
      await this.#hook<undefined>(({ actor }, call) => ({ is: "hook", call, actor, hook: "onStopped" }))
    } finally {
      this.#offCancel?.()
      this.#stay = undefined
      stay.leave()
    }
  }

  override stopPolicy(): StopPolicy {
    return this.#policy
  }

  override onReceive(message: M): Promise<R>
  override onReceive(message: M): Promise<R | Late<R, C>> {
    if (this.#stay !== undefined) return this.#receive(this.#stay, message)
    // Its parent said `resume`: it begins anew, for what it knew is gone.
    return this.onRestart(this.#lost)
      .then(() => this.onStarted())
      .then(() => this.#receive(this.#staying(), message))
  }

  #receive({ lodging, actor }: Stay, message: M): Promise<R | Late<R, C>> {
    return new Promise((resolve, reject) => {
      try {
        const body = packMessage(message)
        const call = this.#call(lodging, (number) => ({ is: "receive", call: number, actor, body }), {
          answer: (value: R) => (this.#generator === undefined ? resolve(value) : this.#generator.answer(value)),
          threw: (error) => (this.#generator === undefined ? reject(error) : this.#generator.threw(error)),
          generator: () => {
            const generator = new FarGenerator<R, C>(lodging, call)
            this.#generator = generator
            resolve(new Late((read) => (read ? generator : generator.drain())))
          },
          chunk: (value: C) => this.#generator?.chunk(value),
          left: () => this.#generator?.left(),
        })
      } catch (error) {
        reject(error instanceof Error ? new Undelivered(error) : error)
      }
    })
  }

  #hook<T>(message: (stay: Stay, call: number) => Wire<unknown>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stay = this.#staying()
      this.#call(stay.lodging, (call) => message(stay, call), { answer: (value: T) => resolve(value), threw: reject })
    })
  }

  /** A call that counts as long as it lasts. */
  #call(lodging: Lodging, message: (call: number) => Wire<unknown>, waiter: Waiter): number {
    const over = (): void => {
      this.#calls--
      this.#generator = undefined
    }
    const call = lodging.call(message, {
      ...waiter,
      answer: (value) => {
        waiter.answer(value)
        over()
      },
      threw: (error) => {
        waiter.threw(error)
        over()
      },
      left: () => {
        waiter.left?.()
        over()
      },
    })
    this.#calls++
    return call
  }

  /** Where the instance is; it begins when there is none. */
  #staying(): Stay {
    if (this.#stay !== undefined) return this.#stay
    const { context } = this
    const owner = ownerOf(context)
    this.#owner = owner
    const stay = this.#find(owner.host, this, this.#module, this.#name)
    this.#stay = stay
    this.#offCancel?.()
    this.#offCancel = context.cancel.onCancel((reason) => {
      const closing = owner.host.closed
      stay.lodging.post({ is: "abort", actor: stay.actor, reason: packThrown(reason), closing })
    })
    return stay
  }

  // What the instance wants of it

  get path(): string {
    return this.context.path
  }

  halt(): void {
    this.#owner?.halt("after its turn")
  }

  escalated(error: unknown): void {
    this.#owner?.fail(error, "escalated")
  }

  noticed(notice: number): void {
    // The turn of a notice lasts as long as what it is given.
    const call = (): void | PromiseLike<void> =>
      this.#hook<undefined>(({ actor }, number) => ({ is: "notice", call: number, actor, notice }))
    this.#owner?.notice(this.context.self, call)
  }

  lost(error: Error): void {
    const stay = this.#stay
    this.#stay = undefined
    this.#lost = error
    stay?.leave()
    // A call that is waited for fails by itself, and the actor with it.
    if (this.#generator === undefined ? this.#calls === 0 : !this.#generator.awaited) this.#owner?.fail(error)
  }
}
