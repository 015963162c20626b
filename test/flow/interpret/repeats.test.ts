import { describe, expect, it } from "vitest"
import { jsonSchema } from "../../../src/data/schema.js"
import { cel } from "../../../src/expr/index.js"
import { nodeOf } from "../../../src/flow/build.js"
import { partsOf, repeats } from "../../../src/flow/interpret/repeats.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import { ask, nested, of } from "./parts.js"

const agent = (name: string, model?: string): Node =>
  make.agent({ _tag: "AgentRef", name, caps: { usd: 1 } }, model === undefined ? undefined : { model })
const [a, b, c] = [agent("a"), agent("b"), agent("c")]
const run = (x: unknown): unknown => x
const fn = (with_ = run): Node => make.pure({ _tag: "Fn", name: "f", run: with_ })
const constant = (value: unknown): Node => make.pure({ _tag: "Constant", value })
const using = { _tag: "Fn", name: "pick", run: () => of(a) } as const
const [schema, other] = [jsonSchema({ type: "string" }), jsonSchema({ type: "number" })]
const cyclic = (): unknown => {
  const value: { self?: unknown } = {}
  value.self = value
  return value
}

/** Whether two parts of one flow read the same. */
function same(one: Node, two: Node): boolean {
  const { kindOf } = partsOf(make.all([one, two]))
  return kindOf(one) === kindOf(two)
}

const judge = (name: string, usd = 1): Node => ask(name, { caps: { usd } }).node
const judged = (by: Node, tag = "x"): Node => make.branch({ by }, [tag], [agent("a")], undefined)
const guarded = (by: Node): Node => make.guard(agent("a"), { by })

describe("parts that read the same", () => {
  it.each<[string, Node, Node]>([
    ["agents of one name, whatever else is known of them", ask("a", { caps: { tokens: 3 } }).node, agent("a")],
    ["members alike", make.all([agent("a"), b]), make.all([a, agent("b")])],
    ["one function in two steps", fn(), fn()],
    ["one schema in two steps", make.suspend("s", schema), make.suspend("s", schema)],
    ["answers of one agent", judged(judge("k")), judged(judge("k", 2))],
    ["guards by one agent", guarded(judge("k")), guarded(judge("k", 2))],
    ["loops of one length", make.loop(agent("a"), 3), make.loop(agent("a"), 3)],
    [
      "recoveries from any fault",
      make.recover(agent("a"), b, "fault", undefined),
      make.recover(a, b, "fault", undefined),
    ],
    ["tries", make.retry(agent("a"), { on: ["TimedOut"] }), make.retry(a, { on: ["TimedOut"] })],
  ])("%s", (_, one, two) => expect(same(one, two)).toBe(true))

  it.each<[string, Node, Node]>([
    ["agents of two names", a, b],
    ["agents of one name and two models", a, agent("a", "m")],
    ["functions of one name", fn(), fn((x) => [x])],
    ["schemas", make.suspend("s", schema), make.suspend("s", other)],
    ["constants", constant(1), constant(2)],
    ["constants that are no JSON", constant(1n), constant(2n)],
    ["constants that hold themselves", constant(cyclic()), constant(cyclic())],
    ["sequences", make.seq([a, b]), make.seq([a, c])],
    ["members", make.all([a, b]), make.all([a, c])],
    ["names bound", make.letIn("x", a, b), make.letIn("y", a, b)],
    ["what is bound", make.letIn("x", a, b), make.letIn("x", c, b)],
    ["bodies behind a name", make.letIn("x", a, b), make.letIn("x", a, c)],
    ["choosers", make.flatMap(a, using, [b]), make.flatMap(c, using, [b])],
    ["choices", make.flatMap(a, using, [b]), make.flatMap(a, using, [c])],
    ["classifiers", judged(b), judged(c)],
    ["cases that a flow answers", judged(b), judged(b, "y")],
    ["cases", make.branch({ key: "k" }, ["x"], [a], undefined), make.branch({ key: "k" }, ["x"], [b], undefined)],
    ["other cases", make.branch({ key: "k" }, ["x"], [a], b), make.branch({ key: "k" }, ["x"], [a], c)],
    ["what a branch reads", make.branch({ key: "k" }, ["x"], [a], b), make.branch({ key: "l" }, ["x"], [a], b)],
    ["what is tried", make.recover(a, c, "fault", undefined), make.recover(b, c, "fault", undefined)],
    ["handlers", make.recover(a, b, "fault", undefined), make.recover(a, c, "fault", undefined)],
    ["faults", make.recover(a, b, "fault", ["TimedOut"]), make.recover(a, b, "fault", ["Defect"])],
    ["what is passed on", make.divert(a, c, "tap"), make.divert(b, c, "tap")],
    ["sides", make.divert(a, b, "tap"), make.divert(a, c, "tap")],
    ["what is guarded", make.guard(a, { code: cel("value") }), make.guard(b, { code: cel("value") })],
    ["guards", make.guard(a, { code: cel("value") }), make.guard(a, { code: cel("!value") })],
    ["guards by a flow", guarded(b), guarded(c)],
    ["ids of guards by a flow", make.withId(guarded(b), "x"), make.withId(guarded(b), "y")],
    ["ids", make.withId(a, "x"), make.withId(a, "y")],
  ])("do not where they differ in their %s", (_, one, two) => expect(same(one, two)).toBe(false))

  it("are those of the flow alone", () => expect(partsOf(a).kindOf(b)).toBe(undefined))
})

describe("the size of a flow", () => {
  it.each<[string, Node, number]>([
    ["a step", a, 1],
    ["a pure step", fn(), 1],
    ["a sequence", make.seq([a, b, a]), 4],
    ["a name", make.letIn("x", a, b), 3],
    ["a choice", make.flatMap(a, using, [b, c]), 4],
    ["a choice of anything", make.flatMap(a, using, undefined), 2],
    ["a branch", make.branch({ by: a }, ["x", "y"], [a, b], c), 5],
    ["a branch by a key", make.branch({ key: "k" }, ["x"], [a], undefined), 2],
    ["a recovery", make.recover(a, b, "fault", undefined), 3],
    ["a side flow", make.divert(a, b, "tap"), 3],
    ["a guard", make.guard(a, { code: cel("value") }), 2],
    ["a guard by a flow", make.guard(a, { by: b }), 3],
    ["a deadline", make.within(a, 5), 2],
    ["a call that is not linked", make.call("x"), 1],
    ["parts that double", nodeOf(nested(30, of(a), (k) => of(make.all([k.node, k.node])))), 2 ** 31 - 1],
  ])("of %s counts every part wherever it stands", (_, node, size) => expect(partsOf(node).size).toBe(size))
})

describe("a part seen before", () => {
  const [one, two, long] = [make.all([a, b]), make.all([a, b]), make.all([a, b, c])]
  const parts = partsOf(make.seq([one, two, long]))
  const memory = (): ReturnType<typeof repeats<number>> =>
    repeats(
      parts,
      (length: number) => length > 2,
      (length) => -length,
    )

  it("is handed out shorter, if it is worth it", () => {
    const seen = memory()
    expect(seen.get(one)).toBe(undefined)
    seen.set(one, { result: 3 })
    expect(seen.get(two)).toEqual({ result: -3 })
    expect(seen.get(long)).toBe(undefined)
    seen.set(long, { result: 2 })
    expect(seen.get(long)).toBe(undefined)
  })

  it("is none of another flow", () => {
    const seen = memory()
    seen.set(agent("x"), { result: 3 })
    expect(seen.get(agent("y"))).toBe(undefined)
  })
})
