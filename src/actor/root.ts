import { segment } from "../data/path.js"
import { Branch } from "./branch.js"
import type { Child, Host } from "./host.js"
import type { Stage } from "./stage.js"
import type { Strategy } from "./supervision.js"

/** A branch with no actor above it: an escalation stops the actor that it came from, and nobody else. */
export abstract class Top extends Branch {
  override childFailed(child: Child, error: unknown, how: "itself" | "escalated"): void {
    if (how === "itself") return super.childFailed(child, error, how)
    this.host.failed({ path: child.path, error, directive: "stop" })
    child.halt("gently")
  }

  protected escalate(_error: unknown, child: Child): void {
    child.halt("gently")
  }

  /** There is nobody above who would tell of it. */
  protected override undecided(thrown: unknown, child: Child): void {
    this.host.failed({ path: child.path, error: thrown, directive: "stop" })
    this.escalate(thrown, child)
  }

  protected refuseChildren(error: Error): void {
    for (const child of this.children()) child.refuse(error)
  }
}

/** The parent of all top-level actors. */
export class Root extends Top {
  readonly path: string
  readonly #strategy: Strategy
  /** Those that do not end among the agents. */
  #stages: Map<Child, Stage> | undefined
  /** Those of the stage that ends now. */
  #ending: Set<Child> | undefined
  #ended: () => void = () => {}

  constructor(host: Host, name: string, strategy: Strategy) {
    super(host)
    this.path = `/${segment(name)}`
    this.#strategy = strategy
  }

  /** Says when a child ends in a shutdown. */
  assign(path: string, stage: Stage): void {
    const child = this.child(path.slice(this.path.length + 1))
    if (child === undefined) return
    this.#stages ??= new Map()
    this.#stages.set(child, stage)
  }

  override forget(child: Child): void {
    super.forget(child)
    this.#stages?.delete(child)
    if (this.#ending?.delete(child) === true && this.#ending.size === 0) this.#ended()
  }

  protected strategy(): Strategy {
    return this.#strategy
  }

  refuseAll(error: Error): void {
    this.refuseChildren(error)
  }

  /** Stops those of one stage. Undefined when they have ended already, else a promise of that. */
  stopStage(stage: Stage): Promise<void> | undefined {
    const concerned = this.children().filter((child) => (this.#stages?.get(child) ?? "agents") === stage)
    const ending = new Set(concerned)
    this.#ending = ending
    for (const child of concerned) child.halt("interrupting")
    if (ending.size === 0) return undefined
    return new Promise((resolve) => {
      this.#ended = resolve
    })
  }

  interruptAll(reason: unknown): void {
    this.interruptChildren(() => reason)
  }
}
