import type { Document } from "../flow/document.js"
import type { FlowProblem } from "./diagnose.js"

/** What the types of a document's flow say; names are judged apart, with their positions. */
export function checkTypes(_document: Document): readonly FlowProblem[] {
  return []
}
