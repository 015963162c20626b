import * as fc from "fast-check"
import { isRight } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { jsonSchema, type JsonSchema } from "../../src/data/schema.js"
import { cel, template } from "../../src/expr/index.js"
import { scopeOf, typesOf } from "./in-scope.js"

const text = { type: "string" }
const integer = { type: "integer" }
const maybe = { type: ["string", "null"] }
const record = (properties: Readonly<Record<string, JsonSchema>>, required = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
})
const narrowed = (value: JsonSchema, test: string, holds = true): JsonSchema | undefined =>
  cel(test).narrow(typesOf({ value, input: maybe }), holds)

describe("a test narrows the value", () => {
  const kinds = { anyOf: [record({ kind: { const: "a" }, x: integer }), record({ kind: { const: "b" }, y: maybe })] }

  it.each<[string, JsonSchema, string, JsonSchema]>([
    ["null", maybe, "value != null", { type: "string" }],
    ["a constant field", kinds, "value.kind == 'a'", record({ kind: { type: "string", enum: ["a"] }, x: integer })],
    ["a field that is null", record({ y: maybe }), "value.y != null", record({ y: text })],
    ["a field that may be missing", record({ y: text }, []), "has(value.y)", record({ y: text })],
    ["a list of constants", { enum: ["a", "b", "c"] }, "value in ['a', 'b']", { type: "string", enum: ["a", "b"] }],
    [
      "a field of one of several",
      kinds,
      "value.kind == 'b' && value.y != null",
      record({ kind: { type: "string", enum: ["b"] }, y: text }),
    ],
  ])("%s", (_, value, test, expected) => expect(narrowed(value, test)).toEqual(expected))

  it("the other way where it is false", () => {
    expect(narrowed(maybe, "value == null", false)).toEqual({ type: "string" })
    expect(narrowed(maybe, "value == null", true)).toEqual({ type: "null" })
  })

  it("or shows nothing of it", () => {
    expect(narrowed(maybe, "size(input) > 2")).toBeUndefined()
    expect(narrowed(maybe, "input != null")).toBeUndefined()
    expect(narrowed(true, "value != null")).toBeUndefined()
    expect(template("${value != null}").narrow(typesOf({ value: maybe }), true)).toBeUndefined()
  })
})

// A reference: the values that pass a test are of the type that it narrows to.

const fields = {
  kind: fc.constantFrom<JsonSchema>({ const: "a" }, { enum: ["a", "b"] }, text, { enum: ["a", null] }),
  note: fc.constantFrom<JsonSchema>(text, maybe, { type: "null" }, integer, { anyOf: [integer, { type: "null" }] }),
  ok: fc.constantFrom<JsonSchema>({ type: "boolean" }, { const: true }, { const: false }),
  deep: fc.constantFrom<JsonSchema>(
    record({ kind: { enum: ["a", "b"] }, note: maybe }),
    { anyOf: [record({ kind: { const: "a" }, note: text }), record({ kind: { const: "b" }, note: integer })] },
    { anyOf: [record({ note: maybe }, []), { type: "null" }] },
  ),
}
const objects = fc
  .tuple(fc.record(fields, { requiredKeys: [] }), fc.subarray(["kind", "note", "ok", "deep"]))
  .map(([properties, needed]) =>
    record(
      properties as Record<string, JsonSchema>,
      needed.filter((name) => name in properties),
    ),
  )
const types = fc
  .array(fc.oneof({ weight: 5, arbitrary: objects }, { weight: 1, arbitrary: fc.constantFrom(maybe, integer) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((anyOf): JsonSchema => (anyOf.length === 1 ? (anyOf[0] ?? true) : { anyOf }))
const small = fc.constantFrom<unknown>("a", "b", "zz", null, 1, true, false)
const values = fc.oneof(
  { weight: 1, arbitrary: small },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        kind: fc.constantFrom("a", "b", null),
        note: small,
        ok: fc.boolean(),
        deep: fc.oneof(
          fc.constant(null),
          fc.record({ kind: fc.constantFrom("a", "b"), note: small }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: [] },
    ),
  },
)
const atoms = fc.constantFrom(
  "value != null",
  "value.kind == 'a'",
  "value.kind != 'a'",
  "value.note == null",
  "value.note != null",
  "value.ok",
  "!value.ok",
  "value.ok == true",
  "has(value.note)",
  "has(value.deep)",
  "'kind' in value",
  "value.deep != null",
  "value.deep.kind == 'a'",
  "value.deep.note != null",
  "value.kind in ['a', 'b']",
  "value.deep['note'] == null",
  "has(value.deep.note)",
  "value.note == 1",
  "value == 'a'",
  "'a' == value.kind",
)
const { test: tests } = fc.letrec<{ test: string }>((tie) => ({
  test: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    atoms,
    fc.tuple(tie("test"), fc.constantFrom("&&", "||"), tie("test")).map(([a, word, b]) => `(${a} ${word} ${b})`),
    tie("test").map((a) => `!(${a})`),
    fc.tuple(tie("test"), tie("test"), tie("test")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}))

describe("agrees with evaluation", () => {
  it("what passes a test is of the type that the test narrows to", () =>
    fc.assert(
      fc.property(types, tests, fc.array(values, { minLength: 40, maxLength: 40 }), (type, source, samples) => {
        const test = cel(source)
        // Where a part of a test may fail to be evaluated, which is told, the rest may decide alone.
        if (test.infer(typesOf({ value: type })).problems.some(({ severity }) => severity === "error")) return
        const [yes, no] = [true, false].map((holds) => narrowed(type, source, holds) ?? type)
        for (const value of samples) {
          if (!isRight(jsonSchema(type).parse(value))) continue
          let passed: unknown
          try {
            passed = test.evaluate(scopeOf({ value }))
          } catch {
            continue // what cannot be tested does not pass
          }
          const left = passed === true ? yes : no
          if (!isRight(jsonSchema(left ?? true).parse(value))) {
            expect.fail(
              `${source} is ${String(passed)} for ${JSON.stringify(value)}, which is no ${JSON.stringify(left)}`,
            )
          }
        }
      }),
    ))
})
