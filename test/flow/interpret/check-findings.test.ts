import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import type { Expr } from "../../../src/flow/expr.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import { boolean, clean, does, expression, gives, number, object, string, takes } from "./check-parts.js"
import { type Any, ask, of } from "./parts.js"

// What `check` says, whole: where, what was expected, what came, what to do, and why something could not be told.

const list = (items: JsonSchema, more: object = {}): JsonSchema => ({ type: "array", items, ...more })
const fails = F.fail({ code: "x", message: "x" })
const error = (code: string, message: string, more: object = {}): object => ({
  severity: "error",
  code,
  message,
  ...more,
})
const clash = (what: string, expected: string, got: string, more: object = {}): object =>
  error("type_clash", `${what}: expected ${expected}, got ${got}`, { path: "", expected, got, ...more })
const found = (...errors: object[]): object => ({ errors, unchecked: [] })
const left = (...unchecked: [string, string][]): object => ({
  errors: [],
  unchecked: unchecked.map(([path, reason]) => ({ path, reason })),
})
/** An expression that gives a type, or reads one of its names. */
const typed = (source: string, type: JsonSchema, more: Partial<Expr> = {}): Expr =>
  expression(source, { infer: () => ({ type, problems: [], unknown: [] }), ...more })

describe("what is told of a flow, whole:", () => {
  const loop = (body: Any): Any => of(make.loop(body.node, 3))
  const noTurn = (got: string): object =>
    found(
      error("type_clash", `loop: expected the body to answer Continue or Done, got ${got}`, {
        path: "",
        expected: "Continue or Done",
        got,
        hint: "end the loop with until, or answer { _tag: Continue | Done, value }",
      }),
    )
  const neither = (because: string): object =>
    left(["", `loop: the body may answer neither Continue nor Done: ${because}`])
  const turn = (tag: JsonSchema): JsonSchema => object({ _tag: tag, value: boolean })
  const each = (atLeast: make.TraverseOptions["atLeast"]): Any =>
    of(make.traverse(takes(string).node, atLeast === undefined ? {} : { atLeast }))
  const few = (least: number, most: number): object =>
    found(
      error("quorum_range", `for_each: expected ${least} or more elements, got at most ${most}`, {
        path: "1",
        expected: `${least} or more elements`,
        got: `at most ${most}`,
        part: ["for_each", "at_least"],
      }),
    )
  const most = (maxItems: number): Any => gives(list(string, { maxItems }))
  const guard = (code: Expr, given: Any = gives(string)): Any => of(make.guard(given.node, { code }))
  const test = typed("test", number)
  const graph = (...members: [string, Any, ...string[]][]): Any =>
    of(make.graph(members.map(([id, k, ...dependsOn]) => ({ id, of: k.node, dependsOn }))))

  it.each<[string, Any, object]>([
    ["an agent that gets another type", takes(string), found(clash("the agent sink", "string", "boolean"))],
    ["a condition that is none", guard(test), found(clash("guard test", "boolean", "number", { expr: test }))],
    ["a condition after a failure", guard(test, fails), clean],
    ["a loop that answers a text", loop(gives(string)), noTurn("string")],
    [
      "a loop that answers without a value",
      loop(gives(object({ _tag: { const: "Done" } }))),
      noTurn('{ _tag: "Done" }'),
    ],
    ["a loop that answers without a tag", loop(gives(object({ value: boolean }))), noTurn("{ value: boolean }")],
    ["a loop whose tag is none", loop(gives(turn({ type: "object" }))), noTurn("{ _tag: object, value: boolean }")],
    ["a loop whose tag is another", loop(gives(turn({ const: "End" }))), noTurn('{ _tag: "End", value: boolean }')],
    [
      "a loop whose tag may be another",
      loop(gives(turn({ enum: ["Done", "End"] }))),
      noTurn('{ _tag: "Done" or "End", value: boolean }'),
    ],
    ["a loop that goes on, and ends", loop(gives(turn({ enum: ["Done", "Continue"] }))), clean],
    [
      "a loop whose tag is any text",
      loop(gives(turn(string))),
      neither("the output of the agent source says nothing of it"),
    ],
    ["a loop of which nothing is known", loop(ask("mute")), neither("the agent mute declares no output")],
    ["a quorum of too few elements", most(1).andThen(each(2)), few(2, 1)],
    ["a quorum of enough elements", most(2).andThen(each(2)), clean],
    ["a quorum of what is no list", each(2), found(clash("for_each", "array", "boolean"))],
    [
      "a quorum of a parameter that is too high",
      most(1).andThen(each({ _tag: "Param", name: "n", minimum: 2 })),
      few(2, 1),
    ],
    ["a quorum of a parameter, of no elements", most(0).andThen(each({ _tag: "Param", name: "n" })), few(1, 0)],
    ["a quorum of a parameter that may do", most(1).andThen(each({ _tag: "Param", name: "n" })), clean],
    [
      "a call of what is not there",
      F.call("f"),
      found(error("call_unknown", "there is no flow called f here", { path: "", got: "f", part: ["flow"] })),
    ],
    [
      "a name that is not bound",
      does({ _tag: "Name", name: "x" }),
      found(error("name_free", "the name x is not bound here", { path: "" })),
    ],
    [
      "a member that depends on a failure",
      graph(["a", gives(string)], ["b", fails], ["c", takes(number), "a", "b"]),
      clean,
    ],
    ["a step after a failure", fails.andThen(takes(string)), clean],
    ["a diversion after a failure", of(make.divert(fails.node, ask("a").node, "divertTo", test)), clean],
  ])("%s", (_, flow, result) => expect(check(flow, { input: boolean })).toStrictEqual(result))

  it("the output that a flow must have", () => {
    expect(check(gives(string), { output: string })).toStrictEqual(clean)
    expect(check(gives(string), { output: number })).toStrictEqual(
      found(clash("the output of the flow", "number", "string")),
    )
  })

  it("the names and ids that are taken", () => {
    const bound = F.letIn("x", F.pure("a"), (x) =>
      F.zip(
        F.letIn("x", F.pure(1), (y) => y),
        x,
      ),
    ) as Any
    expect(check(bound.andThen(takes({ type: "array", prefixItems: [{ type: "integer" }, string] })))).toStrictEqual(
      found(error("name_rebound", "the name x is bound already, at 0", { path: "1/0/0" })),
    )
    const taken = F.pure(1).id("1").andThen(F.pure(2))
    expect(check(taken)).toStrictEqual(
      found(
        error("id_taken", "the id 1 is taken: another part here is called so by its place, key or role", {
          path: "1",
          part: ["id"],
        }),
      ),
    )
  })
})

describe("why something is left open:", () => {
  const mute = ask("mute")
  const unknown = "nothing is known of what arrives; expected string"
  const arrives = (path: string, because: string): object => left([path, `the agent sink: ${unknown}: ${because}`])
  const text = takes(string)
  const reads = (...names: string[]): Any => does(expression(names.join(" + "), { names }))
  const odd = { json: undefined, parse: () => ({ _tag: "Right", right: 1 }) } as never
  const because = "the agent mute declares no output"

  it.each<[string, Any, object]>([
    [
      "an empty list",
      F.pure([]).andThen(takes(list(string))),
      left(["1", `the agent sink: field []: ${unknown}: an empty array has no element type`]),
    ],
    [
      "a call of what is not there",
      does({ _tag: "Fn", name: undefined, run: () => 1 }).andThen(text),
      arrives("1", "the function without a name at 0 declares no output"),
    ],
    ["one of a race", F.race(fails, mute).andThen(text), arrives("1", because)],
    ["the last of a loop", of(make.loop(make.until(mute.node, cel("true")), 3)).andThen(text), arrives("1", because)],
    [
      "a parameter",
      does(cel("params.x")).andThen(text),
      left(
        ["0", "params.x: nothing is known of params: the type of params.x is not known"],
        ["1", `the agent sink: ${unknown}: the type of params.x is not known`],
      ),
    ],
    ["the value that is read", mute.andThen(reads("value")).andThen(text), arrives("2", because)],
    [
      "the input that is read",
      mute.andThen(reads("input")).andThen(text),
      arrives("2", "the input of the flow has no schema"),
    ],
    [
      "the fault that is read",
      mute.recoverWith(reads("fault").andThen(text)),
      arrives("recover/1", "what a fault carries is not known"),
    ],
    [
      "the name that is read",
      F.letIn("x", mute, () => gives(string).andThen(reads("x")).andThen(text)),
      arrives("3", because),
    ],
    ["the first that has a reason", mute.andThen(reads("params", "value")).andThen(text), arrives("2", because)],
    [
      "a handler that gets the input",
      of(make.recover(fails.node, text.node, "input", undefined)),
      arrives("recover", "the input of the flow has no schema"),
    ],
    [
      "an answer of a name that is computed",
      of(make.suspend(template("for ${1}"), odd)).andThen(text),
      arrives("1", "the answer of the suspend for ${1} cannot be written as JSON Schema"),
    ],
  ])("%s", (_, flow, result) => expect(check(flow)).toStrictEqual(result))

  it("a call of what is not there, and a name that is not bound", () => {
    const reasons = (flow: Any): unknown => check(flow.andThen(text)).unchecked
    expect(reasons(F.call("f"))).toEqual([{ path: "1", reason: `the agent sink: ${unknown}: the flow f is not known` }])
    expect(reasons(does({ _tag: "Name", name: "x" }))).toEqual([
      { path: "1", reason: `the agent sink: ${unknown}: the name x is not bound` },
    ])
  })

  it("a member of a graph, for the reason of what it depends on", () => {
    const flow = make.graph([
      { id: "a", of: mute.node, dependsOn: [] },
      { id: "b", of: takes(object({ input: boolean, results: object({ a: string }) })).node, dependsOn: ["a"] },
    ])
    expect(check(of(flow), { input: boolean })).toStrictEqual(
      left(["b", `the agent sink: field results.a: ${unknown}: ${because}`]),
    )
  })
})
