import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../src/data/schema.js"
import { cel } from "../../src/expr/index.js"

describe("what is not known", () => {
  const scope = new Map<string, JsonSchema>([
    ["any", true],
    ["object", { type: "object" }],
    ["half", { type: "object", properties: { a: true }, required: ["a", "b"], additionalProperties: true }],
    ["list", { type: "array" }],
  ])
  const unknown = (source: string): readonly string[] =>
    cel(source).infer({ names: [...scope.keys()], get: (name) => scope.get(name) }).unknown

  it.each<[string, ...string[]]>([
    ["any.a.b[0] + any.c", "any"],
    ["object.a.b", "object.a"],
    ["object['a'] + 1", "object.a"],
    ["half.a + 1", "half.a"],
    ["half.b.c", "half.b"],
    ["half.c", "half.c"],
    ["-any", "any"],
    ["any ? 1 : 2", "any"],
    ["any || !object.x", "any", "object.x"],
    ["1 + any", "any"],
    ["any < 2", "any"],
    ["'a' in any", "any"],
    ["size(any)", "any"],
    ["any.map(x, x.y + x.z)", "any"],
    ["list.map(x, x.y)", "x"],
    ["list.exists(x, x)", "x"],
    ["has(any.a.b)", "any"],
    ["has(object.a) ? object.b : 0", "object.b"],
  ])("%s: needs the types of %s", (source, ...parts) => expect(unknown(source)).toEqual(parts))

  it.each([
    "any",
    "any == 1",
    "any != half.a",
    "[any, half.a]",
    "{'a': any}",
    "has(any.a)",
    "has(any.a) ? any.a : 0",
    "has(object.a) && object.a == 1",
    "'a' in object ? object.a : 0",
    "half.b",
    "size(object) + size(list)",
    "any in [1, 2]",
    "true ? any : 0",
  ])("%s: whatever the types are", (source) => expect(unknown(source)).toEqual([]))
})
