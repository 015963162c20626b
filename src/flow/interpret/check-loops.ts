import { alternatives } from "../../data/schema-alternatives.js"
import { union } from "../../data/schema-build.js"
import { describeType } from "../../data/schema-words.js"
import type { Loop } from "../node.js"
import type { Findings } from "./check-findings.js"
import { fieldOf, tagsOf } from "./check-tags.js"
import type { Wire } from "./check-typing.js"

/** The type of a loop: each turn must fit the next, and its last answer is the result. */
export function loopType(found: Findings, { exhausted }: Loop, path: string, first: Wire, out: Wire): Wire {
  const [next, results]: [Wire["type"][], Wire["type"][]] = [[], []]
  for (const member of alternatives(out.type)) {
    const tag = fieldOf(member, "_tag")
    const tags = tag === "missing" ? "none" : tagsOf(tag)
    const value = fieldOf(member, "value")
    if (tags === "unknown" || tags === "open") {
      found.open(path, "loop: the body may answer neither Continue nor Done", out.because)
      return { type: true, because: out.because }
    }
    if (tags === "none" || value === "missing" || tags.some((one) => one !== "Continue" && one !== "Done")) {
      const got = describeType(member)
      const expected = "Continue or Done"
      found.error(path, "type_clash", `loop: expected the body to answer ${expected}, got ${got}`, {
        expected,
        got,
        hint: "end the loop with until, or answer { _tag: Continue | Done, value }",
      })
      continue
    }
    if (tags.includes("Continue")) next.push(value)
    if (tags.includes("Done")) results.push(value)
  }
  const again: Wire = { type: union(next), because: out.because }
  found.fits(path, "loop: a turn's output is the next one's input", again, first.type)
  return { type: union(exhausted === "last" ? [...results, ...next] : results), because: out.because }
}
