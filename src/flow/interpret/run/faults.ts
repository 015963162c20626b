import {
  type Fault,
  FaultError,
  FlowError,
  type FunctionFailed,
  messageOf,
  type Verdict,
  verdictOf,
} from "../../../data/fault.js"
import { Failed } from "./machine.js"

/** `instanceof` that takes whatever was thrown, a revoked proxy included. */
function is<T>(thrown: unknown, type: abstract new (...args: never) => T): thrown is T {
  try {
    return thrown instanceof type
  } catch {
    return false
  }
}

const isStackOverflow = (thrown: unknown): boolean => is(thrown, RangeError) && /call stack/i.test(messageOf(thrown))

/** What a value is, for a message that must not tell it: it may be long, or secret. */
export function kindOf(value: unknown): string {
  if (value === null) return "null"
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`
}

/** The fault for something that a function of the flow threw. */
export function functionFailed(name: string | undefined, thrown: unknown, path: string, did = "threw"): Failed {
  const message = `${name ?? "an unnamed function"} ${did}: ${messageOf(thrown)}`
  if (isStackOverflow(thrown)) return new Failed({ _tag: "Defect", path, message, cause: thrown, retry: "no" })
  const fault: FunctionFailed = {
    _tag: "FunctionFailed",
    path,
    name: name ?? "",
    message,
    cause: thrown,
    retry: "no",
  }
  return new Failed(fault)
}

/** What the first of several agents failed with that asked one another: messages must not grow with each. */
function firstOf(thrown: FlowError): FlowError {
  let first = thrown
  while (first.fault._tag === "AgentFailed" && is(first.fault.cause, FlowError)) first = first.fault.cause
  return first
}

/** The fault for something that an agent threw: what it says it is, else `AgentFailed`. */
export function agentFailed(agent: string, thrown: unknown, path: string): Failed {
  if (is(thrown, FaultError)) {
    return new Failed({ ...thrown.fault, path, message: `${agent}: ${thrown.fault.message}` })
  }
  if (isStackOverflow(thrown)) {
    return new Failed({ _tag: "Defect", path, message: `${agent} overflowed the stack`, cause: thrown, retry: "no" })
  }
  const first = is(thrown, FlowError) ? firstOf(thrown) : thrown
  const retry = is(thrown, FlowError) ? thrown.fault.retry : verdictOf(thrown)
  return new Failed({
    _tag: "AgentFailed",
    path,
    agent,
    message: `${agent} failed: ${messageOf(first)}`,
    cause: thrown,
    retry,
  })
}

/**
 * Whether trying again could bring the one success more that a race or a quorum would have needed, and after how long:
 * the latest wait of all that may be tried again.
 */
export function retryOf(faults: readonly Fault[]): Verdict {
  const waits = faults
    .map(({ retry }) => retry)
    .filter((retry) => retry !== "no")
    .map((retry) => (retry === "yes" ? 0 : retry.after))
  if (waits.length === 0) return "no"
  const after = Math.max(0, ...waits)
  return after === 0 ? "yes" : { after }
}

/**
 * Who failed and why, for the message of a fault that collects them: cut, or it would grow with each level. A message that
 * begins with the name is not given it twice.
 */
export function listed(failures: ReadonlyArray<readonly [name: string, fault: Fault]>): string {
  const told = failures.slice(0, 8).map(([name, { message }]) => {
    const text = message.startsWith(`${name} `) || message.startsWith(`${name}:`) ? message : `${name}: ${message}`
    return text.length > 200 ? `${text.slice(0, 199)}…` : text
  })
  return [...told, ...(failures.length > 8 ? [`and ${failures.length - 8} more`] : [])].join("; ")
}
