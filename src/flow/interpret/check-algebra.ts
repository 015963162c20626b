import { isNever, loosened, never } from "../../data/schema-build.js"
import { isCommandAgent, isModelAgent } from "../document.js"
import type { FlowAlgebra } from "../fold.js"
import { memberNames } from "../members.js"
import { armGets, cases, tagType } from "./check-branches.js"
import { codeType, condition, declared, functionAt, holds, prompts } from "./check-code.js"
import { faultBecause, type Findings, sourceOf } from "./check-findings.js"
import { graphType, memberInput } from "./check-graph.js"
import { inOrder } from "../graph-order.js"
import { anyElement, elementsQuorum, mappedType, sizesOf } from "./check-lists.js"
import { loopType } from "./check-loops.js"
import { faultType, least, oneOf, quorumType, togetherType } from "./check-shapes.js"
import type { Asking, Given, Typing, Wire } from "./check-typing.js"

/** Types every part of a flow from what arrives at it, and notes what does not fit. */
export function typing(found: Findings): FlowAlgebra<Typing> {
  return {
    Pure:
      ({ code }, _, { path }) =>
      (given) =>
        codeType(found, code, path, given),

    Agent:
      (node, _, { path }) =>
      (given) => {
        const who = `the agent ${node.ref.name}`
        if (isNever(given.value.type)) return { type: never }
        const input = declared(node.ref.input, who, "input")
        if (node.ref.input?.json === undefined && node.ref.input !== undefined) {
          found.open(path, who, input.because)
        } else found.fits(path, who, given.value, input.type)
        prompts(found, node, path, given)
        // Without a schema a model is asked for no more than text, and a process gives no more.
        if (node.ref.output === undefined && (isModelAgent(node.ref) || isCommandAgent(node.ref)))
          return { type: { type: "string" } }
        return declared(node.ref.output, who, "output")
      },

    Fail: () => () => ({ type: never }),

    Seq: (_, kids) =>
      function* (given) {
        let value = given.value
        const last = kids.at(-1)
        for (const of of kids) value = yield { of, given: { ...given, value, as: of === last ? given.as : undefined } }
        return value
      },

    Let: ({ name }, { of, body }) =>
      function* (given) {
        const value = yield { of, given: { ...given, as: undefined } }
        const outer = found.bound.get(name)
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
        return quorumType(wires, names, node.n)
      },

    Race: (_, kids) =>
      function* (given) {
        const wires: Wire[] = []
        for (const of of kids) wires.push(yield { of, given })
        return oneOf(wires)
      },

    Branch: (node, { by, arms, otherwise }, { path }) =>
      function* (given) {
        const tag: Wire =
          by === undefined ? tagType(found, node, path, given) : yield { of: by, given: { ...given, as: "selector" } }
        cases(found, node, tag, path)
        const arm = (keep: (tag: string) => boolean): Given => armGets(found, node, given, keep)
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
        return oneOf([value, yield { of: handler, given: { ...given, value: wire, fault } }])
      },

    Loop: (node, body, { path }) =>
      function* (given) {
        const value = { ...given.value, type: loosened(given.value.type) }
        return loopType(found, node, path, value, yield { of: body, given: { ...given, value, as: undefined } })
      },

    FlatMap: ({ using }, { of, among }, { path }) =>
      function* (given) {
        const chosenBy = yield { of, given }
        if (isNever(chosenBy.type)) return chosenBy
        if (among === undefined) {
          const because = `the flow that ${functionAt(using.name, path)} makes is not known before the run`
          found.open(path, "flat_map", because)
          return { type: true, because }
        }
        const wires: Wire[] = []
        for (const choice of among) wires.push(yield { of: choice, given })
        return oneOf(wires)
      },

    Traverse: ({ atLeast }, body, { path }) =>
      function* (given) {
        const { value } = given
        found.fits(path, "for_each", value, { type: "array" })
        const sizes = sizesOf(value.type)
        if (sizes === undefined) return { type: never }
        const { max } = sizes
        if (atLeast !== undefined && max < least(atLeast)) {
          const [expected, got] = [`${least(atLeast)} or more elements`, `at most ${max}`]
          found.error(path, "quorum_range", `for_each: expected ${expected}, got ${got}`, {
            expected,
            got,
            part: ["for_each", "at_least"],
          })
        }
        const out = yield { of: body, given: { ...given, value: { ...value, type: anyElement(value.type) } } }
        return atLeast === undefined ? { ...out, type: mappedType(sizes, out.type) } : elementsQuorum(out, atLeast)
      },

    Divert: ({ how, when }, { of, side }, { path }) =>
      function* (given) {
        const value = yield { of, given }
        const arrived = { ...given, value }
        if (when !== undefined) holds(found, when, "when", path, arrived)
        const diverted = when?._tag === "Expr" ? found.narrowed(when, arrived, true) : value
        const out = yield { of: side, given: { ...given, value: diverted } }
        return how === "tap" && isNever(out.type) ? out : value
      },

    Guard: ({ check }, { of, by }, { path }) =>
      function* (given) {
        const value = yield { of, given }
        const arrived = { ...given, value }
        if (by !== undefined) {
          const answer = yield { of: by, given: arrived }
          found.fits(path, "guard: the answer of check", answer, condition)
          return isNever(answer.type) ? answer : value
        }
        if (!("code" in check)) return value
        holds(found, check.code, "guard", path, arrived)
        return check.code._tag === "Expr" ? found.narrowed(check.code, arrived, true) : value
      },

    Graph: (node, kids) =>
      function* (given) {
        const outputs: Wire[] = []
        for (const i of inOrder(node)) {
          const of = kids[i]
          if (of === undefined) continue
          const value = memberInput(node, i, given.value, outputs)
          outputs[i] = yield { of, given: { ...given, value } }
        }
        return graphType(node, outputs)
      },

    Call: ({ name }, of, { path }) =>
      function* ({ value, as }) {
        if (of !== undefined) return yield* found.apart(called(of, { value, input: value, fault: undefined, as }))
        found.error(path, "call_unknown", `there is no flow called ${name} here`, { got: name, part: ["flow"] })
        return { type: true, because: `the flow ${name} is not known` }
      },

    Suspend:
      ({ name, schema }, _, { path }) =>
      (given) => {
        if (isNever(given.value.type)) return given.value
        if (typeof name !== "string") {
          const text = found.infer(name, path, given)
          found.fits(path, `suspend: the name ${sourceOf(name)}`, text, { type: "string" }, name)
        }
        return declared(schema, `the suspend ${typeof name === "string" ? name : sourceOf(name)}`, "answer")
      },

    Sleep:
      () =>
      ({ value }) =>
        value,

    Retry: (_, of) => of,
    Limit: (_, of) => of,
    Within: (_, of) => of,
  }
}

/** A part by itself, as a question. */
function* called(of: Typing, given: Given): Asking {
  return yield { of, given }
}
