import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import type { Branch } from "../../../src/flow/node.js"
import { boolean, clean, does, expression, gives, object, string } from "./check-parts.js"
import { type Any, ask, of } from "./parts.js"

// What `check` says of the cases of a branch, whole.

const branch = (on: Branch["on"], tags: readonly string[], otherwise?: Any): Any =>
  of(
    make.branch(
      on,
      tags,
      tags.map((tag) => ask(tag).node),
      otherwise?.node,
    ),
  )
const kind = { key: "kind" }
describe("the findings of a branch, whole:", () => {
  const error = (code: string, message: string, more: object): object => ({
    errors: [{ severity: "error", code, message: `branch: ${message}`, path: "", ...more }],
    unchecked: [],
  })
  const open = (reason: string): object => ({ errors: [], unchecked: [{ path: "", reason: `branch: ${reason}` }] })
  const by = (type: JsonSchema): Branch["on"] => ({ by: gives(type).node })
  const twelve = Array.from({ length: 12 }, (_, i) => `t${i}`)
  const ten = twelve.slice(0, 10).join(", ")
  const fn = { code: F.named("f", () => "a") as never }
  const silent = (tags: string): object =>
    open(`nothing is known of the tag; there are cases for ${tags} and no otherwise: the function f declares no output`)
  const cases = ["branch", "cases"]
  const scalar = "string or number or boolean"
  const noTag = "expected a text, a number or a truth value, got "

  it.each<[string, Any, object]>([
    [
      "no such field",
      branch(kind, ["a"]),
      error("type_clash", "expected an object with the field kind, got { a: string }", {
        expected: "an object with the field kind",
        got: "{ a: string }",
        part: ["branch", "on"],
      }),
    ],
    [
      "a missing case",
      branch(by({ enum: twelve }), twelve.slice(0, 11)),
      error("missing_case", "there is no case for t11", {
        expected: `one of ${ten}`,
        got: `cases for ${ten}`,
        hint: "add the case t11, or otherwise",
        part: cases,
      }),
    ],
    [
      "a case too many",
      branch(by({ enum: ["a", "b"] }), ["a", "b", "c"]),
      error("unknown_case", "no value has the tag c", { expected: "one of a, b", got: "c", part: [...cases, "c"] }),
    ],
    [
      "null that no case takes",
      branch(by({ enum: ["a", null] }), ["a"]),
      error("missing_case", "null may come, which no case takes", {
        expected: scalar,
        got: '"a" or null',
        hint: "add otherwise",
        part: cases,
      }),
    ],
    [
      "a list for a tag",
      branch({ code: cel("[1]") }, ["a"]),
      error("type_clash", `${noTag}[integer]`, { expected: scalar, got: "[integer]", part: ["branch", "on"] }),
    ],
    [
      "an object of a flow for a tag",
      branch(by({ type: "object" }), ["a"]),
      error("type_clash", `${noTag}object`, { expected: scalar, got: "object", part: ["branch", "by"] }),
    ],
    [
      "a constant object for a tag",
      branch({ by: F.pure({ a: 1 }).node }, ["a"]),
      error("type_clash", `${noTag}{ a: integer }`, {
        expected: scalar,
        got: "{ a: integer }",
        part: ["branch", "by"],
      }),
    ],
    [
      "a constant that is no number for a tag",
      branch({ by: F.pure(Number.NaN).node }, ["1"]),
      open("any number may come; there are cases for 1 and no otherwise: an empty array has no element type"),
    ],
    [
      "any text",
      branch(by(string), twelve),
      open(
        `any string may come; there are cases for ${ten} and no otherwise: the output of the agent source says nothing of it`,
      ),
    ],
    [
      "a tag of several types",
      branch(by({ allOf: [string, { minLength: 1 }] }), ["a"]),
      open(
        "nothing is known of the tag; there are cases for a and no otherwise: the output of the agent source says nothing of it",
      ),
    ],
    ["a truth value that may be a number", branch(by({ type: ["boolean", "integer"] }), ["false"], ask("b")), clean],
    ["a truth value of a function", branch(fn, ["true", "false"]), clean],
    ["half a truth value of a function", branch(fn, ["true"]), silent("true")],
    ["more than a truth value of a function", branch(fn, ["true", "false", "x"]), silent("true, false, x")],
    ["one truth value and another case", branch(fn, ["true", "x"]), silent("true, x")],
    ["another case and one truth value", branch(fn, ["x", "false"]), silent("x, false")],
    ["two cases of a function", branch(fn, ["x", "y"]), silent("x, y")],
    [
      "a function of a branch that is not reached",
      F.fail({ code: "x", message: "x" }).andThen(branch(fn, ["x"])),
      clean,
    ],
    ["a literal truth value", branch({ by: F.pure(true).node }, ["true"]), clean],
    [
      "a literal, after other steps",
      branch({ by: ask("b").andThen(ask("c")).andThen(F.pure("a")).node }, ["a"]),
      clean,
    ],
    [
      "a literal that is passed on",
      branch(
        {
          by: F.pure("a").andThen(
            does(
              expression("it", { infer: (types) => ({ type: types.get("value") ?? true, problems: [], unknown: [] }) }),
            ),
          ).node,
        },
        ["a"],
      ),
      open("any string may come; there are cases for a and no otherwise: the type of it is not known"),
    ],
    [
      "a truth value of an expression",
      branch({ code: expression("c", { infer: () => ({ type: boolean, problems: [], unknown: [] }) }) }, [
        "true",
        "false",
      ]),
      clean,
    ],
  ])("%s", (_, flow, found) => expect(check(flow, { input: object({ a: string }) })).toStrictEqual(found))

  it("a case that no value of several types has", () => {
    const on = by({ allOf: [{ type: "integer" }, { minimum: 1 }] })
    expect(check(branch(on, ["x"], ask("b"))).errors).toStrictEqual([
      {
        severity: "error",
        code: "unknown_case",
        message: "branch: no value has the tag x",
        path: "",
        expected: "integer and anything",
        got: "x",
        part: [...cases, "x"],
      },
    ])
  })
})
