import type { AnyAgentRef } from "../data/agent-ref.js"
import { FaultError } from "../data/fault.js"
import { asText } from "../data/json.js"
import type { Expr, Scope } from "../flow/expr.js"

/** The most that an agent outside of the process may answer, in bytes. */
export const mostBytes: number = 8 * 2 ** 20

/** Whether an agent's answer is read as JSON: it declares an output that is no text. */
export function wantsJson({ output }: AnyAgentRef): boolean {
  const json = output?.json
  return json !== undefined && json !== true && json["type"] !== "string"
}

/** An answer as JSON, or the fault `InvalidOutput`. */
export function readJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return json
  } catch {
    const shown = text.trim().slice(0, 80)
    const what = shown === "" ? "nothing" : `\`${shown}\``
    const message = `it answered ${what}, which is no JSON; its output is declared, so it has to be`
    throw new FaultError({ _tag: "InvalidOutput", message, value: text, issues: [], retry: "yes" })
  }
}

/** What a template gives; the fault `ExpressionFailed` where it cannot be computed, without the values that it read. */
export function valueOf(expr: Expr, scope: Scope, what: string): unknown {
  try {
    return expr.evaluate(scope)
  } catch (thrown) {
    const source = asText(expr.source)
    const reads = expr.names.includes("env")
    const why = reads || !(thrown instanceof Error) ? "" : `: ${thrown.message}`
    const message = `its ${what} cannot be computed${why}${reads ? "; is every variable of the environment set?" : ""}`
    throw new FaultError({ _tag: "ExpressionFailed", source, message, retry: "no" })
  }
}

export const textOf = (expr: Expr, scope: Scope, what: string): string => asText(valueOf(expr, scope, what))

/** The fault of an agent that says more than is read. */
export const tooMuch = ({ name }: AnyAgentRef): FaultError =>
  new FaultError({
    _tag: "AgentFailed",
    agent: name,
    message: `it answered more than ${mostBytes / 2 ** 20} MiB`,
    retry: "no",
  })
