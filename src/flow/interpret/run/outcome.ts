import type { Aborted, Fault } from "../../../data/fault.js"

/** The outcome "not yet": the continuation will be resumed. */
export const PENDING: unique symbol = Symbol("pending")

/** The outcome "failed". Anything else that is not PENDING is the value itself. */
export class Failed {
  readonly fault: Fault
  constructor(fault: Fault) {
    this.fault = fault
  }
}

/** A value, a `Failed`, or PENDING. */
export type Outcome = unknown

/** Where a pending node's outcome goes. */
export interface Continuation {
  resume(outcome: Outcome): void
}

/** The reason with which a part of a flow is cancelled that is no longer wanted. */
export const notNeeded: Aborted = { _tag: "Aborted", reason: "no longer needed" }
