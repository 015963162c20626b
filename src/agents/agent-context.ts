import type {
  ActorClass,
  ActorOptions,
  ActorSource,
  ChunkOf,
  MessageTo,
  NotNever,
  ReplyOf,
  StreamEvent,
  Target,
} from "../actor/actor.js"
import type { ActorRef, AnyActorRef, AskOptions, StreamOptions } from "../actor/ref.js"
import type { AnyAgentRef, InOf, OutOf } from "../data/agent-ref.js"
import type { CancelTimer } from "../data/clock.js"
import type { FlowEvent } from "../flow/event.js"

/** What an agent answered, and the task that it was: the `taskId` of its events. */
export interface TaskResult<out O> {
  readonly output: O
  readonly taskId: string
}

/** A reference to an agent, or a class of agents; `never` for anything else. */
type Agent<T> = T extends { readonly _tag: "AgentRef" }
  ? T
  : T extends { readonly ref: AnyAgentRef; new (): infer A }
    ? A
    : never

/** What an agent or an actor takes: an agent its input, an actor its messages. What is neither takes nothing. */
export type AgentInput<T> = [Agent<T>] extends [never]
  ? T extends Target<never, unknown>
    ? MessageTo<T>
    : never
  : InOf<Agent<T>>

/** What an ask gives: of an agent a `TaskResult`, of an actor its reply. */
export type AgentAnswer<T> = T extends unknown
  ? [Agent<T>] extends [never]
    ? ReplyOf<T>
    : TaskResult<OutOf<Agent<T>>>
  : never

/** Whom to ask, and what. */
export type AgentCall<T> = readonly [to: T, input: AgentInput<T>]

/** One call for each target. */
export type AgentCalls<T extends readonly object[]> = { readonly [K in keyof T]: AgentCall<T[K]> }

/** One answer for each target. */
export type AgentAnswers<T extends readonly object[]> = { -readonly [K in keyof T]: AgentAnswer<T[K]> }

/** What `stream` gives: the events of an agent's own task, or the chunks of an actor; then the answer. */
export type AgentStreamEvent<T> = [Agent<T>] extends [never]
  ? StreamEvent<ChunkOf<T>, ReplyOf<T>>
  : { readonly type: "event"; readonly event: FlowEvent } | ({ readonly type: "result" } & TaskResult<OutOf<Agent<T>>>)

/**
 * What a running agent can do besides answering.
 *
 * Whom it asks is an agent (what `defineAgent` gives, or a class), or an actor: a ref, or a class or `actor(…)` of which a
 * child is made for this call. An agent that it asks is a task below its own, with the same limits, the same deadline and
 * its place in the events of the run; it fails with a `FlowError`, whose `fault` says what and where. Whatever an agent has
 * started ends with it.
 *
 * @example
 * ```ts
 * import { AgentSystem, agent, defineAgent } from "troupe"
 * const count = defineAgent({ name: "count" }, (text: string) => text.length)
 * const longest = defineAgent({ name: "longest" }, async (texts: readonly string[], { traverse }) => {
 *   const counts = await traverse(texts, count)
 *   return Math.max(...counts.map(({ output }) => output))
 * })
 * await using system = new AgentSystem()
 * await system.run(agent(longest), ["bee", "hornet"]) // 6
 * ```
 */
export interface AgentContext {
  /** Aborted when the answer is no longer wanted: hand it to `fetch` and the like. Made on first use. */
  readonly signal: AbortSignal
  /** Where the agent's actor lives. */
  readonly path: string
  /** Tells how far it is: the event `task_progress`. */
  readonly progress: (data: unknown) => void
  /** Asks one. Its input is checked before, its output after. */
  readonly ask: <T extends object>(to: T, input: AgentInput<T>, options?: AskOptions) => Promise<AgentAnswer<T>>
  /**
   * Asks all at once and waits for all: the answers in the order of the calls. Fails with the first that fails, and
   * aborts the others.
   */
  readonly sequence: <const T extends readonly object[]>(
    calls: AgentCalls<T>,
    options?: AskOptions,
  ) => Promise<AgentAnswers<T>>
  /** Asks the same of all at once, as `sequence` does. */
  readonly traverse: <T extends object>(
    inputs: readonly AgentInput<T>[],
    to: T,
    options?: AskOptions,
  ) => Promise<AgentAnswer<T>[]>
  /** Asks two at once, as `sequence` does. */
  readonly zip: <A extends object, B extends object>(
    a: AgentCall<A>,
    b: AgentCall<B>,
    options?: AskOptions,
  ) => Promise<[AgentAnswer<A>, AgentAnswer<B>]>
  /**
   * Asks all at once: the first answer wins, and the others are aborted. Fails with a `FaultError` of `AllFailed` when
   * all fail.
   */
  readonly race: <const T extends readonly object[]>(
    calls: AgentCalls<T>,
    options?: AskOptions,
  ) => Promise<AgentAnswer<T[number]>>
  /**
   * Asks, when it is first read, and gives each event of the agent's own task as `{ type: "event", event }` (those of
   * agents that it asks in turn are in the run's events alone), then `{ type: "result", output, taskId }`. Whoever leaves
   * the loop aborts the ask.
   */
  readonly stream: <T extends object>(
    to: T,
    input: AgentInput<T>,
    options?: StreamOptions,
  ) => AsyncGenerator<AgentStreamEvent<T>, void, undefined>
  /** Makes an actor that is a child of this agent, supervised by it and gone with it. */
  readonly spawn: <M, R, C>(source: ActorSource<M, R, C>, name?: string, options?: ActorOptions) => ActorRef<M, R, C>
  /** Tells an actor; or, given a class, a new child made for this message, which must not be a `never` actor. */
  readonly tell: <T extends ActorRef<never> | ActorClass>(
    to: T & NotNever<T>,
    message: MessageTo<T>,
  ) => void | PromiseLike<void>
  /** Calls `then` once that actor has ended; soon, if it already has. What `then` throws fails the agent. */
  readonly watch: (ref: AnyActorRef, then: (ref: AnyActorRef) => void) => void
  /**
   * Calls `then` `ms` milliseconds from now, unless cancelled or the agent has ended. What it throws, or rejects with,
   * fails the agent.
   */
  readonly schedule: (ms: number, then: () => unknown) => CancelTimer
}
