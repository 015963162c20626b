import { expect, it } from "vitest"
import type { Diagnostic } from "../../src/data/diagnostic.js"
import { parse, registry } from "../../src/serde/index.js"

function faults(text: string): readonly Diagnostic[] {
  const parsed = parse(text, registry(), { file: "bad.yaml" })
  return parsed._tag === "Left" ? parsed.left : []
}

it.each<[what: string, text: string, code: string, line: number, column: number, hint: RegExp]>([
  ["a schema's bad pattern", 'troupe: 1\ninput: { pattern: "(" }\nflow: { map: 1 }', "pattern", 2, 19, /^/],
  ["a pattern that is none", "troupe: 1\ninput: { pattern: 3 }\nflow: { map: 1 }", "wrong_type", 2, 19, /^/],
  [
    "a schema's bad names",
    'troupe: 1\ninput: { patternProperties: { "[": {} } }\nflow: { map: 1 }',
    "pattern",
    2,
    36,
    /^/,
  ],
  ["a reference to nothing", "troupe: 1\ninput: { $ref: '#/$defs/a' }\nflow: { map: 1 }", "schema_ref", 2, 16, /^/],
  ["a reference outside", "troupe: 1\ninput: { $ref: 'http://a/b' }\nflow: { map: 1 }", "schema_ref", 2, 16, /\$defs/],
  ["a reference in a part", "troupe: 1\ninput: { items: { $ref: '#b' } }\nflow: { map: 1 }", "schema_ref", 2, 25, /^/],
  ["a reference to itself", "troupe: 1\ninput: { $ref: '#' }\nflow: { map: 1 }", "schema_ref", 2, 16, /^/],
  ["another dialect", "troupe: 1\ninput: { $schema: 'http://a/draft-04' }\nflow: { map: 1 }", "wrong_type", 2, 19, /^/],
])("%s is one mistake with its place", (_, text, code, line, column, hint) => {
  const found = faults(text)
  expect(found.map((one) => [one.code, one.line, one.column])).toEqual([[code, line, column]])
  expect(found[0]?.hint ?? "").toMatch(hint)
})

it.each([
  "{ $ref: '#/$defs/a~1b', $defs: { a/b: { type: string } } }",
  "{ properties: { next: { $ref: '#' } } }",
  "{ $defs: { a: { items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' }",
  "{ items: { $ref: '#a' }, $defs: { x: { $anchor: a } } }",
  "{ $defs: { a: { $id: 'http://a/b' } }, $ref: 'http://a/b' }",
  "{ properties: { $ref: { type: string }, pattern: { type: string } }, enum: [{ $ref: nowhere }] }",
  "{ $schema: 'https://json-schema.org/draft/2020-12/schema', pattern: '^\\p{L}+$' }",
])("a schema whose references lead somewhere is taken: %s", (schema) => {
  expect(faults(`troupe: 1\ninput: ${schema}\nflow: { map: 1 }`)).toEqual([])
})

it("thousands of references are followed without being followed again and again", () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `a${i}`)
  const chain = Object.fromEntries(names.map((name, i) => [name, { $ref: `#/$defs/a${i + 1}` }]))
  const input = { $defs: { ...chain, a20000: {} }, $ref: "#/$defs/a0" }
  expect(faults(JSON.stringify({ troupe: 1, input, flow: { map: 1 } }))).toEqual([])
})
