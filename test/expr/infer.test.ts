import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../src/data/schema.js"
import { cel } from "../../src/expr/index.js"
import { typesOf } from "./in-scope.js"

const object = (properties: Readonly<Record<string, JsonSchema>>, required = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required,
})
const text = { type: "string" } as const
const number = { type: "number" } as const
const integer = { type: "integer" } as const
const boolean = { type: "boolean" } as const

const types = typesOf({
  value: object(
    { draft: text, notes: text, count: integer, score: number, ok: boolean, tags: { type: "array", items: text } },
    ["draft", "count", "score", "ok", "tags"],
  ),
  kinds: {
    oneOf: [
      object({ kind: { const: "a" }, x: number, both: text }),
      object({ kind: { enum: ["b", "c"] }, y: text, both: integer }),
    ],
  },
  attempt: {
    anyOf: [
      object({ ok: { const: true }, value: text }),
      object({ ok: { const: false }, fault: object({ message: text }) }),
    ],
  },
  maybe: { anyOf: [object({ x: integer }), { type: "null" }] },
  tree: {
    $ref: "#/$defs/node",
    $defs: { node: object({ name: text, children: { type: "array", items: { $ref: "#/$defs/node" } } }) },
  },
  open: { type: "object", properties: { a: text }, additionalProperties: true },
  map: { type: "object", additionalProperties: integer },
  pair: { type: "array", prefixItems: [text, integer], items: false },
  either: { type: ["string", "integer"] },
  people: { type: "array", items: object({ name: text, age: integer }, ["name"]) },
  anything: true,
})

describe("types", () => {
  it.each<[string, JsonSchema]>([
    ["value.draft", text],
    ['""', text],
    ["1", integer],
    ["1.5", number],
    ["null", { type: "null" }],
    ["value.count + 1", integer],
    ["value.count + value.score", number],
    ["value.count / 2", number],
    ['"n: " + value.count', text],
    ["-value.count", integer],
    ["value.ok && value.count > 1.5", boolean],
    ["size(value.tags)", integer],
    ["value.tags[0]", text],
    ["value.tags + ['x']", { type: "array", items: text }],
    ["value.tags.map(t, size(t))", { type: "array", items: integer }],
    ["value.tags.filter(t, t != '')", { type: "array", items: text }],
    ["value.tags.exists(t, t == '')", boolean],
    ["value.ok ? 1 : 2", integer],
    ["value.ok ? 1 : 'a'", { anyOf: [integer, text] }],
    ["value.ok ? 1 : 2.5", number],
    ["[]", { type: "array" }],
    [
      "[1, 'a', 2]",
      {
        type: "array",
        prefixItems: [integer, text, integer],
        items: { anyOf: [integer, text] },
        minItems: 3,
        maxItems: 3,
      },
    ],
    ['{"a": value.draft, "b": 1}', { ...(object({ a: text, b: integer }) as object), additionalProperties: false }],
    ["pair[0]", text],
    ["pair[1]", integer],
    ["tree.children[0].children[0].name", text],
    ["tree.children.map(c, c.name)", { type: "array", items: text }],
    ["anything.x[0].y + 1", true],
    ["anything.map(x, x.y)", { type: "array", items: true }],
    ["open.b", true],
    ["dyn(value).nothing", true],
    ["kinds.both", { anyOf: [text, integer] }],
    ["value.draft.split(',')", { type: "array", items: text }],
  ])("%s", (source, type) => {
    expect(cel(source).infer(types)).toMatchObject({ problems: [] })
    expect(cel(source).infer(types).type).toEqual(type)
  })

  it("a whole name keeps its schema, a part of one stands on its own", () => {
    expect(cel("tree").infer(types).type).toBe(types.get("tree"))
    const { type } = cel("tree.children[0]").infer(types)
    expect(type).toMatchObject({ properties: { name: text }, required: ["name", "children"] })
    expect(JSON.stringify(type)).not.toContain("$ref")
  })
})

describe("narrowing", () => {
  it.each<[string, JsonSchema]>([
    ["has(value.notes) ? value.notes : ''", text],
    ["!has(value.notes) ? '' : value.notes", text],
    ["has(value.notes) && value.notes == 'x'", boolean],
    ["!has(value.notes) || value.notes == 'x'", boolean],
    ["'notes' in value ? value.notes : ''", text],
    ["'k' in map ? map.k : 0", integer],
    ["has(map.k) ? map.k + 1 : 0", integer],
    ["kinds.kind == 'a' ? kinds.x : 0.5", number],
    ["'a' == kinds.kind ? kinds.x : 0.5", number],
    ["kinds.kind != 'a' ? kinds.y : ''", text],
    ["kinds.kind in ['b', 'c'] ? kinds.y : ''", text],
    ["kinds.kind == 'b' || kinds.kind == 'c' ? kinds.y : ''", text],
    ["kinds.kind == 'b' ? kinds.y : kinds.kind == 'c' ? kinds.y : ''", text],
    ["kinds['kind'] == 'a' ? kinds['x'] : 0.5", number],
    ["has(kinds.x) ? kinds.both : ''", text],
    ["attempt.ok ? attempt.value : attempt.fault.message", text],
    ["!attempt.ok ? attempt.fault.message : attempt.value", text],
    ["attempt.ok == false ? attempt.fault.message : attempt.value", text],
    ["maybe == null ? 0 : maybe.x", integer],
    ["maybe != null && maybe.x > 1", boolean],
    ["people.filter(p, has(p.age)).map(p, p.age)", { type: "array", items: integer }],
    ["people.map(p, has(p.age), p.age)", { type: "array", items: integer }],
    ["people.all(p, !has(p.age) || p.age > 1)", boolean],
    ["has(people[0].age) ? people[0].age : 0", integer],
  ])("%s", (source, type) => {
    expect(cel(source).infer(types)).toMatchObject({ problems: [] })
    expect(cel(source).infer(types).type).toEqual(type)
  })

  it("ends with the branch", () => {
    expect(cel("(has(value.notes) ? 1 : 2) > 1 && value.notes == ''").infer(types).problems).toMatchObject([
      { code: "optional_field" },
    ])
    expect(cel("has(value.notes) || value.notes == ''").infer(types).problems).toMatchObject([
      { code: "optional_field" },
    ])
  })
})

describe("problems", () => {
  it.each<[string, string, string, object]>([
    ["valu.draft", "valu", "unknown_name", { hint: "did you mean `value`?" }],
    [
      "value.draf + ''",
      "draf",
      "unknown_field",
      { hint: "did you mean `draft`?", expected: expect.stringContaining("notes") },
    ],
    ["value.draft.x", "x", "unknown_field", { message: "`value.draft` has no fields: it is a string" }],
    ["value.constructor", "constructor", "unknown_field", {}],
    ["value['draf']", "'draf'", "unknown_field", {}],
    ["value.notes", "notes", "optional_field", { hint: "test it first: `has(value.notes)`" }],
    ["map.k", "k", "optional_field", {}],
    ["has(value.note)", "note", "unknown_field", { hint: "did you mean `notes`?" }],
    ["kinds.x", "x", "union_field", { message: "`x` is not in every form of `kinds`" }],
    ["kinds.kind == 'b' ? kinds.x : 0", "x", "unknown_field", {}],
    ["maybe.x", "x", "union_field", { message: "`maybe` may be null, which has no field `x`" }],
    ["value.draft - 1", "value.draft - 1", "operand", {}],
    ["value.draft + true", "value.draft + true", "operand", { hint: "as text write `string(true)`" }],
    ["value.draft > 1", "value.draft > 1", "operand", {}],
    ["value.draft == 1", "value.draft == 1", "operand", {}],
    ["1 in value.draft", "1 in value.draft", "operand", {}],
    ["!value.draft", "value.draft", "operand", { expected: "a boolean" }],
    ["value.draft ? 1 : 2", "value.draft", "operand", {}],
    ["value.ok && value.count", "value.count", "operand", {}],
    ["-value.draft", "value.draft", "operand", {}],
    ["size(value.count)", "value.count", "operand", { expected: "a string or a list or an object" }],
    ["value.draft.startsWith(1)", "1", "operand", {}],
    ["either.size() > 1", "either", "operand", { message: expect.stringContaining("may be a number") }],
    ["value.tags['a']", "'a'", "operand", {}],
    ["value.tags.all(t, size(t))", "size(t)", "operand", {}],
    ["value.tags.map(t, t.x)", "x", "unknown_field", {}],
    ["value.draft.map(c, c)", "value.draft", "operand", {}],
    ["{draft: 1}", "draft", "key", { hint: 'as a key write "draft"' }],
    ["value.draft.matches('(?=a)')", "'(?=a)'", "pattern", {}],
  ])("%s", (source, place, code, more) => {
    const { problems } = cel(source).infer(types)
    expect(problems).toMatchObject([{ code, severity: "error", at: [], ...more }])
    expect(problems.map(({ start, end }) => source.slice(start, end))).toEqual([place])
  })

  it("a constant that the type excludes is a warning", () => {
    expect(cel("kinds.kind == 'aa'").infer(types).problems).toMatchObject([
      { code: "never_equal", severity: "warning", expected: 'one of "a", "b", "c"' },
    ])
  })

  it("are told all at once, in order", () => {
    const { problems } = cel("value.draf == '' && value.coun > 1").infer(types)
    expect(problems.map(({ hint }) => hint)).toEqual(["did you mean `draft`?", "did you mean `count`?"])
  })
})

describe("schemas as people write them", () => {
  const field = (schema: JsonSchema): unknown => cel("s.x").infer(typesOf({ s: schema }))
  const x = object({ x: integer })

  it.each<[string, JsonSchema]>([
    ["a reference with words beside it", { $ref: "#/$defs/a", description: "an a", $defs: { a: x } }],
    ["a reference to the root's own part", { allOf: [{ $ref: "#/$defs/a" }], $defs: { a: x } }],
    ["allOf of two objects", { allOf: [object({ y: text }), x] }],
    [
      "anyOf beside properties",
      {
        type: "object",
        properties: { x: integer },
        required: ["x"],
        anyOf: [object({ y: text }), object({ z: text })],
      },
    ],
    ["no type, but properties", { properties: { x: integer }, required: ["x"] }],
  ])("%s", (_, schema) => {
    expect(field(schema)).toEqual({ type: integer, problems: [], unknown: [] })
  })

  it("`nullable` beside a type lets null in, as validation does", () => {
    const nullable = typesOf({
      s: { type: "string", nullable: true },
      o: { type: "object", properties: { x: integer }, required: ["x"], nullable: true },
    })
    expect(cel("s").infer(nullable).problems).toEqual([])
    expect(cel("s + '!'").infer(nullable).problems).toMatchObject([{ code: "operand" }])
    expect(cel("s == null ? '' : s + '!'").infer(nullable)).toEqual({ type: text, problems: [], unknown: [] })
    expect(cel("o.x").infer(nullable).problems).toMatchObject([{ code: "union_field" }])
    expect(cel("o == null ? 0 : o.x").infer(nullable)).toEqual({ type: integer, problems: [], unknown: [] })
  })

  it.each<[string, JsonSchema]>([
    ["true", true],
    ["no words at all", {}],
    ["a bare object", { type: "object" }],
    ["a reference outside", { $ref: "https://example.com/schema" }],
    ["a reference to nothing", { $ref: "#/$defs/none" }],
    ["a reference to itself", { $ref: "#" }],
    ["patterns of names", { type: "object", properties: {}, patternProperties: { "^x": integer } }],
    ["a condition", { type: "object", properties: {}, if: x }],
    ["an unknown type", { type: "colour" }],
  ])("%s: nothing is known, nothing is wrong", (_, schema) => {
    expect(field(schema)).toEqual({ type: true, problems: [], unknown: expect.any(Array) })
  })
})

describe("a selector", () => {
  it.each<[string, JsonSchema]>([
    ["value.ok ? 'many' : 'few'", { anyOf: [{ const: "many" }, { const: "few" }] }],
    ["value.ok ? 1 : value.count > 1 ? 2 : 1", { anyOf: [{ const: 1 }, { const: 2 }] }],
    ["'a'", { const: "a" }],
    ["value.ok ? 'a' : value.draft", { anyOf: [{ const: "a" }, text] }],
    ["'a' + (value.ok ? 'b' : 'c')", text],
  ])("%s keeps the literals that it may give", (source, type) => {
    expect(cel(source).infer(types, "selector")).toEqual({ type, problems: [], unknown: [] })
    expect(cel(source).infer(types).type).not.toHaveProperty("anyOf.0.const")
  })

  it("tells what is wrong with it all the same, once", () => {
    expect(cel("value.okay ? value.draf : 'a'").infer(types, "selector").problems).toHaveLength(2)
  })
})
