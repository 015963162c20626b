import { describe, expect, it } from "vitest"
import { link, linked } from "../../src/flow/link.js"
import { markOf } from "../../src/flow/hash.js"
import * as make from "../../src/flow/make.js"
import type { Fn, Node } from "../../src/flow/node.js"
import { unlink } from "../../src/flow/unlink.js"

const value = (value: unknown): Node => make.pure({ _tag: "Constant", value })
const choose: Fn = { _tag: "Fn", name: "choose", run: () => undefined }
const flows = (record: Readonly<Record<string, Node>>): Map<string, Node> => new Map(Object.entries(record))
const codes = (...args: Parameters<typeof link>): unknown =>
  link(...args).problems.map(({ code, path }) => [code, path])

describe("linking", () => {
  it("puts the same flow into every call of it, those inside of it first", () => {
    const { node, flows: made } = linked(
      make.all([make.call("a"), make.within(make.call("a"), 5)]),
      flows({ a: make.seq([make.call("b"), value(1)]), b: value(2) }),
    )
    expect(node).toMatchObject({ of: [{ of: made.get("a") }, { of: { of: made.get("a") } }] })
    expect(made.get("a")).toMatchObject({ parts: [{ _tag: "Call", name: "b", of: value(2) }, value(1)] })
  })

  it("leaves a call alone that holds its flow, and links what is in that", () => {
    const own = make.call("a", make.call("b"))
    const { node } = linked(own, flows({ a: value(1), b: value(2) }))
    expect(node).toMatchObject({ name: "a", of: { name: "b", of: value(2) } })
  })

  it("leaves a flow without calls as it is, and says what the others have become", () => {
    const [plain, calling] = [value(1), make.call("a")]
    const made = link(make.seq([calling]), flows({ a: plain }))
    expect(made.flows.get("a")).toBe(plain)
    expect(made.became(plain)).toBe(plain)
    expect(made.became(calling)).toEqual(make.call("a", plain))
  })

  it("tells the choices of a flatMap by what they call", () => {
    const { node } = linked(make.flatMap(value(1), choose, [make.call("a")]), flows({ a: value(2) }))
    expect(node).toMatchObject({ marks: [markOf(make.call("a", value(2)))] })
  })

  it("finds what is known besides", () => {
    const { node, problems } = link(make.call("a"), new Map(), flows({ a: value(1) }))
    expect([node, problems]).toEqual([make.call("a", value(1)), []])
  })

  it("refuses unknown names and rings, each where it is, called or not", () => {
    expect(codes(make.seq([value(1), make.call("x")]), flows({ a: make.call("y") }))).toEqual([
      ["call_unknown", "1"],
      ["call_unknown", ""],
    ])
    expect(codes(value(1), flows({ a: make.seq([value(1), make.call("b")]), b: make.all([make.call("a")]) }))).toEqual([
      ["call_recursion", ""],
    ])
    expect(() => linked(make.call("aa"), flows({ ab: value(1) }))).toThrow("no flow is called `aa`; did you mean `ab`?")
  })

  it("refuses what is too large or too deep, every call written out", () => {
    const small = { nodes: 10, depth: 2 }
    const pair = (name: string): Node => make.all([make.call(name), make.call(name)])
    const doubling = flows({ a: pair("b"), b: pair("c"), c: value(1) })
    expect(codes(make.call("b"), doubling, new Map(), small)).toEqual([["call_size", "0"]])
    expect(codes(make.call("b"), flows({ b: pair("c"), c: value(1) }), new Map(), small)).toEqual([])
    expect(codes(make.call("c"), new Map(), flows({ c: make.seq(Array(20).fill(value(1))) }), small)).toEqual([
      ["call_size", ""],
    ])
    expect(link(make.call("a"), doubling, new Map(), { nodes: 100, depth: 2 }).problems[0]?.message).toContain("2 deep")
  })
})

describe("unlinking", () => {
  it("is the way back", () => {
    const before = { node: make.within(make.call("a"), 5), a: make.all([make.call("b")]), b: value(1) }
    const { node } = linked(before.node, flows({ a: before.a, b: before.b }))
    const found = new Map<string, Node>()
    expect(unlink(node, found)).toEqual({ node: before.node, clashes: [] })
    expect([...found]).toEqual([
      ["b", before.b],
      ["a", before.a],
    ])
  })

  it("tells of two flows of one name, and not of one that is there twice", () => {
    const twice = make.all([make.call("a", value(1)), make.call("a", value(1)), make.call("a", value(2))])
    expect(unlink(twice, new Map()).clashes).toEqual([{ name: "a", path: "2" }])
  })
})
