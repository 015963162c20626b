import { FaultError, type TimedOut, type Unavailable } from "../data/fault.js"

/** What a full mailbox answers an ask, and what `tell` throws where the mailbox says `fail`. Trying later may help. */
export class MailboxFull extends FaultError {
  constructor(path: string) {
    super({ _tag: "Unavailable", message: `the mailbox of ${path} is full`, retry: "yes" })
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
