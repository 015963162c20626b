import type { Unsubscribe } from "../data/cancel.js"
import type { Activity } from "./activity.js"
import { isPromise } from "./promise.js"

declare const event: unique symbol

/** A kind of event, by the text in its `type`. */
export interface EventType<E> {
  readonly type: string
  readonly [event]?: E
}

/** What can be subscribed to: an `eventType`, or a class. */
export type Topic<E> = EventType<E> | (abstract new (...args: never) => E)

/**
 * Names a kind of event that is a plain object with a `type`.
 *
 * @example
 * ```ts
 * import { ActorSystem, eventType } from "troupe/actor"
 * await using app = new ActorSystem("app")
 * const TaskCompleted = eventType<{ type: "task_completed"; taskId: string }>("task_completed")
 * const seen: string[] = []
 * app.bus.subscribe(TaskCompleted, ({ taskId }) => void seen.push(taskId))
 * app.bus.publish({ type: "task_completed", taskId: "a" })
 * await app.whenQuiescent()
 * seen // ["a"]
 * ```
 */
export function eventType<E extends { readonly type: string }>(type: E["type"]): EventType<E> {
  return { type }
}

/** Options of one subscription to the event bus. */
export interface SubscribeOptions {
  /** Events that wait for this subscriber at most; when more come, the oldest are left out. Default 10,000. */
  readonly capacity?: number
}

class Subscriber {
  readonly #activity: Activity
  readonly #capacity: number
  readonly #handle: (event: object) => unknown
  #waiting: object[] = []
  #working = false
  #left = false

  constructor(activity: Activity, capacity: number, handle: (event: object) => unknown) {
    this.#activity = activity
    this.#capacity = capacity
    this.#handle = handle
  }

  offer(event: object): void {
    if (this.#waiting.length >= this.#capacity) this.#waiting.shift()
    this.#waiting.push(event)
    if (this.#working) return
    this.#working = true
    this.#activity.begin()
    queueMicrotask(() => this.#work())
  }

  leave(): void {
    this.#left = true
    this.#waiting = []
  }

  #work(): void {
    const batch = this.#waiting
    this.#waiting = []
    for (let i = 0; i < batch.length && !this.#left; i++) {
      const event = batch[i]
      if (event === undefined) continue
      let result: unknown
      try {
        result = this.#handle(event)
      } catch {
        // A subscriber's failure is its own: neither the publisher nor the others hear of it.
        continue
      }
      if (isPromise(result)) {
        this.#waiting = [...batch.slice(i + 1), ...this.#waiting]
        const go = (): void => this.#work()
        result.then(go, go)
        return
      }
    }
    if (this.#waiting.length > 0 && !this.#left) {
      queueMicrotask(() => this.#work())
      return
    }
    this.#working = false
    this.#activity.end()
  }
}

/**
 * Typed publish and subscribe. Publishing returns at once; each subscriber has its own queue, and its own order kept.
 */
export class EventBus {
  readonly #activity: Activity
  readonly #byType = new Map<string, Set<Subscriber>>()
  readonly #byClass = new Map<unknown, Set<Subscriber>>()

  constructor(activity: Activity) {
    this.#activity = activity
  }

  /**
   * Calls `handle` for each event of that kind from now on, one at a time: the next waits for its promise.
   *
   * What it throws is dropped: an event has no sender to tell.
   */
  subscribe<E extends object>(
    topic: Topic<E>,
    handle: (event: E) => void | PromiseLike<void>,
    options?: SubscribeOptions,
  ): Unsubscribe {
    const own = new Subscriber(this.#activity, options?.capacity ?? 10_000, (event) =>
      isOf(topic, event) ? handle(event) : undefined,
    )
    const off = typeof topic === "function" ? add(this.#byClass, topic, own) : add(this.#byType, topic.type, own)
    return () => {
      off()
      own.leave()
    }
  }

  /** Hands an event to all that subscribed to its `type`, its class, or a class above. */
  publish(event: object): void {
    if (this.#byType.size > 0 && "type" in event && typeof event.type === "string") {
      offerAll(this.#byType.get(event.type), event)
    }
    if (this.#byClass.size === 0) return
    for (let p: unknown = Object.getPrototypeOf(event); isObject(p); p = Object.getPrototypeOf(p)) {
      offerAll(this.#byClass.get(p.constructor), event)
    }
  }
}

/** The text or the class of an event says of which type it is: that is what a topic promises. */
const isOf = <E extends object>(topic: Topic<E>, event: object): event is E =>
  typeof topic === "function" ? event instanceof topic : "type" in event && event.type === topic.type

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

function offerAll(subscribers: Set<Subscriber> | undefined, event: object): void {
  if (subscribers !== undefined) for (const subscriber of subscribers) subscriber.offer(event)
}

function add<K>(map: Map<K, Set<Subscriber>>, key: K, subscriber: Subscriber): Unsubscribe {
  const there = map.get(key) ?? new Set()
  map.set(key, there)
  there.add(subscriber)
  return () => {
    there.delete(subscriber)
    if (there.size === 0 && map.get(key) === there) map.delete(key)
  }
}
