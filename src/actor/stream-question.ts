import type { Reader } from "./generation.js"
import type { Host } from "./host.js"
import { type Closed, Question } from "./question.js"
import type { ReplyStream, StreamOptions } from "./ref.js"

interface Waiting<R, C> {
  readonly resolve: (step: IteratorResult<C, R>) => void
  readonly reject: (error: unknown) => void
}

/** How the stream ends, once what has gathered is taken. */
type End<R> = { readonly step: IteratorReturnResult<R> } | { readonly error: unknown }

/** How many chunks are made before somebody takes them, unless the options say otherwise. */
const standardReadAhead = 8

/** The last step of a stream that was left. It may have no value, whatever its type says: so it is with every generator. */
function leaving<R>(value: R | undefined): IteratorReturnResult<R>
function leaving(value: unknown): IteratorReturnResult<unknown> {
  return { done: true, value }
}

/** A question whose asker also reads what the handler yields on the way to the answer. */
export class StreamQuestion<M, R, C> extends Question<M, R> implements ReplyStream<C, R>, Reader<C> {
  readonly #readAhead: number
  #gathered: Array<IteratorYieldResult<C>> = []
  readonly #waiting: Array<Waiting<R, C>> = []
  #end: End<R> | undefined

  constructor(host: Host, message: M, options: StreamOptions | undefined) {
    const readAhead = options?.readAhead ?? standardReadAhead
    if (!Number.isInteger(readAhead) || readAhead < 0) {
      throw new RangeError(`askStream with readAhead ${readAhead}: expected a whole number of chunks, 0 or more`)
    }
    super(host, message)
    this.#readAhead = readAhead
  }

  // For the one who reads

  next(): Promise<IteratorResult<C, R>> {
    const chunk = this.#gathered.shift()
    if (chunk !== undefined) {
      this.generation?.pull()
      return Promise.resolve(chunk)
    }
    const end = this.#end
    if (end !== undefined) return "step" in end ? Promise.resolve(end.step) : Promise.reject(end.error)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.generation?.pull()
    })
  }

  async return(value?: R | PromiseLike<R>): Promise<IteratorResult<C, R>> {
    this.leave("nobody reads on")
    this.#finish({ step: leaving<R>(undefined) })
    await this.generation?.closed()
    return leaving<R>(await value)
  }

  batches(): AsyncIterableIterator<readonly C[], R, undefined> {
    const batches = {
      next: (): Promise<IteratorResult<readonly C[], R>> => {
        if (this.#gathered.length > 0) return Promise.resolve({ done: false, value: this.#takeAll() })
        return this.next().then((step) =>
          step.done === true ? step : { done: false, value: [step.value, ...this.#takeAll()] },
        )
      },
      return: async (value?: R | PromiseLike<R>): Promise<IteratorResult<readonly C[], R>> => {
        await this.return()
        return leaving<R>(await value)
      },
      [Symbol.asyncIterator]: (): AsyncIterableIterator<readonly C[], R, undefined> => batches,
    }
    return batches
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  // For the one who makes the chunks

  override get reader(): this {
    return this
  }

  get wants(): boolean {
    return this.#waiting.length > 0 || this.#gathered.length < this.#readAhead
  }

  take(step: IteratorYieldResult<C>): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#gathered.push(step)
    else waiting.resolve(step)
  }

  override refuse(why: Error): void {
    this.reject(why)
  }

  protected override answered(value: R): void {
    if (this.#end === undefined) this.#finish({ step: { done: true, value } }, this.#gathered)
  }

  protected override failed(error: unknown, closed: Closed): void {
    if (this.#end === undefined) this.#finish({ error }, closed === "handled" ? this.#gathered : [])
  }

  #takeAll(): readonly C[] {
    const gathered = this.#gathered
    this.#gathered = []
    this.generation?.pull()
    return gathered.map(({ value }) => value)
  }

  #finish(end: End<R>, gathered: Array<IteratorYieldResult<C>> = []): void {
    this.#end = end
    this.#gathered = gathered
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if ("step" in end) resolve(end.step)
      else reject(end.error)
    }
  }
}
