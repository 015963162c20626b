import type { CancelTimer, Clock } from "../data/clock.js"
import type { ActorOptions, ActorSource, Middleware } from "./actor.js"
import type { Activity } from "./activity.js"
import type { DeadLetters } from "./dead-letters.js"
import type { Log } from "./log.js"
import type { ActorRef, AnyActorRef } from "./ref.js"
import type { RunQueue } from "./run-queue.js"
import type { Directive, Restarts } from "./supervision.js"

/** What there is at this moment. */
export interface Counts {
  actors: number
  timers: number
  asks: number
}

/** Somebody's failure and what was decided about it. */
export interface ActorFailure {
  /** The actor that failed. */
  readonly path: string
  readonly error: unknown
  readonly directive: Directive
}

/** What every actor needs of the system that it lives in. */
export interface Host {
  readonly clock: Clock
  readonly queue: RunQueue
  readonly letters: DeadLetters
  readonly counts: Counts
  /** None where it is off. */
  readonly log: Log | undefined
  /** Around all actors. */
  readonly middleware: readonly Middleware[] | undefined
  /** What `whenQuiescent` waits for. */
  readonly activity: Activity
  /** Handlers that still run although their actor was interrupted. */
  readonly strays: Activity
  /** The system shuts down: no new message is taken. */
  readonly closed: boolean
  /** Starts a counted timer; one that is `idle` does not keep the system from being quiescent. */
  timer(ms: number, fire: () => void, kind: "work" | "idle"): CancelTimer
  failed(failure: ActorFailure): void
  /** The actor that lives at a path. */
  find(path: string): AnyActorRef | undefined
  /** Has something closed in the end of a shutdown, when no actor is left. Gives what takes that back. */
  atEnd(close: () => Promise<void>): () => void
  spawn<M, R, C>(parent: Parent, source: ActorSource<M, R, C>, name?: string, options?: ActorOptions): ActorRef<M, R, C>
  /** Spawns an actor that ends by itself and tells it its first message. */
  tellNew<M>(parent: Parent, source: ActorSource<M, unknown>, message: M): void
}

/** What an actor needs of the one above it. */
export interface Parent {
  readonly path: string
  /** Gives a number to a child without a name. Throws when the name is taken. */
  adopt(child: Child, name: string | undefined): string | number
  forget(child: Child): void
  childFailed(child: Child, error: unknown, how: "itself" | "escalated"): void
}

/**
 * How an actor ends: after the message in process, but for one whose answer is read as a stream; after that too; or its
 * signal aborts.
 */
export type Halt = "gently" | "after its turn" | "interrupting"

/** What an actor needs of the ones below it. */
export interface Child {
  readonly path: string
  /** A text is a name; a number stands for a child without one. */
  readonly key: string | number
  /** None at a place that is no actor. */
  readonly ref: ActorRef<never> | undefined
  restarts: Restarts
  /** Neighbours in the list of their parent. */
  earlier: Child | undefined
  later: Child | undefined
  child(name: string): Child | undefined
  resume(): void
  restart(error: unknown, delay: number): void
  /** Takes no new message, and ends. */
  halt(how: Halt): void
  /** Fails all asks that wait for this actor or one below it, and aborts their signals. */
  refuse(error: Error): void
  /** Ends at once, without waiting for a handler: one that goes on is a stray. */
  interrupt(reason: unknown): void
}
