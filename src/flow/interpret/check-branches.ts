import { isNever, never } from "../../data/schema-build.js"
import { describeType } from "../../data/schema-words.js"
import type { Branch } from "../node.js"
import { condition, functionAt } from "./check-code.js"
import type { Findings } from "./check-findings.js"
import { fieldOf, mayBe, mayBeNull, narrowed, tagsOf } from "./check-tags.js"
import type { Given, Wire } from "./check-typing.js"

/** The type of the tag that a branch reads. */
export function tagType(found: Findings, { on, tags }: Branch, path: string, given: Given): Wire {
  const { value } = given
  // A classifier is typed as the flow that it is.
  if ("by" in on || isNever(value.type)) return { type: never }
  if ("key" in on) {
    const field = fieldOf(value.type, on.key)
    if (field !== "missing") return { type: field, because: value.because }
    const got = describeType(value.type)
    const expected = `an object with the field ${on.key}`
    found.error(path, "type_clash", `branch: expected ${expected}, got ${got}`, {
      expected,
      got,
      part: ["branch", "on"],
    })
    return { type: never }
  }
  if (on.code._tag === "Expr") return found.infer(on.code, path, given, "selector")
  const predicate = tags.length === 2 && tags.includes("true") && tags.includes("false")
  if (predicate) return { type: condition }
  return { type: true, because: `${functionAt(on.code.name, path)} declares no output` }
}

/** Holds the cases against the tags that may come. */
export function cases(found: Findings, { on, tags, otherwise }: Branch, tag: Wire, path: string): void {
  if (isNever(tag.type)) return
  const known = tagsOf(tag.type)
  const listed = tags.slice(0, 10).join(", ")
  if (otherwise === undefined && known !== "none" && mayBeNull(tag.type)) {
    found.error(path, "missing_case", "branch: null may come, which no case takes", {
      expected: "string or number or boolean",
      got: describeType(tag.type),
      hint: "add otherwise",
      part: ["branch", "cases"],
    })
  }
  if (known === "none") {
    const got = describeType(tag.type)
    found.error(path, "type_clash", `branch: expected a text, a number or a truth value, got ${got}`, {
      expected: "string or number or boolean",
      got,
      part: ["branch", "by" in on ? "by" : "on"],
    })
  } else if (known === "unknown" || known === "open") {
    const got = describeType(tag.type)
    for (const extra of tags.filter((one) => !mayBe(one, tag.type))) unknownCase(found, path, extra, got)
    if (otherwise !== undefined) return
    const what = known === "open" ? `any ${got} may come` : "nothing is known of the tag"
    found.open(path, `branch: ${what}; there are cases for ${listed} and no otherwise`, tag.because)
  } else {
    const all = `one of ${known.slice(0, 10).join(", ")}`
    for (const missing of known.filter((one) => !tags.includes(one))) {
      if (otherwise !== undefined) break
      found.error(path, "missing_case", `branch: there is no case for ${missing}`, {
        expected: all,
        got: `cases for ${listed}`,
        hint: `add the case ${missing}, or otherwise`,
        part: ["branch", "cases"],
      })
    }
    // One that always answers the same chooses its arm all the same: `route(pure("a"), { a, b })` is `a`.
    const constant = "by" in on && known.length === 1 && !mayBeNull(tag.type)
    for (const extra of constant ? [] : tags.filter((one) => !known.includes(one))) unknownCase(found, path, extra, all)
  }
}

function unknownCase(found: Findings, path: string, tag: string, expected: string): void {
  const part = ["branch", "cases", tag]
  found.error(path, "unknown_case", `branch: no value has the tag ${tag}`, { expected, got: tag, part })
}

/** What an arm gets: of what arrives that part whose tag `keep` accepts, as far as what the branch reads tells it. */
export function armGets(found: Findings, { on }: Branch, given: Given, keep: (tag: string) => boolean): Given {
  if ("by" in on) return given
  if ("key" in on) return { ...given, value: { ...given.value, type: narrowed(given.value.type, on.key, keep) } }
  if (on.code._tag === "Fn") return given
  const [yes, no] = [keep("true"), keep("false")]
  return yes === no ? given : { ...given, value: found.narrowed(on.code, given, yes) }
}
