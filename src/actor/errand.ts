import { AbortedError } from "../data/fault.js"
import type { ActorSource } from "./actor.js"
import type { Child, Host, Parent } from "./host.js"
import { LocalRef } from "./local-ref.js"
import type { Closed, Keeper, Question } from "./question.js"
import type { AskOptions } from "./ref.js"

/** Whose call it is. */
interface Caller extends Parent {
  readonly host: Host
}

/** The supervisor of a child that lives for one question: it ends with it on every path, and its failure is the answer. */
export class Errand<M, R> implements Parent, Keeper {
  readonly #caller: Caller
  readonly #question: Question<M, R>
  #child: Child | undefined
  #gone: (() => void) | undefined

  constructor(caller: Caller, question: Question<M, R>) {
    this.#caller = caller
    this.#question = question
    question.keptBy(this)
  }

  get path(): string {
    return this.#caller.path
  }

  /** Makes the child and asks it. */
  begin(source: ActorSource<M, R>, options: AskOptions | undefined): void {
    const { host } = this.#caller
    try {
      const ref = host.spawn(this, source)
      if (ref instanceof LocalRef) ref.put(this.#question, options)
    } catch (error) {
      this.#question.reject(error)
    }
  }

  adopt(child: Child): string | number {
    this.#child = child
    return this.#caller.adopt(child, undefined)
  }

  forget(child: Child): void {
    this.#caller.forget(child)
    this.#child = undefined
    this.#gone?.()
  }

  childFailed(child: Child, error: unknown, how: "itself" | "escalated"): void {
    // One that its own child failed may be in the middle of a message that nobody can wait for now.
    if (how === "escalated") this.#question.reject(error)
    else this.#question.threw(error)
    child.halt("interrupting")
  }

  dismiss(closed: Closed, gone: () => void, why?: unknown): boolean {
    if (closed === "given up") this.#child?.interrupt(why instanceof AbortedError ? why.reason : why)
    else this.#child?.halt("gently")
    if (this.#child === undefined) return true
    this.#gone = gone
    return false
  }
}
