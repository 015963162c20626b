import { own } from "../../../data/json.js"
import type { Fault } from "../../../data/fault.js"
import type { Branch, Recover } from "../../node.js"
import { functionFailed, kindOf } from "./faults.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { evaluate } from "./pure.js"

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
      const seen = isTag(tag) ? JSON.stringify(tag) : kindOf(tag)
      const message = `no case for ${seen}: expected ${known.join(", ")}`
      return new Failed({ _tag: "NoMatch", path: frame.path(local), message, tag, known, retry: "no" })
    }
    const taken = isTag(tag) && arms.has(String(tag)) ? String(tag) : "otherwise"
    if (frame.machine.telling !== undefined) frame.machine.emit("branch_taken", frame.path(local), { tag: taken })
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
