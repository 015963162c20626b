import { under } from "../data/path.js"
import type { Branch } from "./branch.js"
import type { Child, Halt } from "./host.js"
import { Top } from "./root.js"
import { noRestarts, type Restarts, type Strategy } from "./supervision.js"

/** A place in the tree where actors live and that is none itself. It ends with the system alone. */
export class Place extends Top implements Child {
  readonly key: string
  readonly path: string
  readonly ref: undefined
  earlier: Child | undefined
  later: Child | undefined
  restarts: Restarts = noRestarts
  readonly #parent: Branch
  readonly #strategy: Strategy

  constructor(parent: Branch, key: string, supervisor: Strategy) {
    super(parent.host)
    this.#parent = parent
    this.key = parent.adoptAt(this, key)
    this.path = under(parent.path, this.key)
    // Those who live here know nothing of each other.
    this.#strategy = { ...supervisor, concerns: "one" }
  }

  protected strategy(): Strategy {
    return this.#strategy
  }

  /** What befalls the actors beside it does not concern it. */
  resume(): void {}
  restart(): void {}

  halt(how: Halt): void {
    if (!this.host.closed) return
    const ended = this.stopChildren(how)
    if (ended === undefined) this.#parent.forget(this)
    else void ended.then(() => this.#parent.forget(this))
  }

  refuse(error: Error): void {
    this.refuseChildren(error)
  }

  interrupt(reason: unknown): void {
    this.interruptChildren(() => reason)
    this.#parent.forget(this)
  }
}
