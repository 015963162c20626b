import { describe, expect, it } from "vitest"
import { jsonSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { explain } from "../../../src/flow/interpret/explain.js"
import * as make from "../../../src/flow/make.js"
import type { Count, Node } from "../../../src/flow/node.js"
import { type Any, ask, nested, of } from "./parts.js"

const [a, b] = [ask("a").node, ask("b").node]
const param = (bounds: { minimum?: number; maximum?: number }): Count => ({ _tag: "Param", name: "n", ...bounds })
const constant = (value: unknown): Node => make.pure({ _tag: "Constant", value })
const each = (body: Any): Any => of(make.traverse(body.node, {}))
const quorum = (options: Parameters<typeof make.atLeast>[3], n: Count = 2): string =>
  explain(of(make.atLeast(n, [a, b], undefined, options))).split("\n")[0] ?? ""

describe("the words of a step", () => {
  it.each<[string, Node]>([
    ['give "x"', constant("x")],
    ['give {"k":"xxxxxxxxxxxxxxxxxxxxxx"}', constant({ k: "x".repeat(22) })],
    ["give { k }", constant({ k: "x".repeat(23) })],
    ["{}", make.pure(template({}))],
    ['["${value}",1]', make.pure(template(["${value}", 1]))],
    ["{ a, b }", make.pure(template({ a: "${value}", b: 1 }))],
    ["ask a, again on fault, up to 2 times, after 1s, doubling", make.retry(a, { times: 2, base: 1_000, max: 2_000 })],
    [
      "ask a, again on fault, up to 3 times, after 1s, doubling to 2s",
      make.retry(a, { times: 3, base: 1_000, max: 2_000 }),
    ],
    ["ask a, again on fault, up to 1 time, after 1s", make.retry(a, { times: 1, base: 1_000, max: 2_000 })],
    [
      "ask a, again on fault, up to n times, after 1s, doubling to 2s",
      make.retry(a, { times: param({}), base: 1_000, max: 2_000 }),
    ],
    ["ask a, limit: 2 asks", make.limit(a, { calls: 2 })],
    ["ask a, limit: 1 at a time", make.limit(a, { concurrency: 1 })],
    ["ask a, limit: $0.5", make.limit(a, { usd: 0.5 })],
    ["wait for approval", make.suspend("approval", jsonSchema(true))],
    ["wait for value.name", make.suspend(cel("value.name"), jsonSchema(true))],
    ["flow sum", make.call("sum")],
    ["ask a (two words)", make.withNote(a, "  two \n  words ")],
    [`ask a (${"x".repeat(79)}…)`, make.withNote(a, "x".repeat(81))],
  ])("%s", (words, node) => expect(explain(of(node))).toBe(words))

  it("tell of a side flow that all goes to", () => {
    expect(explain(of(make.divert(a, b, "divertTo")))).toBe("ask a\ndivert: ask b  [divert_to]")
  })

  it("tell of a quorum whom it needs, and how it ends", () => {
    expect(quorum({})).toBe("at least 2 of 2")
    expect(quorum({ settle: "quorum", required: [0, 1] })).toBe("at least 2 of 2; a, b must answer; aborts the rest")
    expect(quorum({ settle: "quorum", grace: 500 })).toBe("at least 2 of 2; aborts the rest after 500ms")
    expect(quorum({ hedge: { after: 5, max: 1 } })).toBe("at least 2 of 2; up to 1 second copy after 5ms")
    expect(quorum({}, param({}))).toBe("at least n of 2")
    expect(quorum({}, param({ minimum: 1 }))).toBe("at least n (1 to …) of 2")
    expect(quorum({}, param({ maximum: 2 }))).toBe("at least n (… to 2) of 2")
  })
})

describe("an outline of a step", () => {
  it("tells steps in the steps' words, on one line each", () => {
    expect(explain(ask(" a \n b \t"))).toBe("ask a b")
    expect(explain(ask(`${" ".repeat(1_000)}x`))).toBe("ask")
    expect(explain(ask("x".repeat(300)))).toBe(`ask ${"x".repeat(235)}…`)
  })

  it("has the end of a path that nobody reads to its end", () => {
    const [short, long] = ["x".repeat(200), "x".repeat(201)]
    expect(explain(ask("a").id(short).andThen(ask("b").id(long)))).toBe(
      `ask a  [${short}]\nask b  […${"x".repeat(199)}]`,
    )
  })

  it("has one step under the heading of its sequence", () => {
    expect(explain(of({ ...make.seq([make.seq([a]), make.seq([])]), id: "here", note: "why" }))).toBe(
      "steps here (why)\n  ask a  [0]",
    )
  })

  it("has names behind one line, or below several", () => {
    expect(explain(of(make.letIn("x", a, b)))).toBe("ask a, as x  [0]\nask b  [1]")
    expect(explain(of(make.letIn("x", make.all([a]), b)))).toBe(
      ["all at the same time, on the same input  [0]", "  branch 0: ask a  [0]", "call it x", "ask b  [1]"].join("\n"),
    )
  })
})

describe("an outline of a flow called again", () => {
  it("has flows that are not linked as often as they are called", () => {
    const call = F.call("elsewhere")
    expect(explain(call.andThen(call))).toBe("flow elsewhere  [0]\nflow elsewhere  [1]")
  })
})

describe("lines too deep", () => {
  it("are counted, where they stand", () => {
    const deep = (levels: number): string[] => explain(nested(levels, ask("a"), each)).split("\n")
    expect(deep(20).at(-1)).toBe(`${"  ".repeat(20)}ask a`)
    expect(deep(21).slice(20)).toEqual([`${"  ".repeat(20)}for each`, `${"  ".repeat(21)}… 1 more line`])
    expect(deep(22).at(-1)).toBe(`${"  ".repeat(21)}… 2 more lines`)
    expect(
      explain(nested(21, ask("a"), each).andThen(ask("b")))
        .split("\n")
        .slice(20),
    ).toEqual([`${"  ".repeat(20)}for each  [0]`, `${"  ".repeat(21)}… 1 more line`, "ask b  [1]"])
  })
})

describe("an outline of more parts than can be told", () => {
  it("tells what was told before by its first line, and again what is one line", () => {
    const endless = nested(30, ask("a"), (k) => of(make.all([k.node, k.node])))
    const flow = F.race(endless, endless, ask("b"), ask("b"), each(ask("b")), each(ask("b")))
    const lines = explain(flow).split("\n")
    expect(lines.filter((line) => !line.startsWith("       "))).toEqual([
      "race: first success wins",
      "  branch 0",
      "    all at the same time, on the same input  [0]",
      "      branch 0",
      "      branch 1: all at the same time, on the same input, as above  [0/0]",
      "  branch 1: all at the same time, on the same input, as above  [0]",
      "  branch 2: ask b  [2]",
      "  branch 3: ask b  [3]",
      "  branch 4",
      "    for each  [4]",
      "      ask b  [4]",
      "  branch 5: for each, as above  [4]",
    ])
  })
})
