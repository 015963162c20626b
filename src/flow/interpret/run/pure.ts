import { messageOf } from "../../../data/fault.js"
import type { Scope } from "../../expr.js"
import type { Code } from "../../node.js"
import { continueWith, done } from "../../step.js"
import { functionFailed, kindOf } from "./faults.js"
import { type Binding, Failed, type Frame, type Outcome } from "./machine.js"

/** What an expression sees: the value at hand, the flow's input and parameters, and the names bound around it. */
class FrameScope implements Scope {
  readonly #frame: Frame
  readonly #value: unknown
  constructor(frame: Frame, value: unknown) {
    this.#frame = frame
    this.#value = value
  }
  has(name: string): boolean {
    return name === "value" || name === "input" || name === "params" || find(this.#frame.scope, name) !== undefined
  }
  get(name: string): unknown {
    if (name === "value") return this.#value
    if (name === "input") return this.#frame.around.input
    if (name === "params") return this.#frame.machine.params
    return find(this.#frame.scope, name)?.value
  }
}

/** The nearest binding of a name. */
export function find(scope: Binding | undefined, name: string): Binding | undefined {
  let at = scope
  while (at !== undefined && at.name !== name) at = at.outer
  return at
}

const isThenable = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function"

/** How each kind of code is evaluated: never later, and a throw is a fault. */
const evaluators: {
  readonly [K in Code["_tag"]]: (
    code: Extract<Code, { readonly _tag: K }>,
    frame: Frame,
    value: unknown,
    local: string,
  ) => Outcome
} = {
  Constant: (code) => code.value,
  Name: (code, frame) => find(frame.scope, code.name)?.value,
  Fn(fn, frame, value, local) {
    let result: unknown
    try {
      result = fn.run(value as never)
      if (!isThenable(result)) return result
    } catch (thrown) {
      return functionFailed(fn.name, thrown, frame.path(local))
    }
    Promise.resolve(result).catch(() => undefined) // its rejection, if any, is told by the fault below
    const error = new TypeError("it returned a promise, but a pure step is synchronous: make it an agent")
    return functionFailed(fn.name, error, frame.path(local))
  },
  Expr(expr, frame, value, local) {
    try {
      return expr.evaluate(new FrameScope(frame, value))
    } catch (thrown) {
      const source = typeof expr.source === "string" ? expr.source : JSON.stringify(expr.source)
      const path = frame.path(local)
      return new Failed({
        _tag: "ExpressionFailed",
        path,
        source,
        message: `${source}: ${messageOf(thrown)}`,
        cause: thrown,
        retry: "no",
      })
    }
  },
  Arity: ({ size }, frame, value, local) => {
    if (Array.isArray(value) && value.length === size) return value
    const found = Array.isArray(value) ? `a list of ${value.length}` : kindOf(value)
    const message = `split has ${size} branches and got ${found}: expected a list of ${size}`
    const issues = [{ at: "", message }]
    return new Failed({ _tag: "InvalidInput", path: frame.path(local), message, value, issues, retry: "no" })
  },
  Element({ index }, frame, value, local) {
    try {
      return Array.isArray(value) ? value[index] : undefined
    } catch (thrown) {
      return functionFailed(`element ${index}`, thrown, frame.path(local))
    }
  },
  Until(until, frame, value, local) {
    const holds = evaluate(until.when, frame, value, local)
    if (holds instanceof Failed) return holds
    if (typeof holds === "boolean") return holds ? done(value) : continueWith(value)
    const error = new TypeError(`the condition of a loop gave ${kindOf(holds)}: expected true or false`)
    return functionFailed("until", error, frame.path(local))
  },
}

type Evaluator = (code: Code, frame: Frame, value: unknown, local: string) => Outcome

/** How this kind of code is evaluated: looked up once for what is evaluated often. */
export const evaluatorOf = ({ _tag }: Code): Evaluator => evaluators[_tag] as Evaluator

/** The value of a piece of code, or the fault that it met. */
export function evaluate(code: Code, frame: Frame, value: unknown, local: string): Outcome {
  return evaluatorOf(code)(code, frame, value, local)
}
