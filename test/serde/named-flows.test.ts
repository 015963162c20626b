import { describe, expect, it } from "vitest"
import { lift, pure, zip } from "../../src/flow/constructors.js"
import { named } from "../../src/flow/build.js"
import type { Document } from "../../src/flow/document.js"
import { equals } from "../../src/flow/equals.js"
import { InvalidFlow } from "../../src/flow/invalid.js"
import { call } from "../../src/flow/outside.js"
import { decode, document, encode, parse, print, type Registry, registry } from "../../src/serde/index.js"

const size = named("size", (text: string) => text.length)
const names = registry({ functions: [size], flows: { count: lift(size), twice: zip(call("count"), call("count")) } })

function parsed(text: string, known: Registry = names): Document {
  const result = parse(text, known)
  if (result._tag === "Left") throw new Error(JSON.stringify(result.left, null, 1))
  return result.right
}

const refused = (text: string): unknown => {
  const result = parse(text, names)
  return result._tag === "Left" ? result.left : result.right
}

const text = `troupe: 1
flows:
  measure: { all: [{ flow: count }, { map: "\${value}" }] }
  loud: { steps: [{ flow: measure }, { map: "\${input}" }] }
flow:
  steps:
    - { map: bees, as: word }
    - id: said
      flow: loud
    - flow: measure
`

describe("a document with named flows", () => {
  const doc = parsed(text)

  it("is linked when it is read", () => {
    const measure = zip(call("count", lift(size)), lift(named("x", () => 1)))
    expect(doc.flows["measure"]?.node).toMatchObject({ _tag: "All", of: [{ _tag: "Call", of: lift(size).node }, {}] })
    expect(measure.node._tag).toBe("All")
    expect(Object.keys(doc.flows)).toEqual(["measure", "loud"])
  })

  it("knows where each step of a called flow stands", () => {
    expect(doc.at("said")).toEqual({ line: 8, column: 7 })
    expect(doc.at("said@loud")).toEqual({ line: 4, column: 9 })
    expect(doc.at("said@loud/1")).toEqual({ line: 4, column: 38 })
    expect(doc.at("said@loud/0@measure/1")).toEqual({ line: 3, column: 37 })
    expect(doc.at("2@measure/1!3")).toEqual({ line: 3, column: 37 })
    expect(doc.at("said@loud/0@measure/0@count")).toEqual({ line: 3, column: 20 })
  })

  it("is printed with all that it calls, read back equal, and printed the same again", () => {
    const printed = print(doc)
    expect(printed).toContain("  count: { fn: size }\n")
    const again = parsed(printed, registry({ functions: [size] }))
    expect(equals(again.flow, doc.flow)).toBe(true)
    expect(print(again)).toBe(printed)
    expect(equals(parsed(printed).flow, doc.flow)).toBe(true)
  })

  it("may not have another flow of the name of one of the registry", () =>
    expect(refused("troupe: 1\nflows: { count: { map: 1 } }\nflow: { flow: count }")).toMatchObject([
      { code: "ambiguous_flow", line: 2, column: 17 },
    ]))

  it("hands nothing but its input to a flow that it calls", () =>
    expect(
      refused("troupe: 1\nflows: { a: { map: '${word}' } }\nflow: { steps: [{ map: 1, as: word }, { flow: a }] }"),
    ).toMatchObject([{ code: "name_free", line: 2 }]))
})

it("a limit of a document is one around its flow, and is printed so", () => {
  const doc = parsed("troupe: 1\nlimit: { calls: 3 }\nflow: { fn: size, id: a, retry: {} }")
  const beside = parsed("troupe: 1\nflow: { fn: size, id: a, retry: {}, limit: { calls: 3 } }")
  expect(equals(doc.flow, beside.flow)).toBe(true)
  expect(print(doc)).toBe("troupe: 1\nlimit: { calls: 3 }\nflow:\n  id: a\n  fn: size\n  retry: { times: 3 }\n")
  const inner = parsed("troupe: 1\nflow: { fn: size, limit: { calls: 3 }, guard: value > 1 }")
  expect(print(inner)).toContain("flow:\n  fn: size\n  limit: { calls: 3 }\n")
  expect(parsed(print(parsed("troupe: 1\nlimit: { calls: 3 }\nflow: { steps: [] }"))).flow.node).toMatchObject({
    _tag: "Limit",
  })
  expect(doc.at("a")).toEqual({ line: 3, column: 7 })
})

it("a document whose agents depend on one another and that has no flow is their graph", () => {
  const local = "provider: local"
  const doc = parsed(
    `troupe: 1\nagents:\n  a: { ${local} }\n  b: { ${local} }\n  c: { ${local}, depends_on: [b, a] }\nlimit: { calls: 9 }`,
  )
  const graph = parsed(
    `troupe: 1\nagents: { a: { ${local} }, b: { ${local} }, c: { ${local} } }
flow: { graph: { a: { do: { agent: a } }, b: { do: { agent: b } }, c: { depends_on: [b, a], do: { agent: c } } }, limit: { calls: 9 } }`,
  )
  expect(equals(doc.flow, graph.flow)).toBe(true)
  expect(doc.at("c")).toEqual({ line: 5, column: 6 })
  expect(equals(parsed(print(doc)).flow, doc.flow)).toBe(true)
})

describe("flows of the registry", () => {
  it("are called by what is decoded, and written by name", () => {
    const read = decode({ flow: "twice" }, names)
    expect(
      read._tag === "Right" &&
        equals(read.right, call("twice", zip(call("count", lift(size)), call("count", lift(size))))),
    ).toBe(true)
    expect(read._tag === "Right" && encode(read.right)).toEqual({ flow: "twice" })
  })

  it("are refused where they call nothing, or themselves", () => {
    expect(() => registry({ flows: { a: call("b") } })).toThrow(/no flow is called `b`/)
    expect(() => registry({ flows: { a: call("b"), b: call("a") } })).toThrow(InvalidFlow)
  })
})

describe("a document of TypeScript", () => {
  it("is linked, and printed with its flows", () => {
    const doc = document({ flow: pure("bees").andThen(call("count")), flows: { count: lift(size) } })
    expect(print(doc)).toBe(
      "troupe: 1\nflows:\n  count: { fn: size }\nflow:\n  steps:\n    - map: bees\n    - flow: count\n",
    )
  })

  it("writes the flows that its calls hold", () =>
    expect(print(call("count", lift(size)))).toBe("troupe: 1\nflows:\n  count: { fn: size }\nflow:\n  flow: count\n"))

  it("is refused where a call holds nothing, a name calls itself or stands for two flows", () => {
    expect(() => document({ flow: call("cuont"), flows: { count: lift(size) } })).toThrow(/did you mean `count`/)
    expect(() => document({ flow: call("a"), flows: { a: zip(pure(1), call("b")), b: call("a") } })).toThrow(
      expect.objectContaining({ code: "call_recursion", message: expect.stringContaining("a -> b -> a") }),
    )
    expect(() => encode(call("count"))).toThrow(expect.objectContaining({ code: "call_unknown" }))
    expect(() => print(zip(call("a", pure(1)), call("a", pure(2))))).toThrow(/two different flows are called `a`/)
  })
})
