import type { Actor, ActorContext, Middleware, NextHook, NextReceive, NextRestart } from "./actor.js"
import type { AnyActorRef } from "./ref.js"
import type { Reply } from "./reply.js"
import type { StopPolicy } from "./stop-policy.js"
import type { Strategy } from "./supervision.js"

/** What the runtime calls of an actor. */
export type Hooks<M, R, C> = Pick<Actor<M, R, C>, keyof Actor<M, R, C>>

/** Those around all actors, and inside them those around one. Undefined where there are none, which costs nothing. */
export function layered(
  outer: readonly Middleware[] | undefined,
  inner: readonly Middleware[] | undefined,
): readonly Middleware[] | undefined {
  if (inner === undefined || inner.length === 0) return outer
  return outer === undefined ? inner : [...outer, ...inner]
}

/** A handler with middleware around it. The chain is made once. */
export function around<M, R, C>(
  middleware: readonly Middleware[],
  context: ActorContext<M, R, C>,
  receive: (message: M) => Reply<R, C>,
): (message: M) => Reply<R, C> {
  const [outermost, ...others] = middleware.filter((each) => each.onReceive !== undefined)
  if (outermost === undefined) return receive
  // Middleware knows no types: that what it hands on is a message, and what it gives an answer, is its promise.
  const next = others.reduceRight<NextReceive>(
    (inner, each) => (given, message) => each.onReceive?.(given, message, inner),
    (_given, message) => receive(message as M),
  )
  return (message) => outermost.onReceive?.(context, message, next) as Reply<R, C>
}

/** One instance of an actor with middleware around its life. */
export class Wrapped<M, R, C> implements Hooks<M, R, C> {
  readonly onReceive: (message: M) => Reply<R, C>
  readonly onStarted: () => void | PromiseLike<void>
  readonly onStopped: () => void | PromiseLike<void>
  readonly onRestart: (error: unknown) => void | PromiseLike<void>
  readonly #instance: Hooks<M, R, C>

  constructor(middleware: readonly Middleware[], instance: Hooks<M, R, C>, context: ActorContext<M, R, C>) {
    this.#instance = instance
    this.onReceive = around(middleware, context, (message) => instance.onReceive(message))
    const started = middleware.reduceRight<NextHook>(
      (next, each) => (given) => (each.onStarted === undefined ? next(given) : each.onStarted(given, next)),
      () => instance.onStarted(),
    )
    const stopped = middleware.reduceRight<NextHook>(
      (next, each) => (given) => (each.onStopped === undefined ? next(given) : each.onStopped(given, next)),
      () => instance.onStopped(),
    )
    const restarted = middleware.reduceRight<NextRestart>(
      (next, each) => (given, error) =>
        each.onRestart === undefined ? next(given, error) : each.onRestart(given, error, next),
      (_given, error) => instance.onRestart(error),
    )
    this.onStarted = () => started(context)
    this.onStopped = () => stopped(context)
    this.onRestart = (error) => restarted(context, error)
  }

  onTerminated(ref: AnyActorRef): void | PromiseLike<void> {
    return this.#instance.onTerminated(ref)
  }

  supervisorStrategy(): Strategy {
    return this.#instance.supervisorStrategy()
  }

  stopPolicy(): StopPolicy {
    return this.#instance.stopPolicy()
  }
}
