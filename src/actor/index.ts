/**
 * Actors: state behind a mailbox, one message at a time, supervised.
 *
 * @packageDocumentation
 */
export { Cancel } from "../data/cancel.js"
export type { Unsubscribe } from "../data/cancel.js"
export type { CancelTimer, Clock } from "../data/clock.js"
export type { WhenFull } from "./admission.js"
export { Actor, actor } from "./actor.js"
export type {
  AnyContext,
  ActorClass,
  ActorContext,
  ActorOptions,
  ActorSource,
  Call,
  Calls,
  ChunkOf,
  MessageOf,
  MessageTo,
  Middleware,
  NextHook,
  NextReceive,
  NextRestart,
  NotNever,
  Receive,
  Replies,
  ReplyOf,
  StreamEvent,
  Target,
} from "./actor.js"
export { type EventBus, eventType } from "./bus.js"
export type { EventType, SubscribeOptions, Topic } from "./bus.js"
export { systemClock, systemId, systemRandom } from "./clock.js"
export type { DeadLetter, DeadLetters } from "./dead-letters.js"
export { type MainEnded, type MainOptions, runMain } from "./foreground.js"
export { Free } from "./free.js"
export type { ActorFailure } from "./host.js"
export { ActorFailed } from "./local-host.js"
export { sendSchema } from "./jsonl/envelope.js"
export type { Envelope, Outgoing } from "./jsonl/envelope.js"
export { jsonl } from "./jsonl/mailbox.js"
export type { JsonlOptions } from "./jsonl/mailbox.js"
export { messages } from "./jsonl/messages.js"
export type { Messages, MessagesOptions } from "./jsonl/messages.js"
export type { LogEvent, LogLevel, LogOptions, LogRecord } from "./log.js"
export { bounded, memory } from "./mailbox.js"
export type { Mailbox, MailboxFactory, MailboxOwner, Offered, Outcome } from "./mailbox.js"
export type { ActorRef, AnyActorRef, AskOptions, ReplyStream, StreamOptions } from "./ref.js"
export { MailboxFull } from "./refusal.js"
export { isGenerated } from "./reply.js"
export type { Generated, Reply } from "./reply.js"
export { afterIdle, afterMessage, never, oneTime } from "./stop-policy.js"
export type { AfterIdle, AfterMessage, Never, OneTime, StopPolicy } from "./stop-policy.js"
export { allForOne, oneForOne } from "./supervision.js"
export type { Backoff, Directive, Strategy, StrategyOptions } from "./supervision.js"
export { ActorSystem } from "./system.js"
export type { SystemOptions, SystemStats } from "./system.js"
export type { Stage } from "./stage.js"
export { VirtualActors, type VirtualOptions } from "./virtual.js"
export { memoryStore, type RegistryStore } from "./virtual-store.js"
export { type WorkerPool, workers } from "./worker-pool.js"
export type { WorkersOptions, WorkersStats } from "./worker-pool.js"
export type { ThreadOptions } from "./worker-thread.js"
