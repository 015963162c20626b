import { own } from "../../../data/json.js"
import type { Fault } from "../../../data/fault.js"
import type { Branch, Loop, Recover } from "../../node.js"
import type { Continue, Done } from "../../types.js"
import { functionFailed } from "./faults.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { evaluate } from "./pure.js"
import { countOf } from "./count.js"
import { TurnPath } from "./late-path.js"

const isTag = (tag: unknown): tag is string | number | boolean =>
  typeof tag === "string" || typeof tag === "number" || typeof tag === "boolean"

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? own(value as Readonly<Record<string, unknown>>, key) : undefined

/** A field may be a getter, and throw. */
function read(value: unknown, key: string, frame: Frame, local: string): Outcome {
  try {
    return field(value, key)
  } catch (thrown) {
    return functionFailed(`the field ${key}`, thrown, frame.path(local))
  }
}

/** Runs the one arm that the tag names. */
export function branch(
  node: Branch,
  kids: { readonly by: Exec | undefined; readonly arms: readonly Exec[]; readonly otherwise: Exec | undefined },
  local: string,
): Exec {
  const arms = new Map(node.tags.map((tag, i) => [tag, kids.arms[i]]))
  const { on } = node

  const enter = (frame: Frame, tag: unknown, input: unknown, k: Continuation): Outcome => {
    const arm = (isTag(tag) ? arms.get(String(tag)) : undefined) ?? kids.otherwise
    if (arm === undefined) {
      const known = node.tags
      const seen = isTag(tag) ? JSON.stringify(tag) : `a value of type ${tag === null ? "null" : typeof tag}`
      const message = `no case for ${seen}: expected ${known.join(", ")}`
      return new Failed({ _tag: "NoMatch", path: frame.path(local), message, tag, known, retry: "no" })
    }
    const taken = isTag(tag) && arms.has(String(tag)) ? String(tag) : "otherwise"
    if (frame.machine.telling.listening) frame.machine.emit("branch_taken", frame.path(local), { tag: taken })
    return arm(frame, input, k)
  }

  const { by } = kids
  if (by !== undefined) {
    return nested((frame, input, k) => {
      const go = (tag: Outcome): Outcome => (tag instanceof Failed ? tag : enter(frame, tag, input, k))
      const tag = by(frame, input, resuming(frame, k, go))
      return tag === PENDING ? PENDING : go(tag)
    })
  }
  return nested((frame, input, k) => {
    const tag =
      "key" in on
        ? read(input, on.key, frame, local)
        : "code" in on
          ? evaluate(on.code, frame, input, local)
          : undefined
    return tag instanceof Failed ? tag : enter(frame, tag, input, k)
  })
}

/** A continuation that goes on with `next` and, once that has an outcome, with `k`. */
export function resuming(frame: Frame, k: Continuation, next: (outcome: Outcome) => Outcome): Continuation {
  return {
    resume(outcome) {
      const end = next(outcome)
      if (end !== PENDING) frame.machine.resume(frame, k, end)
    },
  }
}

/** Runs the handler on a fault that it is for. An abort never gets here. */
export function recovering(node: Recover, of: Exec, handler: Exec, local: string): Exec {
  const handles = ({ _tag }: Fault): boolean => (node.on === undefined ? _tag !== "Defect" : node.on.includes(_tag))
  return nested((frame, input, k) => {
    const go = (outcome: Outcome): Outcome => {
      if (!(outcome instanceof Failed) || !handles(outcome.fault)) return outcome
      const { fault } = outcome
      frame.machine.emit("recovered", frame.path(local), { fault })
      return handler(frame.bind("fault", fault), node.gets === "fault" ? fault : input, k)
    }
    const outcome = of(frame, input, resuming(frame, k, go))
    return outcome === PENDING ? PENDING : go(outcome)
  })
}

const isStep = (value: unknown): value is Continue<unknown> | Done<unknown> =>
  typeof value === "object" &&
  value !== null &&
  "_tag" in value &&
  (value._tag === "Continue" || value._tag === "Done") &&
  "value" in value

/** What a body gave instead of a turn: its tag, but of no other field the value, which may be long or secret. */
function given(value: unknown): string {
  if (value === null || Array.isArray(value)) return value === null ? "null" : "a list"
  if (typeof value !== "object") return `a value of type ${typeof value}`
  const tag = field(value, "_tag")
  const keys = Object.keys(value).slice(0, 8)
  const fields = keys.map((key) => (key === "_tag" && typeof tag === "string" ? `_tag ${JSON.stringify(tag)}` : key))
  return fields.length === 0 ? "an object without fields" : `an object with ${fields.join(", ")}`
}

/** What a turn gave, read once: its fields may be getters, and throw. */
function stepOf(value: unknown, path: string): Continue<unknown> | Done<unknown> | Failed | undefined {
  try {
    return isStep(value) ? { _tag: value._tag, value: value.value } : undefined
  } catch (thrown) {
    return functionFailed("what the turn gave", thrown, path)
  }
}

/** Turns until the body is done, or too many. */
export function looping(node: Loop, body: Exec, local: string): Exec {
  return nested((frame, input, k) => {
    const { machine } = frame
    const path = frame.path(local)
    const max = countOf(node.max, "max", machine.params, path)
    if (max instanceof Failed) return max
    let turn = 0

    /** What follows from a turn's outcome: the end of the loop, or the next turn's input. */
    const judge = (outcome: Outcome): { readonly end: Outcome } | { readonly next: unknown } => {
      if (outcome instanceof Failed) return { end: outcome }
      const step = stepOf(outcome, `${path}#${turn}`)
      if (step instanceof Failed) return { end: step }
      if (step === undefined) {
        const message = `the body of a loop gave ${given(outcome)}: expected Continue or Done, as { _tag, value }`
        const issues = [{ at: "", message }]
        const fault = {
          _tag: "InvalidOutput",
          path: `${path}#${turn}`,
          message,
          value: outcome,
          issues,
          retry: "yes",
        } as const
        return { end: new Failed(fault) }
      }
      if (step._tag === "Done") return { end: step.value }
      const last = step.value
      if (++turn < max) {
        if (machine.telling.listening) machine.emit("loop_continued", path, { turn })
        return { next: last }
      }
      if (node.exhausted === "last") return { end: last }
      const message = `not done after ${max} turns`
      return { end: new Failed({ _tag: "LoopExceeded", path, message, last, turns: max, retry: "no" }) }
    }
    const resume = (outcome: Outcome): void => {
      const end = go(judge(outcome))
      if (end !== PENDING) machine.resume(frame, k, end)
    }
    const go = (from: ReturnType<typeof judge>): Outcome => {
      let at = from
      while ("next" in at) {
        const { next } = at
        if (frame.cancel.cancelled) return PENDING
        if (machine.overdue()) {
          machine.later(frame, () => {
            const outcome = body(frame.at(new TurnPath(path, turn)), next, { resume })
            if (outcome !== PENDING) resume(outcome)
          })
          return PENDING
        }
        const outcome = body(frame.at(new TurnPath(path, turn)), next, { resume })
        if (outcome === PENDING) return PENDING
        at = judge(outcome)
      }
      return at.end
    }
    return go({ next: input })
  })
}
