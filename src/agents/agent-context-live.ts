import type { ActorClass, ActorContext, MessageTo, NotNever, Target } from "../actor/actor.js"
import { All, First, type Gathering } from "../actor/calls.js"
import type { Presence } from "../actor/presence.js"
import { isPromise } from "../actor/promise.js"
import type { ActorRef, AskOptions, StreamOptions } from "../actor/ref.js"
import type { Visitors } from "../actor/visitors.js"
import { type AnyAgentRef, agentIn } from "../data/agent-ref.js"
import { Cancel } from "../data/cancel.js"
import type { CancelTimer } from "../data/clock.js"
import type { Ask } from "../flow/runtime.js"
import { Asker, One, Reading, type Receiver } from "./agent-context-asker.js"
import type { AgentAnswer, AgentAnswers, AgentCall, AgentCalls, AgentInput, AgentStreamEvent } from "./agent-context.js"

type TaskEvent = AgentStreamEvent<AnyAgentRef>

type AnyCall = readonly [to: object, input: never]

const isActor = (to: object): to is Target<never, unknown> => typeof to === "function" || "askStream" in to

function actorIn(to: object): Target<never, unknown> {
  if (isActor(to)) return to
  throw new TypeError("whom an agent asks is an agent or an actor: expected what defineAgent gives, a class, or a ref")
}

const nameOf = (to: object): string =>
  agentIn(to)?.name ?? (typeof to === "function" ? to.name || "actor" : "path" in to ? String(to.path) : "actor")

/** What an agent does besides answering. Made when it first does any of it. */
export class LiveAgentContext {
  readonly #ask: Ask
  readonly #visitors: Visitors
  readonly #fail: (thrown: unknown) => void
  #presence: Presence | undefined
  #timers: Set<CancelTimer> | undefined
  #ended = false

  /** @param fail ends the agent with an error. */
  constructor(ask: Ask, visitors: Visitors, fail: (thrown: unknown) => void) {
    this.#ask = ask
    this.#visitors = visitors
    this.#fail = fail
  }

  /** The agent among actors. */
  get actor(): ActorContext<never> {
    return this.#present.context
  }

  get #present(): Presence {
    if (this.#presence === undefined) {
      const { agentPath, cancel } = this.#ask
      this.#presence = this.#visitors.presence(agentPath, cancel, this.#fail)
      if (this.#ended) this.#presence.end()
    }
    return this.#presence
  }

  ask<T extends object>(to: T, input: AgentInput<T>, options?: AskOptions): Promise<AgentAnswer<T>>
  ask(to: object, input: never, options: AskOptions = {}): Promise<unknown> {
    const ref = agentIn(to)
    if (ref === undefined) return this.actor.ask(actorIn(to), input, options)
    const one = new One()
    this.#ask.askAnother(ref, input, new Asker(one, 0, options))
    return one.result
  }

  sequence<const T extends readonly object[]>(calls: AgentCalls<T>, options?: AskOptions): Promise<AgentAnswers<T>>
  sequence(calls: readonly AnyCall[], options?: AskOptions): Promise<unknown[]> {
    return this.#askAll(calls, new All<unknown>(this.#ask.cancel, options, calls.length))
  }

  traverse<T extends object>(inputs: readonly AgentInput<T>[], to: T, options?: AskOptions): Promise<AgentAnswer<T>[]>
  traverse(inputs: readonly never[], to: object, options?: AskOptions): Promise<unknown[]> {
    const calls = inputs.map((input): AnyCall => [to, input])
    return this.#askAll(calls, new All<unknown>(this.#ask.cancel, options, calls.length))
  }

  zip<A extends object, B extends object>(
    a: AgentCall<A>,
    b: AgentCall<B>,
    options?: AskOptions,
  ): Promise<[AgentAnswer<A>, AgentAnswer<B>]>
  zip(a: AnyCall, b: AnyCall, options?: AskOptions): Promise<unknown[]> {
    return this.#askAll([a, b], new All<unknown>(this.#ask.cancel, options, 2))
  }

  race<const T extends readonly object[]>(calls: AgentCalls<T>, options?: AskOptions): Promise<AgentAnswer<T[number]>>
  race(calls: readonly AnyCall[], options?: AskOptions): Promise<unknown> {
    const names = calls.map(([to]) => nameOf(to))
    return this.#askAll(calls, new First<unknown>(this.#ask.cancel, options, names))
  }

  stream<T extends object>(
    to: T,
    input: AgentInput<T>,
    options?: StreamOptions,
  ): AsyncGenerator<AgentStreamEvent<T>, void, undefined>
  stream(to: object, input: never, options: StreamOptions = {}): AsyncGenerator<unknown, void, undefined> {
    const ref = agentIn(to)
    return ref === undefined ? this.actor.stream(actorIn(to), input, options) : this.#events(ref, input, options)
  }

  tell<T extends ActorRef<never> | ActorClass>(to: T & NotNever<T>, message: MessageTo<T>): void | PromiseLike<void>
  tell(to: ActorRef<never> | ActorClass, message: never): void | PromiseLike<void> {
    return typeof to === "function" ? this.#present.tellNew(to, message) : to.tell(message)
  }

  schedule(ms: number, then: () => unknown): CancelTimer {
    if (this.#ended) return () => {}
    this.#timers ??= new Set()
    const timers = this.#timers
    const fire = (): void => {
      timers.delete(stop)
      try {
        const result = then()
        if (isPromise(result)) Promise.resolve(result).catch(this.#fail)
      } catch (thrown) {
        this.#fail(thrown)
      }
    }
    const stop = this.#visitors.after(ms, fire)
    timers.add(stop)
    return () => {
      timers.delete(stop)
      stop()
    }
  }

  /** The agent has ended. What it asked of agents has ended by itself. */
  end(): void {
    this.#ended = true
    if (this.#timers !== undefined) for (const stop of this.#timers) stop()
    this.#presence?.end()
  }

  #askAll<Result>(
    calls: readonly AnyCall[],
    group: Gathering<unknown> & { readonly result: Promise<Result> },
  ): Promise<Result> {
    const { limits, result } = group
    const receiver: Receiver = {
      answered: (i, answer) => group.answered(i, answer),
      failed: (i, error) => group.failed(i, error),
      giveUp: (reason) => {
        result.catch(() => {}) // nobody may be there to hear of it
        group.giveUp(reason)
      },
    }
    calls.forEach(([to, input], i) => {
      const ref = agentIn(to)
      if (ref !== undefined) this.#ask.askAnother(ref, input, new Asker(receiver, i, limits))
      else {
        this.actor.ask(actorIn(to), input, limits).then(
          (answer) => group.answered(i, answer),
          (error: unknown) => group.failed(i, error),
        )
      }
    })
    return result
  }

  async *#events(ref: AnyAgentRef, input: unknown, options: AskOptions): AsyncGenerator<TaskEvent, void, undefined> {
    const left = new Cancel(options.cancel)
    const reading = new Reading()
    try {
      this.#ask.askAnother(ref, input, new Asker(reading, 0, { ...options, cancel: left }, reading.heard))
      for (;;) {
        const step = await reading.next()
        if ("answer" in step) {
          yield { type: "result", ...step.answer }
          return
        }
        yield { type: "event", ...step }
      }
    } finally {
      left.cancel("nobody reads on")
    }
  }
}
