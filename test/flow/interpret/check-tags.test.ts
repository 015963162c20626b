import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import type { Branch } from "../../../src/flow/node.js"
import { gives, number, object, reader, string } from "./check-parts.js"
import { type Any, ask, of } from "./parts.js"

// What `check` knows of the tags that a branch reads, what it says of its cases, and what each arm gets.

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
const text = object({ kind: { const: "s" }, text: string })
const depth = object({ kind: { const: "h" }, depth: number })

describe("each arm gets", () => {
  /** What the arms of a branch with these cases get, and what its otherwise does. */
  function arms(type: JsonSchema, on: Branch["on"], tags: readonly string[]): readonly unknown[] {
    const readers = [...tags, "otherwise"].map(() => reader())
    const nodes = readers.map(({ step }) => step.node)
    check(of(make.branch(on, tags, nodes.slice(0, -1), nodes.at(-1))), { input: type })
    return readers.map(({ seen }) => (seen.length === 0 ? "nothing" : seen[0]))
  }
  const both = { anyOf: [text, depth] }
  const values = (of_: object): JsonSchema => object({ kind: of_ as JsonSchema })
  const yes = { type: "boolean" }
  const open: JsonSchema = { ...(object({ text: string }) as object), additionalProperties: true }

  it.each<[string, JsonSchema, readonly string[], readonly unknown[]]>([
    ["the member of a union", both, ["s"], [text, depth]],
    ["nothing where no member is left", both, ["s", "h", "x"], [text, depth, "nothing", "nothing"]],
    [
      "the values of a field",
      values({ enum: ["a", "b", "c"] }),
      ["a", "b"],
      [values({ enum: ["a"] }), values({ enum: ["b"] }), values({ enum: ["c"] })],
    ],
    ["a field that is as it was", values({ enum: ["a"] }), ["a"], [values({ enum: ["a"] }), "nothing"]],
    ["a truth value", values(yes), ["true"], [values({ ...yes, enum: [true] }), values({ ...yes, enum: [false] })]],
    [
      "the other truth value",
      values(yes),
      ["false"],
      [values({ ...yes, enum: [false] }), values({ ...yes, enum: [true] })],
    ],
    ["both truth values", values(yes), ["x"], ["nothing", values(yes)]],
    [
      "no truth value that is not listed",
      values({ ...yes, enum: [true] }),
      ["true"],
      [values({ ...yes, enum: [true] }), "nothing"],
    ],
    [
      "a number",
      { anyOf: [values({ const: 1 }), values({ const: 2 })] },
      ["1"],
      [values({ const: 1 }), values({ const: 2 })],
    ],
    ["any text, of which there is no end", values(string), ["s"], [values(string), values(string)]],
    [
      "the constants of a list",
      { enum: [{ kind: "a", n: 1 }, { kind: "b" }] },
      ["a"],
      [{ const: { kind: "a", n: 1 } }, { const: { kind: "b" } }],
    ],
    ["all of what is open", { type: "object" }, ["s"], [{ type: "object" }, { type: "object" }]],
    ["all of what is open beside its fields", open, ["s"], [open, open]],
    [
      "all of what has no such field",
      { anyOf: [text, object({ a: string })] },
      ["s"],
      [{ anyOf: [text, object({ a: string })] }, object({ a: string })],
    ],
    ["anything of anything", true, ["s"], [true, true]],
    ["nothing of nothing", { not: {} }, ["s"], ["nothing", "nothing"]],
  ])("%s", (_, type, tags, gets) => expect(arms(type, kind, tags)).toStrictEqual(gets))

  const maybe = { type: ["string", "null"] }
  it("what a test lets through, where its truth chooses it", () => {
    const code = cel("value != null")
    expect(arms(maybe, { code }, ["true"])).toStrictEqual([string, { type: "null" }])
    expect(arms(maybe, { code }, ["true", "false"])).toStrictEqual([string, { type: "null" }, maybe])
    expect(arms(maybe, { code }, ["x"])).toStrictEqual([maybe, maybe])
  })

  it("what arrives, where a function or a flow chooses it", () => {
    expect(arms(both, { code: F.named("f", () => "s") as never }, ["s"])).toStrictEqual([both, both])
    expect(arms(both, { code: F.named("f", () => true) as never }, ["true", "false"])).toStrictEqual([both, both, both])
    expect(arms(both, { by: gives({ enum: ["s", "h"] }).node }, ["s"])).toStrictEqual([both, both])
  })
})

describe("a branch on a field", () => {
  const source = "the output of the agent source says nothing of it"
  const open = `1: branch: nothing is known of the tag; there are cases for a and no otherwise: ${source}`
  const judged = (type: JsonSchema, on: Branch["on"] = kind): readonly string[] => {
    const { errors, unchecked } = check(gives(type).andThen(branch(on, ["a"])))
    return [
      ...errors.map(({ path, message }) => `${path}: ${message}`),
      ...unchecked.map((one) => `${one.path}: ${one.reason}`),
    ]
  }
  const field = { kind: { enum: ["a"] } }
  const loose = { type: "object", properties: { text: string } }

  it.each<[string, JsonSchema]>([
    ["that is listed", object(field)],
    ["of a record that has no type", { properties: field, required: ["kind"] }],
    ["of a constant", { const: { kind: "a" } }],
  ])("%s is checked", (_, type) => expect(judged(type)).toEqual([]))

  it.each<[string, JsonSchema]>([
    ["of anything", {}],
    ["of any object", { type: "object" }],
    ["that is required and not listed", { ...loose, required: ["kind"] }],
    ["beside fields that may be more", { ...loose, additionalProperties: true }],
    ["beside fields of a pattern", { ...loose, patternProperties: { "^k": string } }],
    ["beside fields of another type", { ...loose, additionalProperties: string }],
    ["of one that is open", { anyOf: [object(field), { type: "object" }] }],
    ["whose type is not told", object({ kind: { allOf: [string, { minLength: 1 }] } })],
  ])("%s is listed", (_, type) => expect(judged(type)).toEqual([open]))

  const clash = (got: string): string => `1: branch: expected an object with the field kind, got ${got}`
  it.each<[string, JsonSchema, string]>([
    ["of a text", string, "string"],
    ["of a text that is constant", { const: "x" }, '"x"'],
    ["that a constant has not", { const: { a: 1 } }, '{"a":1}'],
    ["that may be missing", { type: "object", properties: field }, '{ kind?: "a" }'],
    ["of a record that is closed", loose, "{ text?: string }"],
    ["of a record that says so", { ...loose, additionalProperties: false }, "{ text?: string }"],
    [
      "that one of several has not",
      { anyOf: [object(field), object({ a: string })] },
      '{ kind: "a" } or { a: string }',
    ],
  ])("%s is told", (_, type, got) => expect(judged(type)).toEqual([clash(got)]))

  it("that only texts have of themselves is told", () => {
    expect(judged({ const: "x" }, { key: "length" })).toEqual([
      '1: branch: expected an object with the field length, got "x"',
    ])
  })
})
