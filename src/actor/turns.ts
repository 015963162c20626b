import { AbortedError } from "../data/fault.js"
import type { Actor } from "./actor.js"
import { Generation, type Pulled } from "./generation.js"
import { Inbox } from "./inbox.js"
import { Late, Undelivered } from "./late.js"
import type { Outcome } from "./mailbox.js"
import { isPromise } from "./promise.js"
import { type Entry, isQuestion, type Question } from "./question.js"
import { isGenerated, type Reply } from "./reply.js"

/** The half of an actor that works: one message, notice or hook at a time, without a turn lost where none is needed. */
export abstract class Turns<M, R> extends Inbox<M, R> {
  #running = false
  #question: Question<M, R> | undefined
  #generation: Generation<R, unknown> | undefined
  /** Why the running handler is to end where it stands, if it is a generator; it may say so later. */
  #because: (() => unknown) | undefined

  /** A handler or hook runs: nothing else of this actor may. */
  protected get running(): boolean {
    return this.#running
  }

  /** What the running handler was asked. */
  protected get question(): Question<M, R> | undefined {
    return this.#question
  }

  /** Ends the running handler where it stands, if it is a generator, and fails whoever waits for it. */
  protected endGeneration(because: () => unknown): void {
    this.#because = because
    const generation = this.#generation
    if (generation === undefined) return
    this.#question?.reject(because())
    generation.leave()
  }

  /** The same, where somebody reads it at a pace of their own. */
  protected endStream(because: () => unknown): void {
    if (this.#question?.reader !== undefined) this.endGeneration(because)
  }

  /** Who handles messages now. */
  protected abstract readonly receiver: Pick<Actor<M, R>, "onReceive"> | undefined

  /** Decides what comes next, when nothing runs. Asking twice does no harm. */
  protected abstract next(): void

  /** Whether the actor has to be started before it can handle anything. */
  protected abstract unstarted(): boolean

  protected abstract start(): void

  /** A message was handled. */
  protected abstract handled(message: M): void

  /** Handling a message threw; the asker has been told. */
  protected abstract mishandled(error: unknown, message: M): void

  /** A notice threw. */
  abstract fail(error: unknown): void

  /** Works through messages. */
  run(most: number): number {
    this.leaveLine()
    let done = 0
    if (!this.#running && this.unstarted()) {
      this.start()
      done++
    }
    while (done < most && this.ready() && this.hasWork()) {
      this.#turn()
      done++
    }
    if (!this.#running) this.next()
    return done
  }

  /** Runs a hook, and goes on when it has ended. */
  protected perform(hook: () => void | PromiseLike<void>, ended: () => void, threw: (error: unknown) => void): void {
    this.#running = true
    this.#because = undefined
    let result: void | PromiseLike<void>
    try {
      result = hook()
    } catch (error) {
      this.#running = false
      threw(error)
      return
    }
    if (!isPromise(result)) {
      this.#running = false
      ended()
      return
    }
    result.then(
      () => {
        this.#running = false
        ended()
        if (!this.#running) this.next()
      },
      (error: unknown) => {
        this.#running = false
        threw(error)
        if (!this.#running) this.next()
      },
    )
  }

  #turn(): void {
    const receiver = this.receiver
    if (receiver === undefined) return
    const notice = this.takeNotice()
    if (notice !== undefined) {
      this.perform(
        notice,
        () => {},
        (error) => this.fail(error),
      )
      return
    }
    let entry: Entry<M, R>
    try {
      entry = this.takeEntry()
    } catch (error) {
      // A mailbox that reads from outside may fail: so does its actor.
      this.fail(error)
      return
    }
    if (!isQuestion(entry)) this.#receive(receiver, entry, undefined)
    else if (entry.open) this.#receive(receiver, entry.message, entry)
  }

  #receive(receiver: Pick<Actor<M, R>, "onReceive">, message: M, question: Question<M, R> | undefined): void {
    this.#running = true
    this.#because = undefined
    this.#question = question
    let result: Reply<R, unknown>
    try {
      result = receiver.onReceive(message)
    } catch (error) {
      this.#threw(error, message)
      return
    }
    if (typeof result === "object" && isGenerated(result)) {
      this.#generate(result, message, question)
      return
    }
    if (!isPromise(result)) {
      this.#answered(result, message)
      return
    }
    result.then(
      (value) => {
        if (value instanceof Late) this.#generate(value.open(question?.reader !== undefined), message, question)
        // Middleware that waits gives a promise of what its handler gives.
        else if (typeof value === "object" && isGenerated<R, unknown>(value)) this.#generate(value, message, question)
        else this.#answered(value, message)
        if (!this.#running) this.next()
      },
      (error: unknown) => {
        this.#threw(error, message)
        if (!this.#running) this.next()
      },
    )
  }

  /** The handler is a generator: the turn lasts until it has ended. */
  #generate(generator: Pulled<R, unknown>, message: M, question: Question<M, R> | undefined): void {
    let inTurn = true
    const over = (): void => {
      this.#generation = undefined
    }
    const after = (): void => {
      if (!inTurn && !this.#running) this.next()
    }
    const generation = new Generation<R, unknown>(generator, question?.reader, this.host.clock, {
      returned: (value) => {
        over()
        this.#answered(value, message)
        after()
      },
      threw: (error) => {
        over()
        this.#threw(error, message)
        after()
      },
      left: () => {
        over()
        this.#running = false
        this.#question = undefined
        if (this.followed) this.#follow({ is: "failed", error: this.#whyLeft() })
        this.handled(message)
        after()
      },
    })
    this.#generation = generation
    const because = this.#because
    if (because !== undefined) question?.reject(because())
    question?.handledBy(generation)
    if (question?.open === false || because !== undefined) generation.leave()
    else generation.pull()
    inTurn = false
  }

  #whyLeft(): unknown {
    return this.#because === undefined ? new AbortedError("nobody waits for the answer") : this.#because()
  }

  #answered(value: R, message: M): void {
    this.#running = false
    const question = this.#question
    this.#question = undefined
    question?.resolve(value)
    if (this.followed) this.#follow({ is: "answered", value })
    this.handled(message)
  }

  #threw(error: unknown, message: M): void {
    this.#running = false
    const question = this.#question
    this.#question = undefined
    if (error instanceof Undelivered) {
      if (question === undefined) this.host.letters.add(this.path, message, "refused")
      else question.threw(error.why)
      if (this.followed) this.#follow({ is: "failed", error: error.why })
      return
    }
    question?.threw(error)
    if (this.followed) this.#follow({ is: "failed", error })
    this.mishandled(error, message)
  }

  #follow(outcome: Outcome): void {
    try {
      this.tellMailbox(outcome)
    } catch (error) {
      this.fail(error)
    }
  }
}
