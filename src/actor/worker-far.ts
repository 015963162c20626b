import type { Unsubscribe } from "../data/cancel.js"
import { Generation, type Pulled } from "./generation.js"
import type { Host } from "./host.js"
import type { Target } from "./local-ref.js"
import { type Entry, isQuestion, type Question } from "./question.js"
import { packMessage, packThrown } from "./worker-parcel.js"
import type { Wire } from "./worker-wire.js"

/** Who waits for what comes of a call. */
interface Answers<R, C> {
  answer(value: R): void
  threw(error: unknown): void
  generator?(): void
  chunk?(value: C): void
  left?(): void
  /** It keeps nobody from ending. */
  readonly idle?: true
}

/** What an actor that lives elsewhere needs of the way there. */
export interface Line {
  readonly host: Host
  post(message: Wire<unknown>): void
  call<R, C>(message: (call: number) => Wire<unknown>, answers: Answers<R, C>): number
  forget(call: number): void
}

interface Waiting<R, C> {
  readonly resolve: (step: IteratorResult<C, R>) => void
  readonly reject: (error: unknown) => void
}

/** A generator that runs on another thread: one chunk for each that is asked for. */
export class FarGenerator<R, C> implements AsyncIterator<C, R, unknown> {
  readonly #line: Line
  readonly #call: number
  #next: Waiting<R, C> | undefined
  #return: Waiting<R, C> | undefined
  #failed: { readonly error: unknown } | undefined

  constructor(line: Line, call: number) {
    this.#line = line
    this.#call = call
  }

  /** Whether somebody here waits for it: else a failure must be told otherwise. */
  get awaited(): boolean {
    return this.#next !== undefined || this.#return !== undefined
  }

  next(): Promise<IteratorResult<C, R>> {
    return this.#wants("pull")
  }

  /** The one step of a generator of which nobody wants the chunks. */
  drain(): Pulled<R, C> {
    return { next: () => this.#wants("drain"), return: () => this.return() }
  }

  #wants(is: "pull" | "drain"): Promise<IteratorResult<C, R>> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed.error)
    return new Promise((resolve, reject) => {
      this.#next = { resolve, reject }
      this.#line.post({ is, call: this.#call })
    })
  }

  return(): Promise<IteratorResult<C, R>> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed.error)
    return new Promise((resolve, reject) => {
      this.#return = { resolve, reject }
      this.#line.post({ is: "leave", call: this.#call, why: packThrown(undefined) })
    })
  }

  // What the other side tells

  chunk(value: C): void {
    const next = this.#next
    this.#next = undefined
    next?.resolve({ done: false, value })
  }

  answer(value: R): void {
    const step = { done: true as const, value }
    this.#next?.resolve(step)
    this.#return?.resolve(step)
  }

  threw(error: unknown): void {
    const waiting = this.#return ?? this.#next
    this.#failed = { error }
    waiting?.reject(error)
  }

  left(): void {
    this.#return?.resolve(ended<R>())
  }
}

/** The last step of a generator that was left: it has no value, whatever its type says. */
function ended<R>(): IteratorReturnResult<R>
function ended(): IteratorReturnResult<unknown> {
  return { done: true, value: undefined }
}

/** What stands behind the ref of an actor on the other side of a channel. */
export class FarActor<M, R> implements Target<M, R> {
  readonly path: string
  readonly #line: Line

  constructor(line: Line, path: string) {
    this.#line = line
    this.path = path
  }

  get host(): Host {
    return this.#line.host
  }

  /** A told message that cannot be sent is refused at once, for the one who tells it is here. */
  post(entry: Entry<M, R>): void {
    if (isQuestion(entry)) return this.#ask(entry)
    const { path } = this
    const body = packMessage(entry)
    const { activity } = this.host
    const over = (): void => activity.end()
    const lost = (): void => {
      this.host.letters.add(path, entry, "stopped")
      over()
    }
    this.#line.call<undefined, never>((call) => ({ is: "tell", call, to: path, body }), { answer: over, threw: lost })
    // Under way it belongs to neither side: it counts here until the other has it. What could not be sent is not under way.
    activity.begin()
  }

  #ask(question: Question<M, R>): void {
    const line = this.#line
    const { path } = this
    const stream = question.reader !== undefined
    let call = 0
    let generator: FarGenerator<R, unknown> | undefined
    try {
      const body = packMessage(question.message)
      call = line.call<R, unknown>((number) => ({ is: "ask", call: number, to: path, stream, body }), {
        answer: (value) => (generator === undefined ? question.resolve(value) : generator.answer(value)),
        threw: (error) => (generator === undefined ? question.threw(error) : generator.threw(error)),
        generator: () => {
          generator = new FarGenerator(line, call)
          const generation = new Generation<R, unknown>(generator, question.reader, this.host.clock, {
            returned: (value) => question.resolve(value),
            threw: (error) => question.threw(error),
            left: () => {},
          })
          question.handledBy(generation)
          generation.pull()
        },
        chunk: (value) => generator?.chunk(value),
        left: () => generator?.left(),
      })
    } catch (error) {
      question.threw(error)
      return
    }
    question.keptBy({
      dismiss: (closed, _gone, why) => {
        if (closed === "handled" || generator !== undefined) return true
        line.forget(call)
        line.post({ is: "leave", call, why: packThrown(why) })
        return true
      },
    })
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => resolve()
      this.#line.call<undefined, never>((call) => ({ is: "stop", call, to: this.path }), { answer: over, threw: over })
    })
  }

  observe(ended: () => void): Unsubscribe {
    const line = this.#line
    const call = line.call<undefined, never>((number) => ({ is: "watch", call: number, to: this.path }), {
      answer: ended,
      threw: ended,
      idle: true,
    })
    return () => {
      line.forget(call)
      line.post({ is: "leave", call, why: packThrown(undefined) })
    }
  }
}
