import type { Scope } from "../flow/expr.js"
import { ExprError, failure, type Place } from "./problem.js"

/** How many terms one evaluation may compute, lists and strings counted by their length. About 10 to 30 ms. */
export const stepBudget = 1_000_000

/** One evaluation under way. */
export interface Frame {
  readonly scope: Scope
  /** Values of macros' variables, by slot. */
  readonly locals: unknown[]
  /** Steps that are left. */
  left: number
  /** The call or operator being computed, for messages. */
  place: Place
}

/** An expression, compiled. */
export type Run = (frame: Frame) => unknown

/** Takes steps off the budget; throws when it is used up, so that nested macros over long lists stop. */
export function spend(frame: Frame, steps: number): void {
  frame.left -= steps
  if (frame.left < 0) {
    throw failure(
      frame.place,
      "budget",
      `the expression takes more than ${stepBudget.toLocaleString("en")} steps: nest fewer macros, or give it shorter lists`,
    )
  }
}

/** Whether an error ends the evaluation for good: `||`, `&&`, `all` and `exists` get over any other. */
export function isFinal(error: unknown): boolean {
  return !(error instanceof ExprError) || error.problems[0]?.code === "budget"
}
