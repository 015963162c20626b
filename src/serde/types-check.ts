import type { Document } from "../flow/document.js"
import { check } from "../flow/interpret/check.js"
import type { FlowProblem } from "./diagnose.js"

/** What the types of a document's flow say. */
export function checkTypes({ flow, input, params }: Document): readonly FlowProblem[] {
  return check(flow, { params, ...(input === undefined ? {} : { input }) }).errors
}
