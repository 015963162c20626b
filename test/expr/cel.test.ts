import { isLeft } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { cel, ExprError, parseCel } from "../../src/expr/index.js"
import { scopeOf } from "./in-scope.js"

const scope = scopeOf({
  value: {
    draft: "d",
    notes: "",
    n: 3,
    half: 0.5,
    nothing: null,
    items: [{ a: 1 }, { a: 2, b: true }],
    by: { x: 1, y: 2 },
  },
  input: "Hello, wörld 👋",
})
const of = (source: string): unknown => cel(source).evaluate(scope)

describe("values", () => {
  it.each<[string, unknown]>([
    ["5 / 2", 2.5],
    ["4 / 2", 2],
    ["7 % 3", 1],
    ["7.5 % 2", 1.5],
    ["1 == 1.0", true],
    ["1 + 0.5", 1.5],
    ["value.n > 2.5", true],
    ["value.n * value.half - 1", 0.5],
    ["-value.n", -3],
    ["2u + 0x10", 18],
    ['"Mend " + 3', "Mend 3"],
    ['0.5 + "!"', "0.5!"],
    ['"a" + "b" < "b"', true],
    ["[1] + [2, 3]", [1, 2, 3]],
    ["size(value.items)", 2],
    ["value.by.size()", 2],
    ["size(input)", 14],
    ["value.items[1].a", 2],
    ['value["draft"]', "d"],
    ['{"a": [1, {"b": 2u}]}', { a: [1, { b: 2 }] }],
    ['{"constructor": 1}.constructor', 1],
    ["value.nothing", null],
    ["value.nothing == null && value.n != null", true],
    ['1 == "1"', false],
    ["[1, {'a': [2]}] == [1.0, {'a': [2.0]}]", true],
    ["{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", true],
    ["2 in [1, 2.0]", true],
    ['"x" in value.by', true],
    ['"constructor" in value.by', false],
    ['value.n > 2 ? "more" : "less"', "more"],
    ["has(value.draft)", true],
    ["has(value.missing)", false],
    ["has(value.constructor)", false],
    ["has(value.draft.length)", false],
    ["!has(value.missing) || value.missing", true],
    ["int('42') + int(1.9)", 43],
    ["double('1.5e1')", 15],
    ["string(1.50) + string(true)", "1.5true"],
    ["bool('true')", true],
    ["dyn(value).n", 3],
  ])("%s", (source, expected) => {
    expect(of(source)).toStrictEqual(expected)
  })
})

describe("macros", () => {
  it.each<[string, unknown]>([
    ["value.items.map(x, x.a)", [1, 2]],
    ["value.items.map(x, has(x.b), x.a * 10)", [20]],
    ["value.items.filter(x, x.a > 1)", [{ a: 2, b: true }]],
    ["value.items.all(x, x.a > 0)", true],
    ["value.items.exists(x, x.a > 1)", true],
    ["value.items.exists_one(x, x.a > 0)", false],
    ["value.by.map(key, value.by[key])", [1, 2]],
    ["[1, 2].map(x, [3].map(y, x * y))", [[3], [6]]],
    ["[[1], [2]].map(x, x.map(x, x + 1))", [[2], [3]]],
    ["[].all(x, x)", true],
    ["[].exists(x, x)", false],
    ["value.items.exists(x, x.b)", true],
  ])("%s", (source, expected) => {
    expect(of(source)).toStrictEqual(expected)
  })
})

describe("strings", () => {
  it.each<[string, unknown]>([
    ['input.startsWith("Hell") && input.endsWith("👋") && input.contains("wör")', true],
    ['input.matches("^H.*👋$")', true],
    ['matches(input, "z")', false],
    ['"a,b,c".split(",")', ["a", "b", "c"]],
    ['"a,b,c".split(",", 2)', ["a", "b,c"]],
    ['["a", "b"].join("-") + ["c", 1].join()', "a-bc1"],
    ['" x ".trim()', "x"],
    ['"ÄbC".lowerAscii() + "äbC".upperAscii()', "ÄbcäBC"],
    ['"a.b.a".replace("a", "$&")', "$&.b.$&"],
    ['"👋b".charAt(1)', "b"],
    ['"👋bc".substring(1)', "bc"],
    ['"👋bc".substring(0, 2)', "👋b"],
    ['"👋bb".indexOf("b")', 1],
    ['"👋bb".lastIndexOf("b")', 2],
    ['"abab".indexOf("a", 1)', 2],
    ['"👋bab".lastIndexOf("b", 2)', 1],
    ['"👋b".charAt(2) + "👋b".charAt(0)', "👋"],
    ['"aaa".replace("a", "b", 2) + "aa".replace("a", "b", 0) + "ab".replace("", "-", 2)', "bbaaa-a-b"],
    ['"\\u0085x\\ufeff".trim()', "x\ufeff"],
    ['bool("T".lowerAscii()) && !bool("0")', true],
  ])("%s", (source, expected) => {
    expect(of(source)).toStrictEqual(expected)
  })
})

describe("what cannot be computed says so in words", () => {
  it.each<[string, string]>([
    ["value.ok", "`value` has no field `ok`; it has: draft, notes, n, half, nothing, items, by"],
    ["value.constructor", "`value` has no field `constructor`; it has: draft, notes, n, half, nothing, items, by"],
    ["value.__proto__", "`value` has no field `__proto__`; it has: draft, notes, n, half, nothing, items, by"],
    ["input.length", "`input` has no field `length`: it is a string"],
    ["value.items.length", "`value.items` has no field `length`: it is a list"],
    ["value.nothing.x", "`value.nothing` has no field `x`: it is null"],
    ["value.items[2]", "`value.items` has no item 2: it has 2 items, counted from 0"],
    ["value.items[0.5]", "`value.items` is a list, indexed by whole numbers: got 0.5"],
    ['value.items["a"]', "`value.items` is a list, indexed by whole numbers: got a string"],
    ['value["z"]', "`value` has no field `z`; it has: draft, notes, n, half, nothing, items, by"],
    ["nobody", "there is no `nobody` in scope"],
    ["value.draft - 1", "`-` needs two numbers: `value.draft` is a string and `1` is a number"],
    ["1 / (value.n - 3)", "`value.n - 3` is 0: nothing can be divided by it"],
    ["1e308 * 10", "`1e308 * 10` is too large for a number"],
    ["value.n ? 1 : 2", "`value.n` must be true or false: it is a number"],
    ["size(3)", "`size` takes a string or a list or an object as argument 1, got a number in `size(3)`"],
    ['{1: "a"}', "a key must be a string: `1` is a number"],
    ['{"__proto__": 1}', "`__proto__` cannot be a key"],
    ['{"a": 1, "a": 2}', 'the key "a" is there twice'],
    ['"ab".charAt(3)', 'no character 3 in a text of 2 in `"ab".charAt(3)`'],
    ['"ab".indexOf("b", -1)', 'no character -1 in a text of 2 in `"ab".indexOf("b", -1)`'],
    ['bool("yes")', '"yes" is neither "true" nor "false"'],
    ['"x".matches("(")', '"(" is no regular expression: missing closing ): `(` in `"x".matches("(")`'],
  ])("%s", (source, message) => {
    expect(() => of(source)).toThrow(ExprError)
    expect(() => of(source)).toThrow(message)
  })

  it("gets over a side that fails when the other one decides, as CEL says", () => {
    expect(of("nobody && false")).toBe(false)
    expect(of("nobody || true")).toBe(true)
    expect(() => of("nobody && true")).toThrow("nobody")
    expect(of("value.items.exists(x, x.b)")).toBe(true)
    expect(() => of("value.items.all(x, x.b)")).toThrow("`x` has no field `b`; it has: a")
  })
})

describe("what is no expression", () => {
  it.each<[string, number, number, string]>([
    ["", 0, 0, "the expression is empty"],
    ["value.", 6, 6, "the expression ends too early"],
    ["(value", 6, 6, "the expression ends too early"],
    ["value.n = 3", 8, 9, "`=` cannot stand here"],
    ["value constructor", 6, 17, "`constructor` cannot stand here"],
    ["a and b", 2, 5, "`and` cannot stand here"],
    ['"open', 0, 5, "unterminated string"],
    ["import", 0, 6, "`import` is a reserved word"],
    ["sise(value)", 0, 4, "there is no function `sise`"],
    ["value.items.al(x, true)", 12, 14, "there is no method `al`"],
    ["size()", 0, 6, "`size` takes 1 argument, got 0"],
    ['"a".split()', 0, 11, "`split` takes 1 or 2 arguments, got 0"],
    ["has(value)", 0, 10, "`has` takes a field, as in `has(value.notes)`"],
    ["value.items.map(x)", 0, 18, "`map` takes (x, expression) or (x, test, expression)"],
    ["[1].all(2, true)", 8, 9, "the first argument of a macro must be the name of its variable"],
    ["9007199254740993", 0, 16, "the number is too large to be exact"],
    ['b"bytes"', 0, 8, "JSON has no bytes"],
  ])("%j", (source, start, end, message) => {
    const parsed = parseCel(source)
    expect(isLeft(parsed) ? parsed.left : []).toMatchObject([{ at: [], start, end, severity: "error", message }])
  })

  it("shows programmers the place, what was expected and what was meant", () => {
    expect(() => cel("value.ok and done")).toThrow(
      ["`and` cannot stand here", "  value.ok and done", "           ^^^", "  CEL writes `&&` for and"].join("\n"),
    )
    expect(() => cel("1 +\nsise(value) + 1")).toThrow(
      /\n {2}sise\(value\) \+ 1\n {2}\^{4}\n.*\n {2}did you mean `size`\?$/,
    )
  })
})

describe("names", () => {
  it("are the free ones, each once, without macros' variables", () => {
    expect(cel("value.items.map(x, x.a + input.n) + value.more.filter(y, y == draft)").names).toEqual([
      "value",
      "input",
      "draft",
    ])
    expect(cel("x.map(x, x)").names).toEqual(["x"])
  })
})
