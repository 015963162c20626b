import type { Schema } from "../../data/schema.js"
import { isNever, members, never, union, widened } from "../../data/schema-build.js"
import { inlined } from "../../data/schema-inline.js"
import { describeType } from "../../data/schema-words.js"
import { isModelAgent } from "../document.js"
import type { Expr } from "../expr.js"
import type { FlowAlgebra } from "../fold.js"
import { memberNames } from "../members.js"
import type { Agent, Branch, Code, Loop } from "../node.js"
import { faultBecause, type Findings, sourceOf } from "./check-findings.js"
import { faultType, oneOf, quorumType, togetherType, untilType } from "./check-shapes.js"
import { fieldOf, mayBe, mayBeNull, narrowed, tagsOf } from "./check-tags.js"
import type { Given, Typing, Wire } from "./check-typing.js"
import { unfinished } from "../unfinished.js"

const isExpr = (value: unknown): value is Expr =>
  typeof value === "object" && value !== null && "_tag" in value && value._tag === "Expr"

const condition = { type: "boolean" }

/** A declared type; `who` says whose it is, where it is not known. */
function declared(schema: Schema<unknown> | undefined, who: string, what: "input" | "output"): Wire {
  if (schema === undefined) return { type: true, because: `${who} declares no ${what}` }
  if (schema.json === undefined) {
    return { type: true, because: `the ${what} of ${who} cannot be written as JSON Schema` }
  }
  return { type: inlined(schema.json), because: `the ${what} of ${who} says nothing of it` }
}

/** Types every part of a flow from what arrives at it, and notes what does not fit. */
export function typing(found: Findings): FlowAlgebra<Typing> {
  const agents = new Set<object>()

  function codeType(code: Code, path: string, given: Given): Wire {
    if (isNever(given.value.type)) return { type: never }
    if (code._tag === "Constant") return { type: widened(code.value), because: "an empty array has no element type" }
    if (code._tag === "Expr") return found.infer(code, path, given)
    if (code._tag === "Fn") return { type: true, because: `${functionAt(code.name, path)} declares no output` }
    if (code._tag === "Until") {
      holds(code.when, "until", path, given)
      return untilType(given.value)
    }
    if (code._tag === "Arity" || code._tag === "Element") return unfinished("check of split")
    const wire = found.bound.get(code.name)
    if (wire === undefined) found.error(path, "name_free", `the name ${code.name} is not bound here`)
    return wire ?? { type: true, because: `the name ${code.name} is not bound` }
  }

  function holds(code: Code, what: string, path: string, given: Given): void {
    if (code._tag === "Expr")
      found.fits(path, `${what} ${sourceOf(code)}`, found.infer(code, path, given), condition, code)
  }

  /** The prompts of an agent, each judged once where its input is declared and else at every step. */
  function prompts({ ref, override }: Agent, path: string, given: Given): void {
    const overridden = { prompt: override?.prompt, systemPrompt: override?.systemPrompt }
    for (const code of Object.values(overridden)) if (code !== undefined) codeType(code, path, given)
    if (ref.input !== undefined && agents.has(ref)) return
    agents.add(ref)
    const value = ref.input === undefined ? given.value : declared(ref.input, `the agent ${ref.name}`, "input")
    for (const [key, expr] of Object.entries(ref)) {
      const replaced = (key === "prompt" || key === "systemPrompt") && overridden[key] !== undefined
      if ((key === "prompt" || key === "systemPrompt") && !replaced && isExpr(expr)) found.inferOwn(expr, path, value)
    }
  }

  return {
    Pure:
      ({ code }, _, { path }) =>
      (given) =>
        codeType(code, path, given),

    Agent:
      (node, _, { path }) =>
      (given) => {
        const who = `the agent ${node.ref.name}`
        if (isNever(given.value.type)) return { type: never }
        const input = declared(node.ref.input, who, "input")
        if (node.ref.input?.json === undefined && node.ref.input !== undefined) {
          found.open(path, who, input.because)
        } else found.fits(path, who, given.value, input.type)
        prompts(node, path, given)
        // Without a schema a model is asked for no more than text.
        if (node.ref.output === undefined && isModelAgent(node.ref)) return { type: { type: "string" } }
        return declared(node.ref.output, who, "output")
      },

    Fail: () => () => ({ type: never }),

    Seq: (_, kids) =>
      function* (given) {
        let value = given.value
        for (const of of kids) value = yield { of, given: { ...given, value } }
        return value
      },

    Let: ({ name }, { of, body }, { path }) =>
      function* (given) {
        const value = yield { of, given }
        const outer = found.bound.get(name)
        if (outer !== undefined) found.error(path, "name_rebound", `the name ${name} is bound already`)
        found.bound.set(name, value)
        const out = yield { of: body, given: { ...given, value } }
        if (outer === undefined) found.bound.delete(name)
        else found.bound.set(name, outer)
        return out
      },

    All: ({ keys }, kids) =>
      function* (given) {
        const wires: Wire[] = []
        for (const of of kids) wires.push(yield { of, given })
        // Where one branch cannot succeed, none of it does.
        return wires.some((wire) => isNever(wire.type)) ? { type: never } : togetherType(wires, keys)
      },

    AtLeast: (node, kids) =>
      function* (given) {
        const names = memberNames(node)
        const wires: Wire[] = []
        for (const of of kids) wires.push(yield { of, given })
        return quorumType(wires, names)
      },

    Race: (_, kids) =>
      function* (given) {
        const wires: Wire[] = []
        for (const of of kids) wires.push(yield { of, given })
        return oneOf(wires)
      },

    Branch: (node, { by, arms, otherwise }, { path }) =>
      function* (given) {
        const tag: Wire = by === undefined ? tagType(node, path, given) : yield { of: by, given }
        cases(node, tag, path)
        const key = "key" in node.on ? node.on.key : undefined
        const arm = (keep: (tag: string) => boolean): Given =>
          key === undefined
            ? given
            : { ...given, value: { ...given.value, type: narrowed(given.value.type, key, keep) } }
        const wires: Wire[] = []
        for (const [i, of] of arms.entries()) wires.push(yield { of, given: arm((tag) => tag === node.tags[i]) })
        if (otherwise !== undefined) {
          wires.push(yield { of: otherwise, given: arm((tag) => !node.tags.includes(tag)) })
        }
        return oneOf(wires)
      },

    Recover: ({ gets, on }, { of, handler }) =>
      function* (given) {
        const value = yield { of, given }
        const fault = faultType(on)
        const wire: Wire = gets === "fault" ? { type: fault, because: faultBecause } : given.value
        return oneOf([value, yield { of: handler, given: { value: wire, fault } }])
      },

    Loop: (node, body, { path }) =>
      function* (given) {
        return loopType(node, path, given.value, yield { of: body, given })
      },

    FlatMap: () => unfinished("check FlatMap"),
    Traverse: () => unfinished("check Traverse"),
    Retry: () => unfinished("check Retry"),
    Limit: () => unfinished("check Limit"),
    Divert: () => unfinished("check Divert"),
    Guard: () => unfinished("check Guard"),
    Graph: () => unfinished("check Graph"),
    Call: () => unfinished("check Call"),
    Suspend: () => unfinished("check Suspend"),
    Sleep: () => unfinished("check Sleep"),
    Within: (_, of) =>
      function* (given) {
        return yield { of, given }
      },
  }

  /** The type of the tag that a branch reads. */
  function tagType({ on, tags }: Branch, path: string, given: Given): Wire {
    const { value } = given
    if (isNever(value.type)) return { type: never }
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
    if ("by" in on) return { type: true }
    if (on.code._tag === "Expr") return found.infer(on.code, path, given)
    const predicate = tags.length === 2 && tags.includes("true") && tags.includes("false")
    if (predicate) return { type: condition }
    return { type: true, because: `${functionAt(on.code.name, path)} declares no output` }
  }

  /** Holds the cases against the tags that may come. */
  function cases({ on, tags, otherwise }: Branch, tag: Wire, path: string): void {
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
      for (const extra of known === "open" ? tags.filter((one) => !mayBe(one, tag.type)) : []) {
        unknownCase(path, extra, got)
      }
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
      for (const extra of tags.filter((one) => !known.includes(one))) {
        unknownCase(path, extra, all)
      }
    }
  }

  function unknownCase(path: string, tag: string, expected: string): void {
    const part = ["branch", "cases", tag]
    found.error(path, "unknown_case", `branch: no value has the tag ${tag}`, { expected, got: tag, part })
  }

  /** The type of a loop: each turn must fit the next, and its last answer is the result. */
  function loopType({ exhausted }: Loop, path: string, first: Wire, out: Wire): Wire {
    const [next, results]: [Wire["type"][], Wire["type"][]] = [[], []]
    for (const member of members(out.type)) {
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
}

const functionAt = (name: string | undefined, path: string): string =>
  `the function ${name ?? "without a name"}${path === "" ? "" : ` at ${path}`}`
