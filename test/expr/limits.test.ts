import { isLeft } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { cel, parseCel, parseTemplate } from "../../src/expr/index.js"
import { scopeOf } from "./in-scope.js"

describe("limits of an expression", () => {
  it.each<[string, string, string]>([
    ["length", `"${"x".repeat(10_000)}"`, "the expression has 10002 characters; at most 10000 are allowed"],
    ["nested parentheses", `${"(".repeat(3000)}1`, "the expression is nested too deeply"],
    ["a long row of negations", `${"!".repeat(9_990)}true`, "the expression is nested"],
    ["a long sum", Array.from({ length: 300 }, () => "1").join("+"), "the expression is nested more than 200 deep"],
    ["a long list", `[${Array.from({ length: 999 }, () => "[1,1]").join(",")}]`, "more than 2000 parts"],
  ])("%s", (_, source, message) => {
    const parsed = parseCel(source)
    const problems = isLeft(parsed) ? parsed.left : []
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ code: "limit" })
    expect(problems[0]?.message).toContain(message)
  })
})

describe("the step budget", () => {
  const many = Array.from({ length: 3_000 }, (_, i) => i)
  const scope = scopeOf({ many, long: "a".repeat(2_000_000), text: "ab".repeat(20_000) })

  it.each([
    "many.all(a, many.all(b, many.all(c, a + b + c >= 0)))",
    "many.exists(a, many.exists(b, nobody == a))",
    "many.map(a, many.filter(b, b in many))",
    "many.all(a, many == many.map(x, x))",
    'many.all(a, (text + a).contains("c") || true)',
    '["x"].map(a, a.replace("", text)).map(a, a.replace("", text)).map(a, a.replace("", text))',
    'long.matches("a*b")',
  ])("stops %s", (source) => {
    expect(() => cel(source).evaluate(scope)).toThrow("the expression takes more than 1,000,000 steps")
  })

  it("is not swallowed by a side that decides", () => {
    expect(() => cel("many.all(a, many.all(b, b >= 0)) || true").evaluate(scope)).toThrow("steps")
  })

  it("leaves room for a list of ten thousand", () => {
    const items = Array.from({ length: 10_000 }, (_, i) => ({ n: i }))
    const found = cel("value.filter(x, x.n % 2 == 0).map(x, x.n * 2)").evaluate(scopeOf({ value: items }))
    expect(found).toHaveLength(5_000)
  })
})

it("a pattern that other engines backtrack on is matched in linear time", () => {
  const text = `${"a".repeat(20_000)}b`
  expect(cel('value.matches("^(a+)+$")').evaluate(scopeOf({ value: text }))).toBe(false)
})

it("a template that contains itself is refused, not followed", () => {
  const loop: unknown[] = []
  loop.push(loop, loop)
  const parsed = parseTemplate(loop as never)
  expect(isLeft(parsed) ? parsed.left : []).toMatchObject([{ code: "limit" }])
})
