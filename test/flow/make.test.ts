import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import { close, nameProblems } from "../../src/flow/closed.js"
import { walk } from "../../src/flow/fold.js"
import { InvalidFlow } from "../../src/flow/invalid.js"
import { check } from "../../src/flow/interpret/check.js"
import * as make from "../../src/flow/make.js"
import type { Node } from "../../src/flow/node.js"
import { melts, steps } from "../../src/flow/spine.js"

const leaf = (value: unknown): Node => make.pure({ _tag: "Constant", value })
const name = (bound: string): Node => make.pure({ _tag: "Name", name: bound })
const param = (minimum?: number, maximum?: number) =>
  ({
    _tag: "Param",
    name: "n",
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  }) as const

describe("what is ill-formed is refused when it is built", () => {
  const two = [leaf(1), leaf(2)]
  it.each<[string, () => unknown]>([
    ["quorum_empty", () => make.atLeast(1, [], undefined, {})],
    ["count", () => make.atLeast(0, two, undefined, {})],
    ["count", () => make.atLeast(1.5, two, undefined, {})],
    ["count", () => make.atLeast(param(0), two, undefined, {})],
    ["quorum_range", () => make.atLeast(3, two, undefined, {})],
    ["option", () => make.atLeast(1, two, undefined, { settle: JSON.parse('"quorom"') })],
    ["option", () => make.race(two, JSON.parse('"setled"'))],
    ["option", () => make.loop(leaf(1), 2, JSON.parse('"lst"'))],
    ["quorum_range", () => make.atLeast(param(1, 3), two, undefined, {})],
    ["quorum_grace", () => make.atLeast(1, two, undefined, { grace: 5 })],
    ["duration", () => make.atLeast(1, two, undefined, { settle: "quorum", grace: -1 })],
    ["duration", () => make.atLeast(1, two, undefined, { hedge: { after: Number.NaN, max: 1 } })],
    ["count", () => make.atLeast(1, two, undefined, { hedge: { after: 5, max: 0 } })],
    ["quorum_required", () => make.atLeast(1, two, undefined, { required: [0, 1] })],
    ["quorum_required", () => make.atLeast(param(1, 2), two, undefined, { required: [0, 1] })],
    ["quorum_required", () => make.atLeast(1, two, ["a", "b"], { required: ["c"] })],
    ["quorum_required", () => make.atLeast(1, two, undefined, { required: [0.5] })],
    ["duplicate", () => make.atLeast(2, two, ["a", "b"], { required: ["a", "a"] })],
    ["count", () => make.atLeast(JSON.parse('"1"'), two, undefined, {})],
    ["duration", () => make.within(leaf(1), JSON.parse('"30s"'))],
    ["option", () => make.retry(leaf(1), { on: JSON.parse('["TimeOut"]') })],
    ["option", () => make.retry(leaf(1), { on: JSON.parse('"TimedOut"') })],
    ["option", () => make.recover(leaf(1), leaf(2), "fault", JSON.parse('["Nope"]'))],
    ["race_empty", () => make.race([])],
    ["branch_empty", () => make.branch({ key: "k" }, [], [], undefined)],
    ["duplicate", () => make.branch({ key: "k" }, ["a", "a"], two, undefined)],
    ["duplicate", () => make.all(two, ["a", "a"])],
    ["count", () => make.loop(leaf(1), 0)],
    ["count", () => make.loop(leaf(1), Infinity)],
    ["duration", () => make.within(leaf(1), -1)],
    ["duration", () => make.within(leaf(1), 2 ** 31)],
    ["id", () => make.withId(leaf(1), "")],
    ["name", () => make.letIn("1x", leaf(1), leaf(2))],
    ...["value", "input", "params", "fault", "env"].map((taken): [string, () => unknown] => [
      "name",
      () => make.letIn(taken, leaf(1), leaf(2)),
    ]),
  ])("%s", (code, build) => {
    expect(build).toThrow(InvalidFlow)
    expect(build).toThrow(expect.objectContaining({ code, path: "" }))
  })
})

it("a decorator takes over its step's id and note, in whichever order they are written", () => {
  const named = make.withNote(make.withId(leaf(1), "a"), "n")
  const before = make.recover(make.within(named, 5), leaf(2), "fault", undefined)
  const after = make.withNote(make.withId(make.recover(make.within(leaf(1), 5), leaf(2), "fault", undefined), "a"), "n")
  expect(before).toEqual(after)
})

describe("sequences", () => {
  const shapes = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof({ maxDepth: 5 }, fc.nat(9).map(leaf), fc.array(tie("node"), { maxLength: 3 }).map(make.seq)),
  }))
  const leaves = (node: Node): Node[] => (melts(node) ? node.parts.flatMap(leaves) : [node])

  it("flatten to their steps, in order, however they nest", () =>
    fc.assert(
      fc.property(fc.array(shapes.node), (parts) => {
        expect(steps(make.seq(parts))).toEqual(parts.flatMap(leaves))
      }),
    ))

  it("number their steps as one, however they nest", () =>
    fc.assert(
      fc.property(fc.array(shapes.node), (parts) => {
        const paths: string[] = []
        walk(make.seq(parts), (node, { path }) => {
          if (!melts(node)) paths.push(path)
        })
        expect(paths).toEqual(parts.flatMap(leaves).map((_, i) => String(i)))
      }),
    ))
})

describe("names", () => {
  it.each<[string, Node, [string, string][]]>([
    ["none is free in its body", make.letIn("x", leaf(1), make.seq([leaf(2), name("x")])), []],
    ["one is free in what it names", make.letIn("x", name("x"), leaf(1)), [["name_free", "0"]]],
    ["one is free beside", make.all([make.letIn("x", leaf(1), leaf(2)), name("x")]), [["name_free", "1"]]],
    [
      "one is bound again inside",
      make.letIn("x", leaf(1), make.all([make.letIn("x", leaf(2), leaf(3))])),
      [["name_rebound", "1/0"]],
    ],
    [
      "one is the id of two steps",
      make.seq([make.withId(leaf(1), "a"), make.withId(leaf(2), "a")]),
      [["id_twice", "a"]],
    ],
    [
      "ids are their sequence's own",
      make.all([make.seq([make.withId(leaf(1), "a")]), make.seq([make.withId(leaf(2), "a")])]),
      [],
    ],
    [
      "two siblings share one",
      make.all([make.letIn("x", leaf(1), name("x")), make.letIn("x", leaf(2), name("x"))]),
      [],
    ],
    [
      "one is seen by a handler, a turn and an arm",
      make.letIn(
        "x",
        leaf(1),
        make.recover(
          make.loop(name("x")),
          make.branch({ key: "k" }, ["a"], [name("x")], name("x")),
          "fault",
          undefined,
        ),
      ),
      [],
    ],
  ])("%s", (_, node, expected) => {
    expect(nameProblems(node).map(({ code, path }) => [code, path])).toEqual(expected)
    if (expected.length > 0) expect(() => close(node)).toThrow(InvalidFlow)
  })

  it("a rebound name is refused with both positions", () => {
    const inner = make.letIn("x", leaf(2), name("x"))
    const whole = make.seq([leaf(0), make.letIn("x", make.withId(leaf(1), "first"), make.seq([leaf(3), inner]))])
    expect(() => close(whole)).toThrow("3: the name x is bound already, at first")
    expect(check(flow(whole)).errors).toMatchObject([
      { code: "name_rebound", path: "3", message: "the name x is bound already, at first" },
    ])
  })

  it("a call in the flow that it calls is recursion", () => {
    const called = make.call("a", make.seq([leaf(1), make.race([make.call("a")])]))
    expect(() => close(called)).toThrow("the flow a calls itself")
    expect(() => close(make.call("ab", make.call("a")))).toThrow("the call of a holds no flow")
  })

  it("close in time however many are in scope", () => {
    let body = name("x0")
    for (let i = 100_000; i-- > 0; ) body = make.letIn(`x${i}`, leaf(i), body)
    expect(nameProblems(body)).toEqual([])
  })
})
