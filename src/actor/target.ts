import type { Actor, ActorClass, ActorSource } from "./actor.js"
import type { ActorRef, AnyActorRef } from "./ref.js"

/** Whom a context asks: an actor, or a class or `actor(…)` of which a child is made for this one message. */
export type Target<M, R, C = unknown> = ActorRef<M, R, C> | ActorSource<M, R, C>

/** Any target. */
export type AnyTarget = AnyActorRef | ActorClass | (() => Actor<never, unknown>)

/** The messages that a target takes. */
export type MessageTo<T> =
  T extends ActorRef<infer M> ? M : T extends ActorSource<infer M, infer _R, infer _C> ? M : never

/** What a target answers. */
export type ReplyOf<T> =
  T extends ActorRef<never, infer R> ? R : T extends ActorSource<never, infer R, infer _C> ? R : never

/** What a target yields on the way to its answer. */
export type ChunkOf<T> =
  T extends ActorRef<never, infer _R, infer C> ? C : T extends ActorSource<never, infer _R, infer C> ? C : never

/** Whom to ask, and what. */
export type Call<T> = readonly [to: T, message: MessageTo<T>]

/** Any call. */
export type AnyCall = readonly [to: Target<never, unknown>, message: never]

/** One call for each target. */
export type Calls<T extends readonly AnyTarget[]> = { readonly [K in keyof T]: Call<T[K]> }

/** One answer for each target. */
export type Replies<T extends readonly AnyTarget[]> = { -readonly [K in keyof T]: ReplyOf<T[K]> }

/** What `context.stream` gives: each chunk, then the answer. */
export type StreamEvent<C, R> =
  | { readonly type: "event"; readonly event: C }
  | { readonly type: "result"; readonly output: R }
