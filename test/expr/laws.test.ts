import { isRight } from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { expect, it } from "vitest"
import { isRecord, type Json } from "../../src/data/json.js"
import { type JsonSchema, jsonSchema } from "../../src/data/schema.js"
import { cel, parseCel, parseTemplate, template } from "../../src/expr/index.js"
import { scopeOf, typesOf } from "./in-scope.js"
import { times } from "../setup/times.js"

interface Sum {
  readonly source: string
  readonly value: number
}

const numeral = fc
  .oneof(
    fc.integer({ min: 0, max: 1_000 }),
    fc.double({ min: 0.001, max: 1_000, noNaN: true }).map((n) => Number(n.toFixed(3))),
  )
  .map((n): Sum => ({ source: String(n), value: n }))

const arithmetic = fc.letrec<{ sum: Sum }>((tie) => ({
  sum: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    numeral,
    fc.tuple(tie("sum"), fc.constantFrom("+", "-", "*", "/", "%"), tie("sum")).map(([a, operator, b]) => {
      const whole = Number.isFinite(a.value) && Number.isFinite(b.value)
      const results: Readonly<Record<string, number>> = {
        "+": a.value + b.value,
        "-": a.value - b.value,
        "*": a.value * b.value,
        "/": a.value / b.value,
        "%": a.value % b.value,
      }
      return {
        source: `(${a.source} ${operator} ${b.source})`,
        value: whole ? (results[operator] ?? Number.NaN) : Number.NaN,
      }
    }),
    tie("sum").map((a) => ({ source: `-(${a.source})`, value: -a.value })),
  ),
})).sum

it("arithmetic is JavaScript's, where all of it is finite", () =>
  fc.assert(
    fc.property(arithmetic, ({ source, value }) => {
      const compute = (): unknown => cel(source).evaluate(scopeOf({}))
      if (Number.isFinite(value)) expect(compute()).toBe(value)
      else expect(compute).toThrow(/is 0|too large/)
    }),
    times(500),
  ))

const json = fc.jsonValue({ depthSize: "medium" }).map((value) => value as Json)

it("a template without holes is the identity", () =>
  fc.assert(
    fc.property(json, (value) => {
      fc.pre(!JSON.stringify(value).includes("${"))
      expect(JSON.stringify(template(value).evaluate(scopeOf({})))).toBe(JSON.stringify(value))
    }),
    times(500),
  ))

it("a lone hole gives what is in scope, whatever it is", () =>
  fc.assert(
    fc.property(json, (value) => {
      const wrapped = template(["${value}", { key: "${ value }" }]).evaluate(scopeOf({ value }))
      expect(wrapped).toEqual([value, { key: value }])
    }),
  ))

it("any text can be written as a template: escape its `${`", () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "a", '"', "'", "\\", "\n", "é") }), (text) => {
      expect(template(text.replaceAll("${", () => "$${")).evaluate(scopeOf({}))).toBe(text)
    }),
    times(500),
  ))

const words = [
  "value",
  "x",
  "nope",
  ".",
  ".a",
  ".b",
  "[",
  "]",
  "(",
  ")",
  "{",
  "}",
  ",",
  ":",
  "?",
  "+",
  "-",
  "*",
  "/",
  "%",
  "==",
  "<",
  "in",
]
const more = [
  "&&",
  "||",
  "!",
  "1",
  "2.5",
  '"a"',
  "null",
  "true",
  "has(",
  "size(",
  ".map(x,",
  ".filter(x,",
  ".all(x,",
  "${",
  "$",
  " ",
]
const soup = fc.array(fc.constantFrom(...words, ...more), { maxLength: 14 }).map((parts) => parts.join(""))

it("parsing and inferring never throw, and place what is wrong inside the text", () =>
  fc.assert(
    fc.property(soup, json, json, (source, a, b) => {
      const schema = (value: Json): JsonSchema =>
        typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonSchema) : true
      const types = typesOf({ value: { type: "object", properties: { a: schema(a) } }, x: schema(b) })
      for (const parsed of [parseCel(source), parseTemplate(source)]) {
        const problems = isRight(parsed) ? parsed.right.infer(types).problems : parsed.left
        for (const { start, end } of problems) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(source.length)
        }
      }
    }),
    times(2_000),
  ))

interface Sample {
  readonly schema: JsonSchema
  readonly value: Json
}

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  fc.string().map((value) => ({ schema: { type: "string" }, value })),
  fc.integer().map((value) => ({ schema: { type: "integer" }, value })),
  fc.boolean().map((value) => ({ schema: { type: "boolean" }, value })),
  fc.constant({ schema: { type: "null" }, value: null }),
  fc.constantFrom("a", "b").map((value) => ({ schema: { enum: ["a", "b"] }, value })),
  fc.constantFrom(null, "s").map((value) => ({ schema: { type: ["string", "null"] }, value })),
)
const fieldNames = ["a", "b", "c"] as const
const sample = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.tuple(tie("sample"), fc.nat({ max: 3 })).map(([{ schema, value }, n]) => ({
      schema: { type: "array", items: schema },
      value: Array.from({ length: n }, () => value),
    })),
    fc
      .array(fc.tuple(tie("sample"), fc.constantFrom("required", "present", "absent")), { maxLength: 3 })
      .map((fields) => {
        const named = fields.map(([field, state], i) => ({ name: fieldNames[i] ?? "a", ...field, state }))
        return {
          schema: {
            type: "object",
            properties: Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
            required: named.filter(({ state }) => state === "required").map(({ name }) => name),
          },
          value: Object.fromEntries(
            named.filter(({ state }) => state !== "absent").map(({ name, value }) => [name, value]),
          ),
        }
      }),
    fc
      .tuple(tie("sample"), tie("sample"))
      .map(([a, b]) => ({ schema: { anyOf: [a.schema, b.schema] }, value: b.value })),
  ),
})).sample

/** What can be reached from a place by fields and indexes that some alternative of its type has. */
function pathsOf(schema: unknown, at = "value"): readonly string[] {
  if (!isRecord(schema)) return [at]
  const { properties, items, anyOf } = schema
  const fields = isRecord(properties) ? Object.entries(properties).flatMap(([k, v]) => pathsOf(v, `${at}.${k}`)) : []
  const arms = Array.isArray(anyOf) ? anyOf.flatMap((arm) => pathsOf(arm, at)) : []
  return [at, ...fields, ...(items === undefined ? [] : pathsOf(items, `${at}[0]`)), ...arms]
}

const uses = [
  (p: string) => p,
  (p: string) => `[${p}, 1]`,
  (p: string) => `{"k": ${p}, "l": {"m": [${p}]}}`,
  (p: string) => `${p} == null ? "none" : ${p}`,
  (p: string) => `${p} + 1`,
  (p: string) => `${p} + ${p}`,
  (p: string) => `size(${p})`,
  (p: string) => `${p}.map(x, [x])`,
  (p: string) => `${p}.filter(x, x == x)`,
  (p: string) => `has(value.a) ? value.a : ${p}`,
  (p: string) => `has(value.a) && value.a == "a" ? ${p} : null`,
]
/** What types do not promise: that a list is long enough. */
const beyond = /has no item \d+/

it("what checks does not fail, and gives what its type says", () => {
  let checked = 0
  fc.assert(
    fc.property(sample, fc.nat(), fc.constantFrom(...uses), ({ schema, value }, n, use) => {
      const paths = pathsOf(schema)
      const source = use(paths[n % paths.length] ?? "value")
      const { type, problems } = cel(source).infer(typesOf({ value: schema }))
      if (problems.some(({ severity }) => severity === "error")) return
      let result: unknown
      try {
        result = cel(source).evaluate(scopeOf({ value }))
      } catch (error) {
        expect(String(error)).toMatch(beyond)
        return
      }
      checked++
      expect(isRight(jsonSchema(type).parse(result)), `${JSON.stringify(result)} is no ${JSON.stringify(type)}`).toBe(
        true,
      )
    }),
    times(1_000),
  )
  expect(checked).toBeGreaterThan(100)
})
