import type { AnyAgentRef } from "../data/agent-ref.js"
import { FaultError } from "../data/fault.js"

/** What an agent of a document does with the machine besides asking models. */
export type Permission = "command" | "net"

const does = { command: "starts a process", net: "sends a request" } as const

/** What the host has allowed the agents of documents. */
export class Leave {
  readonly #allowed: ReadonlySet<Permission>

  constructor(allowed: readonly Permission[] = []) {
    this.#allowed = new Set(allowed)
  }

  /** Refuses an agent that does what nobody has allowed. */
  needs(permission: Permission, { name }: AnyAgentRef): void {
    if (this.#allowed.has(permission)) return
    throw new FaultError({
      _tag: "Unavailable",
      message: `${name} ${does[permission]}, which nobody allowed: new AgentSystem({ allow: ["${permission}"] })`,
      retry: "no",
    })
  }
}
