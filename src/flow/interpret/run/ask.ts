import type { Agent, Override } from "../../node.js"
import type { Settings } from "../../runtime.js"
import { type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { evaluate } from "./pure.js"
import { checked } from "./checked.js"
import { Task } from "./task.js"

function settingsOf(override: Override, frame: Frame, value: unknown, local: string): Settings | Failed {
  const { prompt: promptCode, systemPrompt: systemCode, ...rest } = override
  const prompt = promptCode && evaluate(promptCode, frame, value, local)
  if (prompt instanceof Failed) return prompt
  const systemPrompt = systemCode && evaluate(systemCode, frame, value, local)
  if (systemPrompt instanceof Failed) return systemPrompt
  return {
    ...rest,
    ...(promptCode === undefined ? {} : { prompt }),
    ...(systemCode === undefined ? {} : { systemPrompt }),
  }
}

/** Asks the agent through the runtime, its input checked before and its output after. */
export function ask({ ref, override }: Agent, local: string): Exec {
  return (frame, given, k) => {
    if (frame.cancel.cancelled) return PENDING
    const input = ref.input === undefined ? given : checked("InvalidInput", ref.input, given, ref.name, frame, local)
    if (input instanceof Failed) return input
    const settings = override && settingsOf(override, frame, given, local)
    if (settings instanceof Failed) return settings
    const { limits, askedBy } = frame.around
    if (limits === undefined && askedBy === undefined) return new Task(frame, ref, input, settings, local, k).begin()
    const begin = (): Outcome => {
      const task = new Task(frame, ref, input, settings, local, k)
      askedBy?.began(task)
      return task.begin()
    }
    if (limits === undefined) return begin()
    const { machine, cancel } = frame
    /** It has its place; while the run is paused, it starts later. */
    const start = (): Outcome => {
      if (!machine.paused) return begin()
      const off = cancel.onCancel(() => limits.leave(ref, undefined, askedBy?.giveBack() !== true))
      machine.later(frame, () => {
        off()
        const outcome = begin()
        if (outcome !== PENDING) machine.resume(frame, k, outcome)
      })
      return PENDING
    }
    return limits.admit({
      ref,
      cancel,
      lender: askedBy,
      path: () => frame.path(local),
      start,
      resume: (outcome) => machine.resume(frame, k, outcome),
      // While a run is aborted, places are freed one after the other: none of them is taken any more.
      enter: (work) =>
        machine.enter(() => {
          if (!machine.cancel.cancelled) work()
        }),
    })
  }
}
