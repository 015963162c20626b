import type { MessagePort } from "node:worker_threads"
import type { Unsubscribe } from "../data/cancel.js"
import { Cancel } from "../data/cancel.js"
import type { Host } from "./host.js"
import { LocalRef, observe } from "./local-ref.js"
import type { AnyActorRef } from "./ref.js"
import { unavailable } from "./refusal.js"
import { FarActor } from "./worker-far.js"
import { inWords } from "./worker-error.js"
import { packAnswer, packThrown, type Parcel, unpack } from "./worker-parcel.js"
import type { Common, Said, Sent, Told, Wire } from "./worker-wire.js"

/** Who waits for what comes of a call. */
export interface Waiter {
  answer(value: never): void
  threw(error: unknown): void
  generator?(): void
  chunk?(value: never): void
  left?(): void
  /** It keeps nobody from ending. */
  readonly idle?: true
}

/** What is done here for a caller on the other side. */
export interface Served {
  pull?(): void
  drain?(): void
  leave(why: unknown): void
}

/** One side of what two threads say to each other about the actors of one system. */
export abstract class Link {
  readonly host: Host
  readonly #port: MessagePort
  readonly #calls = new Map<number, Waiter>()
  readonly #served = new Map<number, Served>()
  #numbered = 0
  #waiting = 0
  #dead: Error | undefined

  constructor(host: Host, port: MessagePort) {
    this.host = host
    this.#port = port
  }

  /** An actor that the other side may reach through this one: that lives here, or further on. */
  protected abstract reachable(path: string): AnyActorRef | undefined

  /** The ref of any path, wherever its actor lives. */
  refAt(path: string): AnyActorRef {
    return this.reachable(path) ?? this.far(path)
  }

  /** The ref of an actor on the other side. */
  far<M, R, C>(path: string): LocalRef<M, R, C> {
    return new LocalRef<M, R, C>(new FarActor<M, R>(this, path))
  }

  /** How many calls wait for the other side. */
  get waiting(): number {
    return this.#waiting
  }

  // What this side says

  /** Throws what the channel throws when it cannot take it. */
  post(message: Wire<unknown>): void {
    if (this.#dead === undefined) this.#port.postMessage(message, [])
  }

  /** Begins a call, and gives its number. When the other side is gone the call fails, soon. */
  call(message: (call: number) => Wire<unknown>, waiter: Waiter): number {
    const call = ++this.#numbered
    const dead = this.#dead
    if (dead !== undefined) {
      queueMicrotask(() => waiter.threw(dead))
      return call
    }
    this.post(message(call))
    this.#calls.set(call, waiter)
    if (waiter.idle === undefined) this.#count(1)
    return call
  }

  /** Nobody waits for that call any more. */
  forget(call: number): void {
    const waiter = this.#calls.get(call)
    this.#calls.delete(call)
    if (waiter !== undefined && waiter.idle === undefined) this.#count(-1)
  }

  /** Takes on a call of the other side. */
  serve(call: number, served: Served): void {
    this.#served.set(call, served)
  }

  /** Answers a call; one whose answer cannot be sent has failed. */
  answer(call: number, value: unknown): void {
    try {
      this.tell({ is: "answer", call, body: packAnswer(value) })
    } catch (error) {
      this.threw(call, error)
    }
  }

  threw(call: number, error: unknown): void {
    try {
      this.tell({ is: "threw", call, error: packThrown(error) })
    } catch (refused) {
      this.tell({ is: "threw", call, error: packThrown(inWords(refused)) })
    }
  }

  /** Tells how a call ends. */
  tell(told: Told<unknown>): void {
    this.post(told)
    if (told.is !== "chunk" && told.is !== "generator") this.#served.delete(told.call)
  }

  open<T>(parcel: Parcel<T>): T {
    return unpack(parcel, (path) => this.refAt(path))
  }

  /** The other side is gone: all that waits for it fails. */
  fail(error: Error): void {
    if (this.#dead !== undefined) return
    this.#dead = error
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    this.#count(-this.#waiting)
    for (const waiter of calls) waiter.threw(error)
    const served = [...this.#served.values()]
    this.#served.clear()
    for (const one of served) one.leave(error)
  }

  /** What was just said counts as under way until the other side has heard it. */
  protected untilHeard(): void {
    const { activity } = this.host
    activity.begin()
    const over = (): void => activity.end()
    this.call((call) => ({ is: "heard", call, to: "" }), { answer: over, threw: over })
  }

  /** The number of calls that wait may have become another. */
  protected changed(): void {}

  #count(more: number): void {
    this.#waiting += more
    this.changed()
  }

  // What this side hears

  protected heard(message: Common<never>): void {
    switch (message.is) {
      case "answer":
        return this.#ended(message.call)?.answer(this.open(message.body))
      case "threw":
        return this.#ended(message.call)?.threw(this.open(message.error))
      case "left":
        return this.#ended(message.call)?.left?.()
      case "generator":
        return this.#calls.get(message.call)?.generator?.()
      case "chunk":
        return this.#calls.get(message.call)?.chunk?.(this.open(message.body))
      case "pull":
      case "drain":
      case "leave":
        return this.#steer(message)
      default:
        return this.#deliver(message)
    }
  }

  #ended(call: number): Waiter | undefined {
    const waiter = this.#calls.get(call)
    this.forget(call)
    return waiter
  }

  #steer(message: Said<never>): void {
    const served = this.#served.get(message.call)
    if (message.is === "pull") served?.pull?.()
    else if (message.is === "drain") served?.drain?.()
    else served?.leave(this.open(message.why))
  }

  #deliver(message: Sent<never>): void {
    const { call, to } = message
    if (message.is === "heard") return this.answer(call, undefined)
    const ref = this.reachable(to)
    if (message.is === "tell") {
      if (ref === undefined) this.host.letters.add(to, this.open(message.body), "stopped")
      else this.#tell(ref, this.open(message.body))
      this.answer(call, undefined)
    } else if (message.is === "ask") {
      if (ref === undefined) this.threw(call, unavailable(`there is no actor at ${to}`))
      else if (message.stream) this.#stream(call, ref, this.open(message.body))
      else this.#ask(call, ref, this.open(message.body))
    } else if (message.is === "watch") this.#watch(call, ref)
    else if (ref === undefined) this.answer(call, undefined)
    else void ref.stop().then(() => this.answer(call, undefined))
  }

  #tell(ref: AnyActorRef, message: never): void {
    // Who told it is on the other side and has gone on: a mailbox that refuses makes a dead letter.
    try {
      void ref.tell(message)
    } catch {
      this.host.letters.add(ref.path, message, "full")
    }
  }

  #ask(call: number, ref: AnyActorRef, message: never): void {
    const cancel = new Cancel()
    this.serve(call, { leave: (why) => cancel.cancel(why) })
    ref.ask(message, { cancel }).then(
      (value) => this.answer(call, value),
      (error: unknown) => this.threw(call, error),
    )
  }

  /** The one who reads is ahead as it likes: here nothing is made before it is pulled. */
  #stream(call: number, ref: AnyActorRef, message: never): void {
    const stream = ref.askStream(message, { readAhead: 0 })
    const threw = (error: unknown): void => this.threw(call, error)
    const stepped = (step: IteratorResult<unknown, unknown>): void => {
      if (step.done === true) return this.answer(call, step.value)
      try {
        this.tell({ is: "chunk", call, body: packAnswer(step.value) })
      } catch (error) {
        threw(error)
        void stream.return()
      }
    }
    this.serve(call, {
      pull: () => void stream.next().then(stepped, threw),
      leave: () => void stream.return().then(() => this.tell({ is: "left", call }), threw),
    })
    this.tell({ is: "generator", call })
  }

  #watch(call: number, ref: AnyActorRef | undefined): void {
    let off: Unsubscribe = () => {}
    this.serve(call, { leave: () => off() })
    const ended = (): void => {
      this.answer(call, undefined)
      this.untilHeard()
    }
    if (ref === undefined) ended()
    else off = observe(ref, ended)
  }
}
