import type { Actor, ActorSource } from "./actor.js"
import type { ActorRef } from "./ref.js"

/** Whom a context asks: an actor, or a class or `actor(…)` of which a child is made for this one message. */
export type Target<M, R, C = unknown> = ActorRef<M, R, C> | ActorSource<M, R, C>

/** The actor that a class or `actor(…)` makes. */
type Made<T> = T extends new () => infer A ? A : T extends () => infer A ? A : never

/** The messages that a target takes. */
export type MessageTo<T> =
  T extends ActorRef<infer M> ? M : Made<T> extends Actor<infer M, infer _R, infer _C> ? M : never

/** What a target answers. */
export type ReplyOf<T> =
  T extends ActorRef<never, infer R> ? R : Made<T> extends Actor<never, infer R, infer _C> ? R : never

/** What a target yields on the way to its answer. */
export type ChunkOf<T> =
  T extends ActorRef<never, infer _R, infer C> ? C : Made<T> extends Actor<never, infer _R, infer C> ? C : never

/** Whom to ask, and what. What is no target takes no message. */
export type Call<T> = readonly [to: T, message: MessageTo<T>]

/** Any call. */
export type AnyCall = readonly [to: Target<never, unknown>, message: never]

/** One call for each target. */
export type Calls<T extends readonly object[]> = { readonly [K in keyof T]: Call<T[K]> }

/** One answer for each target. */
export type Replies<T extends readonly object[]> = { -readonly [K in keyof T]: ReplyOf<T[K]> }

/** What `context.stream` gives: each chunk, then the answer. */
export type StreamEvent<C, R> =
  | { readonly type: "event"; readonly event: C }
  | { readonly type: "result"; readonly output: R }
