import type { Child } from "./host.js"
import type { AnyActorRef } from "./ref.js"

/** An ephemeral actor as the list sees it. */
export interface Listed {
  readonly path: string
  readonly ref: AnyActorRef
  earlier: Listed | undefined
  later: Listed | undefined
  child(name: string): Child | undefined
  interrupt(reason: unknown): void
}

/** The ephemeral actors of a system. A list, because they come and go often and are looked up almost never. */
export class Ephemerals {
  #first: Listed | undefined

  link(actor: Listed): void {
    actor.later = this.#first
    if (this.#first !== undefined) this.#first.earlier = actor
    this.#first = actor
  }

  unlink(actor: Listed): void {
    if (actor.earlier === undefined) this.#first = actor.later
    else actor.earlier.later = actor.later
    if (actor.later !== undefined) actor.later.earlier = actor.earlier
    actor.earlier = undefined
    actor.later = undefined
  }

  /** The one at a path, or the nearest above it. */
  above(path: string): Listed | undefined {
    let found: Listed | undefined
    for (let actor = this.#first; actor !== undefined; actor = actor.later) {
      const above = actor.path === path || path.startsWith(`${actor.path}/`)
      if (above && (found === undefined || actor.path.length > found.path.length)) found = actor
    }
    return found
  }

  interruptAll(reason: unknown): void {
    for (let actor = this.#first; actor !== undefined; actor = this.#first) actor.interrupt(reason)
  }
}
