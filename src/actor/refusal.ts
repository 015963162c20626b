import {
  type AllFailed,
  FaultError,
  FlowError,
  messageOf,
  type TimedOut,
  type Unavailable,
  verdictOf,
} from "../data/fault.js"

/** What a full mailbox answers an ask, and what `tell` throws where the mailbox says `fail`. Trying later may help. */
export class MailboxFull extends FaultError {
  /** Of the actor whose mailbox it is. */
  readonly path: string
  constructor(path: string) {
    super({ _tag: "Unavailable", message: `the mailbox of ${path} is full`, retry: "yes" })
    this.path = path
  }
}

/** The actor has ended, or there is none at this path, or the system shuts down: nobody will answer. */
export function unavailable(message: string): FaultError {
  const fault: Omit<Unavailable, "path"> = { _tag: "Unavailable", message, retry: "no" }
  return new FaultError(fault)
}

/** No answer came within `after` milliseconds. */
export function timedOut(path: string, after: number): FaultError {
  const fault: Omit<TimedOut, "path"> = {
    _tag: "TimedOut",
    message: `${path} did not answer within ${after} ms`,
    retry: "yes",
    after,
  }
  return new FaultError(fault)
}

/** Every call of a race failed. Each fault says by its path which; its cause is the very error, unless it was a fault. */
export function allFailed(failures: readonly { readonly name: string; readonly error: unknown }[]): FaultError {
  const faults = failures.map(({ name, error }) => {
    if (error instanceof FlowError) return error.fault
    if (error instanceof FaultError) return { ...error.fault, path: name }
    const message = messageOf(error)
    return { _tag: "AgentFailed" as const, agent: name, path: name, message, cause: error, retry: verdictOf(error) }
  })
  const fault: Omit<AllFailed, "path"> = {
    _tag: "AllFailed",
    message: `all ${faults.length} calls failed: ${faults.map(({ path, message }) => `${path}: ${message}`).join("; ")}`,
    retry: faults.some(({ retry }) => retry !== "no") ? "yes" : "no",
    faults,
  }
  return new FaultError(fault)
}
