import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { asText, isRecord, notJsonAt, own } from "../../src/data/json.js"

describe("records", () => {
  it.each<[string, unknown, boolean]>([
    ["a literal", { a: 1 }, true],
    ["one without a prototype", Object.create(null), true],
    ["an array", [], false],
    ["null", null, false],
    ["a date", new Date(0), false],
    ["an instance", new Map(), false],
    ["a text", "x", false],
  ])("%s", (_, value, is) => expect(isRecord(value)).toBe(is))

  it.each(["constructor", "__proto__", "toString"])("%s is no own property", (key) => {
    expect(own({}, key)).toBeUndefined()
    expect(own({ [key]: 1 }, key)).toBe(1)
  })
})

describe("what is no JSON", () => {
  it.each<[unknown, string | undefined]>([
    [{ a: [1, () => 2] }, "/a/1"],
    [{ "a/b": { "c~d": undefined } }, "/a~1b/c~0d"],
    [Number.NaN, ""],
    [[Infinity], "/0"],
    [{ a: new Date(0), b: Symbol("s") }, "/a"],
    [{ a: null, b: [true, "x", 1.5] }, undefined],
    [10n, ""],
  ])("%# is found where it is", (value, at) => expect(notJsonAt(value)).toBe(at))

  it("is nothing of what JSON gives", () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(notJsonAt(JSON.parse(JSON.stringify(value)))).toBeUndefined()
      }),
    ))

  it("is found 100,000 levels deep", () => {
    let deep: unknown = [undefined]
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(notJsonAt(deep)).toBe("/0".repeat(100_001))
  })
})

it.each<[unknown, string]>([
  ["text", "text"],
  [null, ""],
  [undefined, ""],
  [{ a: [1] }, '{"a":[1]}'],
  [0, "0"],
  [false, "false"],
  [() => 1, ""],
])("%j reads as %j", (value, text) => expect(asText(value)).toBe(text))
