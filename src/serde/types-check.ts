import type { Document } from "../flow/document.js"
import { check, type CheckResult } from "../flow/interpret/check.js"

/** What the check needs of a document; without `params` nothing is known of any. */
interface Checked extends Pick<Document, "flow">, Partial<Pick<Document, "input" | "output">> {
  readonly params: Document["params"] | undefined
}

/** What the types of a document's flow say, and what they leave open. */
export function checkDocument({ flow, input, output, params }: Checked): CheckResult {
  return check(flow, {
    ...(params === undefined ? {} : { params }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  })
}
