import type { Clock } from "../data/clock.js"
import { AbortedError } from "../data/fault.js"
import { isPromise } from "./promise.js"

/** What an instruction is for: any `ActorRef` is one. */
interface Addressee<in M, out R = unknown> {
  readonly path: string
  tell(message: M): void | PromiseLike<void>
  ask(message: M, options?: { readonly timeout?: number; readonly signal?: AbortSignal }): Promise<R>
  stop(): Promise<void>
}

/** What the three instructions mean. */
export interface FreeInterpreter {
  /** Gives what the program goes on with. */
  ask<M, R>(to: Addressee<M, R>, message: M, options: { readonly timeout?: number }): R | PromiseLike<R>
  tell<M>(to: Addressee<M>, message: M): void | PromiseLike<void>
  stop(to: Addressee<never>): void | PromiseLike<void>
}

/**
 * What comes after a step. A method, not a function, so that what takes one type stands where any is given: the value is
 * that of the very step that it comes after.
 */
interface After {
  next(value: unknown): Free<unknown>
}

/**
 * A program of what to ask, tell and stop: a value that does nothing until it is run, as often as it is.
 *
 * Programs are made by `freeAsk`, `freeTell` and `freeStop` of a ref and by `Free.of`, and put together by `map` and
 * `flatMap`, which obey the laws of a monad. They may be 100,000 steps long or deep.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor, Free } from "troupe/actor"
 * await using app = new ActorSystem("app")
 * const double = app.spawn(actor((n: number) => n * 2), "double")
 * const twice = (n: number): Free<number> => double.freeAsk(n).flatMap((m) => double.freeAsk(m))
 * const program = twice(10).flatMap((n) => double.freeStop().map(() => `${n}`))
 * await app.runFree(program) // "40"
 * await app.runFree(Free.of(42)) // 42
 * ```
 */
export abstract class Free<out A> {
  /** The program that does nothing and gives a value. */
  static of<A>(value: A): Free<A> {
    return new Pure(value)
  }

  /** The same program, its value made into another. */
  map<B>(to: (value: A) => B): Free<B> {
    return new Chained(this, (value: A) => new Pure(to(value)))
  }

  /** This program, then the one that is made of its value. */
  flatMap<B>(then: (value: A) => Free<B>): Free<B> {
    return new Chained(this, then)
  }

  /** For the interpreter: the first step, what comes after being put on the pile. */
  abstract first(pile: After[]): Step<unknown>
}

/** A step that is not made of others. */
interface Step<out A> {
  perform(interpreter: FreeInterpreter): Performed<A>
}

type Performed<A> = { readonly value: A } | { readonly later: PromiseLike<A> }

class Pure<out A> extends Free<A> implements Step<A> {
  readonly #performed: { readonly value: A }

  constructor(value: A) {
    super()
    this.#performed = { value }
  }

  first(): Step<A> {
    return this
  }

  perform(): Performed<A> {
    return this.#performed
  }
}

class Instruction<out A> extends Free<A> implements Step<A> {
  readonly #perform: (interpreter: FreeInterpreter) => A | PromiseLike<A>

  constructor(perform: (interpreter: FreeInterpreter) => A | PromiseLike<A>) {
    super()
    this.#perform = perform
  }

  first(): Step<A> {
    return this
  }

  perform(interpreter: FreeInterpreter): Performed<A> {
    const value = this.#perform(interpreter)
    return isPromise(value) ? { later: value } : { value }
  }
}

class Chained<A, out B> extends Free<B> implements After {
  readonly #source: Free<A>
  readonly #following: (value: A) => Free<B>

  constructor(source: Free<A>, then: (value: A) => Free<B>) {
    super()
    this.#source = source
    this.#following = then
  }

  next(value: A): Free<B> {
    return this.#following(value)
  }

  /** Nested to the left it may be as deep as it is long: no recursion. */
  first(pile: After[]): Step<unknown> {
    pile.push(this)
    let source: Free<unknown> = this.#source
    while (source instanceof Chained) {
      pile.push(source)
      source = source.#source
    }
    return source.first(pile)
  }
}

/** Asks an actor; gives what it answers. */
export function askStep<M, R>(to: Addressee<M, R>, message: M, options: { readonly timeout?: number } = {}): Free<R> {
  return new Instruction((interpreter) => interpreter.ask(to, message, options))
}

/** Tells an actor; goes on once the message is queued. */
export function tellStep<M>(to: Addressee<M>, message: M): Free<void> {
  return new Instruction((interpreter) => interpreter.tell(to, message))
}

/** Stops an actor; goes on once it has ended. */
export function stopStep(to: Addressee<never>): Free<void> {
  return new Instruction((interpreter) => interpreter.stop(to))
}

/** The instructions do what they say; asks end with the signal. */
export function live(signal: AbortSignal | undefined): FreeInterpreter {
  const given = signal === undefined ? {} : { signal }
  return {
    ask: (to, message, options) => to.ask(message, { ...options, ...given }),
    tell: (to, message) => to.tell(message),
    stop: (to) => to.stop(),
  }
}

/** Steps between two turns of the event loop, where no instruction waits anyhow. */
const perTurn = 1_024

/**
 * Runs a program. It answers, or throws what an instruction or a function of the program throws; aborted, it fails with
 * `AbortedError` and no further instruction is given.
 */
export async function interpretFree<A>(
  program: Free<A>,
  clock: Pick<Clock, "yield">,
  interpreter: FreeInterpreter,
  signal?: AbortSignal,
): Promise<A> {
  const answer: A[] = []
  await drive(
    program.map((value) => void answer.push(value)),
    clock,
    interpreter,
    signal,
  )
  for (const value of answer) return value
  throw new Error("a program ended without a value")
}

async function drive(
  program: Free<unknown>,
  clock: Pick<Clock, "yield">,
  interpreter: FreeInterpreter,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pile: After[] = []
  let at: Free<unknown> | undefined = program
  for (let steps = 1; at !== undefined; steps++) {
    if (signal?.aborted === true) throw new AbortedError(signal.reason)
    const step: Step<unknown> = at.first(pile)
    const performed = step.perform(interpreter)
    const value = "later" in performed ? await unlessAborted(performed.later, signal) : performed.value
    if (steps % perTurn === 0) await new Promise<void>((resolve) => clock.yield(resolve))
    at = pile.pop()?.next(value)
  }
}

/** What an instruction comes to, or the abort if that is first. */
function unlessAborted<A>(later: PromiseLike<A>, signal: AbortSignal | undefined): PromiseLike<A> {
  if (signal === undefined) return later
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AbortedError(signal.reason))
    const off = (): void => signal.removeEventListener("abort", abort)
    signal.addEventListener("abort", abort, { once: true })
    later.then(
      (value) => {
        off()
        resolve(value)
      },
      (error: unknown) => {
        off()
        reject(error)
      },
    )
  })
}
