import type { Child } from "./host.js"
import { noRestarts, type Restarts } from "./supervision.js"

/** The children that one actor has and had: those there are, in the order in which they came, and their names. */
export class Brood {
  /** Of all together. */
  restarts: Restarts = noRestarts
  /** Called when the last one has gone. */
  whenGone: (() => void) | undefined = undefined
  // A list, linked through its members: a Set through which many come and go keeps dead ones from the garbage collector.
  #first: Child | undefined = undefined
  #last: Child | undefined = undefined
  #names: Map<string, Child> | undefined = undefined
  #numbered = 0

  get empty(): boolean {
    return this.#first === undefined
  }

  /** Those that there are now; what is done to one may end it. */
  all(): readonly Child[] {
    const all: Child[] = []
    for (let child = this.#first; child !== undefined; child = child.later) all.push(child)
    return all
  }

  /** The child of that name. */
  named(name: string): Child | undefined {
    return this.#names?.get(name)
  }

  /** Takes in a child without a name, and gives it a number that none had before. */
  addNumbered(child: Child): number {
    this.#link(child)
    return ++this.#numbered
  }

  /** Takes in a child under a name that is free. */
  addNamed(child: Child, name: string): void {
    this.#names ??= new Map()
    this.#names.set(name, child)
    this.#link(child)
  }

  remove(child: Child): void {
    const { earlier, later } = child
    if (earlier === undefined) this.#first = later
    else earlier.later = later
    if (later === undefined) this.#last = earlier
    else later.earlier = earlier
    child.earlier = undefined
    child.later = undefined
    if (typeof child.key === "string") this.#names?.delete(child.key)
    if (this.#first === undefined) {
      const gone = this.whenGone
      this.whenGone = undefined
      gone?.()
    }
  }

  #link(child: Child): void {
    child.earlier = this.#last
    if (this.#last === undefined) this.#first = child
    else this.#last.later = child
    this.#last = child
  }
}
