import { describe, expect, it } from "vitest"
import { jsonSchema } from "../../src/data/schema.js"

const isLeft = (either: { readonly _tag: string }): boolean => either._tag === "Left"

describe("schemas that somebody else wrote", () => {
  it("a pattern that explodes elsewhere is linear here", () => {
    const schema = jsonSchema({ type: "string", pattern: "^(a+)+$" })
    expect(isLeft(schema.parse(`${"a".repeat(10_000)}!`))).toBe(true)
    expect(isLeft(schema.parse("a".repeat(10_000)))).toBe(false)
  })

  it("patterns are not taken for one another", () => {
    const schema = jsonSchema({ properties: { a: { pattern: "^a$" }, b: { pattern: "^b$" } } })
    expect([isLeft(schema.parse({ a: "a", b: "b" })), isLeft(schema.parse({ a: "b", b: "b" }))]).toEqual([false, true])
    expect(isLeft(schema.parse({ a: "a", b: "a" }))).toBe(true)
  })

  it("a pattern that only JavaScript reads still holds", () => {
    const schema = jsonSchema({ type: "string", pattern: "^(?!bad).*$" })
    expect([isLeft(schema.parse("good")), isLeft(schema.parse("bad"))]).toEqual([false, true])
  })

  it("nothing fits an ill-formed schema, and it says why", () => {
    for (const json of [
      { $ref: "http://nowhere.example/x" },
      { pattern: "(" },
      { allOf: [] },
      { $schema: "http://no" },
    ]) {
      expect(jsonSchema(json).parse("x")).toMatchObject({
        left: [{ message: expect.stringMatching(/^the schema itself is ill-formed: \S/) }],
      })
    }
  })

  it("more schemas than are remembered stay right", () => {
    const first = jsonSchema({ const: 0 })
    for (let i = 0; i <= 1_100; i++) expect(isLeft(jsonSchema({ const: i }).parse(i))).toBe(false)
    expect([isLeft(first.parse(0)), isLeft(first.parse(1))]).toEqual([false, true])
  })

  it("two schemas may have one $id", () => {
    const first = jsonSchema({ $id: "https://example.test/x", type: "string" })
    const second = jsonSchema({ $id: "https://example.test/x", type: "number" })
    expect([
      isLeft(first.parse("a")),
      isLeft(second.parse(1)),
      isLeft(first.parse(1)),
      isLeft(second.parse("a")),
    ]).toEqual([false, false, true, true])
  })
})
