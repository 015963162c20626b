import { segment } from "../data/path.js"
import type { Child, Halt, Host, Parent } from "./host.js"
import { noRestarts, type Restarts, type Step, type Strategy, supervise } from "./supervision.js"

/** The half of an actor that looks down: its children, their names, and what becomes of one that fails. */
export abstract class Branch implements Parent {
  readonly host: Host
  // A list, linked through its members: a Set through which many come and go keeps dead ones from the garbage collector.
  #first: Child | undefined
  #last: Child | undefined
  #names: Map<string, Child> | undefined
  #numbered = 0
  #restarts: Restarts = noRestarts
  #childless: (() => void) | undefined

  constructor(host: Host) {
    this.host = host
  }

  abstract readonly path: string

  /** What the actor says about its children. */
  protected abstract strategy(): Strategy

  /** This actor fails in its child's stead. */
  protected abstract escalate(error: unknown, child: Child): void

  adopt(child: Child, name: string | undefined): string | number {
    if (name === undefined) {
      this.#link(child)
      return ++this.#numbered
    }
    const key = segment(name)
    if (key === "" || key.startsWith("$")) {
      throw new TypeError(`${JSON.stringify(name)} is no name of an actor: expected text that does not begin with $`)
    }
    return this.adoptAt(child, key)
  }

  /** Adopts under a name as it stands in a path. Throws when it is taken. */
  adoptAt(child: Child, key: string): string {
    if (this.#names?.has(key)) {
      throw new TypeError(`the name ${JSON.stringify(key)} is taken under ${this.path}: stop that actor first`)
    }
    this.#names ??= new Map()
    this.#names.set(key, child)
    this.#link(child)
    return key
  }

  forget(child: Child): void {
    this.#unlink(child)
    if (typeof child.key === "string") this.#names?.delete(child.key)
    if (this.#first === undefined) {
      const childless = this.#childless
      this.#childless = undefined
      childless?.()
    }
  }

  /** The child of that name, as it stands in a path. */
  child(name: string): Child | undefined {
    const named = this.#names?.get(name)
    if (named !== undefined || !name.startsWith("$")) return named
    for (const child of this.children()) if (name === `$${child.key}`) return child
    return undefined
  }

  childFailed(child: Child, error: unknown, _how: "itself" | "escalated"): void {
    let step: Step
    let all: boolean
    try {
      const strategy = this.strategy()
      all = strategy.concerns === "all"
      step = supervise(strategy, all ? this.#restarts : child.restarts, error, this.host.clock.now())
    } catch (thrown) {
      this.host.failed({ path: child.path, error, directive: "escalate" })
      this.escalate(thrown, child)
      return
    }
    if (all) this.#restarts = step.restarts
    else child.restarts = step.restarts
    this.host.failed({ path: child.path, error, directive: step.directive })
    const concerned = all ? this.children() : [child]
    switch (step.directive) {
      case "resume":
        child.resume()
        break
      case "restart":
        for (const each of concerned) each.restart(error, step.delay)
        break
      case "stop":
        for (const each of concerned) each.halt("interrupting")
        break
      case "escalate":
        this.escalate(error, child)
        break
    }
  }

  protected get childless(): boolean {
    return this.#first === undefined
  }

  /** Those that there are now; what is done to one may end it. */
  protected children(): readonly Child[] {
    const all: Child[] = []
    for (let child = this.#first; child !== undefined; child = child.later) all.push(child)
    return all
  }

  #link(child: Child): void {
    child.earlier = this.#last
    if (this.#last === undefined) this.#first = child
    else this.#last.later = child
    this.#last = child
  }

  #unlink(child: Child): void {
    const { earlier, later } = child
    if (earlier === undefined) this.#first = later
    else earlier.later = later
    if (later === undefined) this.#last = earlier
    else later.earlier = earlier
    child.earlier = undefined
    child.later = undefined
  }

  /** Stops all children. Undefined when they have ended already, else a promise of that. */
  protected stopChildren(how: Halt): Promise<void> | undefined {
    if (this.#first === undefined) return undefined
    for (const child of this.children()) child.halt(how)
    if (this.#first === undefined) return undefined
    return new Promise((resolve) => {
      this.#childless = resolve
    })
  }

  /** The reason is made only where there is somebody to tell it: an Error costs more than most actors' lives. */
  protected interruptChildren(because: () => unknown): void {
    if (this.#first === undefined) return
    const reason = because()
    for (const child of this.children()) child.interrupt(reason)
  }
}

/** The actor that lives under another at a path. */
export function descend(
  from: { readonly path: string; child(name: string): Child | undefined },
  path: string,
): Child | undefined {
  if (!path.startsWith(`${from.path}/`)) return undefined
  const [first = "", ...rest] = path.slice(from.path.length + 1).split("/")
  return rest.reduce((found, name) => found?.child(name), from.child(first))
}
