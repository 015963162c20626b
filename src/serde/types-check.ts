import type { Document } from "../flow/document.js"
import { check, type CheckResult } from "../flow/interpret/check.js"

/** What the types of a document's flow say, and what they leave open. */
export function checkDocument({ flow, input, output, params }: Document): CheckResult {
  return check(flow, {
    params,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  })
}
