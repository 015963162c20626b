import { segment } from "../data/path.js"
import { Brood } from "./brood.js"
import type { Child, Halt, Host, Parent } from "./host.js"
import { noRestarts, type Step, type Strategy, supervise } from "./supervision.js"

const none: readonly Child[] = []

/** The half of an actor that looks down: its children, their names, and what becomes of one that fails. */
export abstract class Branch implements Parent {
  readonly host: Host
  /** None in an actor that never had a child. */
  #brood: Brood | undefined

  constructor(host: Host) {
    this.host = host
  }

  abstract readonly path: string

  /** What the actor says about its children. */
  protected abstract strategy(): Strategy

  /** This actor fails in its child's stead. */
  protected abstract escalate(error: unknown, child: Child): void

  /** Its strategy threw: it has failed itself. */
  protected undecided(thrown: unknown, child: Child): void {
    this.escalate(thrown, child)
  }

  adopt(child: Child, name: string | undefined): string | number {
    if (name === undefined) {
      this.#brood ??= new Brood()
      return this.#brood.addNumbered(child)
    }
    const key = segment(name)
    if (key === "" || key.startsWith("$")) {
      throw new TypeError(`${JSON.stringify(name)} is no name of an actor: expected text that does not begin with $`)
    }
    return this.adoptAt(child, key)
  }

  /** Adopts under a name as it stands in a path. Throws when it is taken. */
  adoptAt(child: Child, key: string): string {
    if (this.#brood?.named(key) !== undefined) {
      throw new TypeError(`the name ${JSON.stringify(key)} is taken under ${this.path}: stop that actor first`)
    }
    this.#brood ??= new Brood()
    this.#brood.addNamed(child, key)
    return key
  }

  forget(child: Child): void {
    this.#brood?.remove(child)
  }

  /** The child of that name, as it stands in a path. */
  child(name: string): Child | undefined {
    const named = this.#brood?.named(name)
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
      step = supervise(
        strategy,
        all ? (this.#brood?.restarts ?? noRestarts) : child.restarts,
        error,
        this.host.clock.now(),
      )
    } catch (thrown) {
      this.host.failed({ path: child.path, error, directive: "escalate" })
      this.undecided(thrown, child)
      return
    }
    if (!all) child.restarts = step.restarts
    else if (this.#brood !== undefined) this.#brood.restarts = step.restarts
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
    return this.#brood?.empty ?? true
  }

  /** Those that there are now; what is done to one may end it. */
  protected children(): readonly Child[] {
    return this.#brood?.all() ?? none
  }

  /** Stops all children. Undefined when they have ended already, else a promise of that. */
  protected stopChildren(how: Halt): Promise<void> | undefined {
    const brood = this.#brood
    if (brood === undefined || brood.empty) return undefined
    for (const child of brood.all()) child.halt(how)
    if (brood.empty) return undefined
    return new Promise((resolve) => {
      brood.whenGone = resolve
    })
  }

  /** The reason is made only where there is somebody to tell it: an Error costs more than most actors' lives. */
  protected interruptChildren(because: () => unknown): void {
    if (this.childless) return
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
