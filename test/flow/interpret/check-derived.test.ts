import { describe, expect, it } from "vitest"
import { faultTags } from "../../../src/data/fault.js"
import type { JsonSchema } from "../../../src/data/schema.js"
import { record, tuple } from "../../../src/data/schema-build.js"
import { applied, extend, fromLeft, fromRight, toLeft, toRight } from "../../../src/flow/builtin.js"
import * as F from "../../../src/flow/index.js"
import type { Fn } from "../../../src/flow/node.js"
import { boolean, does, gives, number, object, string, typeOf } from "./check-parts.js"
import type { Any } from "./parts.js"

// The types of what the functions of derived constructors give, whole.

const built = (fn: unknown): Any => does(fn as Fn)
const fault = (tags: readonly string[] = faultTags): JsonSchema => ({
  type: "object",
  properties: { _tag: { type: "string", enum: tags }, path: string, message: string },
  required: ["_tag", "path", "message"],
  additionalProperties: true,
})

describe("what derived constructors give", () => {
  const tried = (value: JsonSchema): Any => gives(value).attempt()
  const left = record({ _tag: { const: "Left" }, left: string })
  const right = record({ _tag: { const: "Right" }, right: number })
  it.each<[string, Any, unknown]>([
    [
      "attempt",
      tried(number),
      { anyOf: [record({ ok: { const: true }, value: number }), record({ ok: { const: false }, fault: fault() })] },
    ],
    ["a Left", gives(string).andThen(built(toLeft())), left],
    ["a Right", gives(number).andThen(built(toRight())), right],
    ["what a Left holds", gives(left).andThen(built(fromLeft())), string],
    ["what a Right holds", gives(right).andThen(built(fromRight())), number],
    ["what holds nothing known", gives(string).andThen(built(fromRight())), true],
    ["an application", gives(string).andThen(built(applied())), true],
    ["a function without a name", gives(string).andThen(does({ _tag: "Fn", name: undefined, run: () => 1 })), true],
  ])("%s", (_, flow, type) => expect(typeOf(flow)).toStrictEqual(type))

  const bound = {
    type: "object",
    properties: { a: string, b: number },
    required: ["a", "b"],
    additionalProperties: false,
  }
  it.each<[string, JsonSchema, unknown]>([
    ["a record", object({ a: string }), bound],
    ["a record that has the field", object({ a: string, b: string }), bound],
    [
      "an open record",
      { ...(object({ a: string }) as object), additionalProperties: true },
      { ...bound, additionalProperties: true },
    ],
    [
      "a record of rest",
      { ...(object({ a: string }) as object), additionalProperties: string },
      { ...bound, additionalProperties: string },
    ],
    [
      "a record without fields",
      { type: "object" },
      { ...bound, properties: { b: number }, required: ["b"], additionalProperties: true },
    ],
    ["a record that requires nothing", { type: "object", properties: { a: string } }, { ...bound, required: ["b"] }],
    [
      "a union",
      { anyOf: [object({ a: string }), object({})] },
      { anyOf: [bound, { ...bound, properties: { b: number }, required: ["b"] }] },
    ],
    ["what is no record", string, true],
    ["nothing known", true, true],
    ["a constant", { type: "object", const: { a: "x" } }, true],
    ["all of several", { type: "object", allOf: [object({ a: string }), object({ c: string })] }, true],
    ["what refers to itself", { type: "object", $ref: "#/$defs/t" }, true],
    ["fields that are none", { type: "object", properties: [] }, true],
    ["names that are no list", { type: "object", required: "a" }, true],
  ])("bind to %s", (_, type, out) => {
    expect(typeOf(gives(tuple([type, number])).andThen(built(extend("b"))))).toStrictEqual(out)
  })

  const turn = (tag: JsonSchema, value: JsonSchema): JsonSchema => object({ _tag: tag, value })
  const goesOn = turn({ const: "Continue" }, string)
  const ends = turn({ const: "Done" }, number)
  const taken = record({ _tag: { const: "Continue" }, value: tuple([string, boolean]) })
  const untold = turn(string, string)
  it.each<[string, JsonSchema, unknown]>([
    ["goes on with the state, or ends without", { anyOf: [goesOn, ends] }, { anyOf: [taken, ends] }],
    ["that always goes on", goesOn, taken],
    ["that always ends", ends, ends],
    [
      "that may do either",
      turn({ enum: ["Continue", "Done"] }, string),
      { anyOf: [taken, turn({ enum: ["Done"] }, string)] },
    ],
    [
      "that may do either, in any order",
      turn({ enum: ["Done", "Continue"] }, string),
      { anyOf: [taken, turn({ enum: ["Done"] }, string)] },
    ],
    [
      "that is written out",
      {
        enum: [
          { _tag: "Continue", value: 1 },
          { _tag: "Done", value: 2 },
        ],
      },
      {
        anyOf: [
          record({ _tag: { const: "Continue" }, value: tuple([{ const: 1 }, boolean]) }),
          { const: { _tag: "Done", value: 2 } },
        ],
      },
    ],
    ["of which nothing is known", true, true],
    ["whose tag is any text", untold, untold],
    ["that is none", string, string],
    ["without a value", object({ _tag: { const: "Continue" } }), object({ _tag: { const: "Continue" } })],
  ])("a turn with a state %s", (_, step, out) => {
    const withState = F.loopWithState(gives(string) as never, { initial: 0 }).node
    const fns: Fn[] = []
    JSON.stringify(withState, (_key, value: unknown) => {
      if (typeof value === "object" && value !== null && "name" in value && value.name === "loop.state")
        fns.push(value as Fn)
      return value
    })
    expect(fns).toHaveLength(1)
    expect(typeOf(gives(tuple([step, boolean])).andThen(built(fns[0])))).toStrictEqual(out)
  })
})
