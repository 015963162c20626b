import { type Exec, maxDepth, PENDING } from "./machine.js"

/** Bounds the stack and the time: beyond `maxDepth`, or when the event loop has waited, the node runs from the queue. */
export function nested(exec: Exec): Exec {
  return (frame, input, k) => {
    const { machine } = frame
    if (machine.depth >= maxDepth || machine.overdue()) {
      machine.later(frame, () => {
        const outcome = exec(frame, input, k)
        if (outcome !== PENDING) machine.resume(frame, k, outcome)
      })
      return PENDING
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
    machine.later(frame, () => {
      const outcome = exec(frame, input, k)
      if (outcome !== PENDING) machine.resume(frame, k, outcome)
    })
    return PENDING
  }
}
