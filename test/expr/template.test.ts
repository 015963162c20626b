import { isLeft } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import type { Json } from "../../src/data/json.js"
import { parseTemplate, template } from "../../src/expr/index.js"
import { scopeOf, typesOf } from "./in-scope.js"

const scope = scopeOf({ value: { n: 3, s: "text", list: [1, "a"], nothing: null, ok: true }, draft: { a: 1 } })

describe("a template", () => {
  it.each<[Json, unknown]>([
    ["${value.n}", 3],
    ["${ value.list }", [1, "a"]],
    ["${value.nothing}", null],
    ["n: ${value.n}", "n: 3"],
    ["${value.s}, ${value.nothing}, ${value.ok}, ${value.list}, ${draft}", 'text, , true, [1,"a"], {"a":1}'],
    [" ${value.n}", " 3"],
    ["$${value.n}", "${value.n}"],
    ["$$${value.n}", "$${value.n}"],
    ["costs $5 and ${value.n}$", "costs $5 and 3$"],
    ["${\"}\" + value.s + '}'}", "}text}"],
    ['${{"a": {"b": value.n}}}', { a: { b: 3 } }],
    ['${{"a": 1}.a}!', "1!"],
    ['${"""a"}b""" + r"\\}"}', 'a"}b\\}'],
    ["${value.n // the } count\n}", 3],
    [
      { "${value.n}": "${value.n}", deep: [{ x: "${draft.a}" }, 1, null, true] },
      { "${value.n}": 3, deep: [{ x: 1 }, 1, null, true] },
    ],
    ["", ""],
    [{}, {}],
    [[], []],
  ])("%j", (source, expected) => {
    expect(template(source).evaluate(scope)).toStrictEqual(expected)
  })

  it("names what its holes read", () => {
    expect(template({ a: "${draft} ${value.n}", b: ["${draft.a}"] }).names).toEqual(["draft", "value"])
  })

  it("keeps its source", () => {
    const source = { a: "${draft}" }
    expect(template(source)).toMatchObject({ _tag: "Expr", kind: "template", source })
  })

  it("gives a fresh value each time", () => {
    const expr = template({ list: [1] })
    expect(expr.evaluate(scope)).not.toBe(expr.evaluate(scope))
  })
})

describe("a template that is wrong", () => {
  it.each<[Json, object]>([
    [{ a: ["x ${value.} y"] }, { code: "syntax", at: ["a", 0], start: 10, end: 10 }],
    ["ab ${value.n", { code: "template", at: [], start: 3, end: 12, message: "this `${` is never closed" }],
    ["${}", { code: "syntax", at: [], start: 2, end: 2, message: "the expression is empty" }],
    [["ok", "${sise(value)}"], { code: "unknown_function", at: [1], start: 2, end: 6 }],
  ])("%j", (source, problem) => {
    const parsed = parseTemplate(source)
    expect(isLeft(parsed) ? parsed.left : []).toMatchObject([problem])
  })

  it("tells all problems at once", () => {
    const parsed = parseTemplate({ a: "${1 +} and ${2 +}", b: "${" })
    expect(isLeft(parsed) ? parsed.left.map((problem) => problem.at) : []).toEqual([["a"], ["a"], ["b"]])
  })

  it("shows programmers the string and the place in it", () => {
    expect(() => template({ a: ["x ${value.n = 1}"] })).toThrow(
      ["`=` cannot stand here (at a.0)", "  x ${value.n = 1}", "              ^"].join("\n"),
    )
  })

  it("refuses what is not JSON", () => {
    const parsed = parseTemplate({ a: () => 1 } as never)
    expect(isLeft(parsed) ? parsed.left : []).toMatchObject([
      { at: ["a"], message: "a template is JSON: this is a function" },
    ])
  })
})

it("an evaluation that goes wrong says where in the template", () => {
  expect(() => template({ a: "x ${value.ok2}" }).evaluate(scope)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ at: ["a"], start: 10, end: 13 })] }),
  )
})

describe("the type of a template", () => {
  const types = typesOf({
    value: { type: "object", required: ["n"], properties: { n: { type: "integer" } } },
    draft: { type: "string" },
  })

  it("is closed, with every field, literals widened", () => {
    expect(
      template({ a: "${draft}", b: "", c: 1, d: ["${value.n}", 0.5], e: "x ${value.n}", f: null }).infer(types),
    ).toEqual({
      type: {
        type: "object",
        properties: {
          a: { type: "string" },
          b: { type: "string" },
          c: { type: "integer" },
          d: {
            type: "array",
            prefixItems: [{ type: "integer" }, { type: "number" }],
            items: { type: "number" },
            minItems: 2,
            maxItems: 2,
          },
          e: { type: "string" },
          f: { type: "null" },
        },
        required: ["a", "b", "c", "d", "e", "f"],
        additionalProperties: false,
      },
      problems: [],
      unknown: [],
    })
  })

  it("places problems in the string", () => {
    expect(template({ a: ["", "n: ${value.m}"] }).infer(types).problems).toMatchObject([
      { code: "unknown_field", at: ["a", 1], start: 11, end: 12, hint: "did you mean `n`?" },
    ])
  })

  it.each([
    ["value.n", "did you mean `${value.n}`?"],
    [" draft ", "did you mean `${draft}`?"],
    ["size(value.n) + 1", "did you mean `${size(value.n) + 1}`?"],
  ])("doubts %j", (text, hint) => {
    expect(template({ a: text }).infer(types).problems).toMatchObject([
      { code: "literal_expression", severity: "warning", at: ["a"], start: 0, end: text.length, hint },
    ])
  })

  it.each(["see value.n there", "the draft", "other.n", "values", "a.value.n", "$${value.n}", "1 + 2", ""])(
    "does not doubt %j",
    (text) => {
      expect(template({ a: text }).infer(types).problems).toEqual([])
    },
  )
})
