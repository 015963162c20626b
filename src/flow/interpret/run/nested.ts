import { type Continuation, type Exec, type Frame, maxDepth, type Outcome, PENDING } from "./machine.js"

/** Goes on with what follows a node, if this is its end. */
export function ended(frame: Frame, k: Continuation, end: Outcome): void {
  if (end !== PENDING) frame.machine.resume(frame, k, end)
}

/** Goes on from the queue, unless what it is `inside` is aborted by then. */
export function goLater(inside: Frame, frame: Frame, k: Continuation, go: () => Outcome): Outcome {
  frame.machine.later(inside, () => ended(frame, k, go()))
  return PENDING
}

/** Bounds the stack and the time: beyond `maxDepth`, or when the event loop has waited, the node runs from the queue. */
export function nested(exec: Exec): Exec {
  return (frame, input, k) => {
    const { machine } = frame
    if (machine.depth >= maxDepth || machine.overdue()) {
      return goLater(frame, frame, k, () => exec(frame, input, k))
    }
    machine.depth++
    const outcome = exec(frame, input, k)
    machine.depth--
    return outcome
  }
}

/** What starts nothing while the run is paused. For leaves: `nested` does the same. */
export function gated(exec: Exec): Exec {
  return (frame, input, k) => {
    const { machine } = frame
    if (!machine.paused) return exec(frame, input, k)
    return goLater(frame, frame, k, () => exec(frame, input, k))
  }
}
