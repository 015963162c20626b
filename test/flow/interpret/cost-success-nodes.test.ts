import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { tail } from "../../../src/flow/interpret/cost-success.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, of } from "./parts.js"
import { nodes } from "./single-flows.js"

const estimates = { a: { failure: 0.5 }, b: { failure: 0.25 }, c: { failure: 0.125 } }
/** How often each agent succeeds. */
const [A, B, C] = [0.5, 0.75, 0.875] as const
/** That one of two comes about. */
const or = (x: number, y: number): number => 1 - (1 - x) * (1 - y)

const told: Readonly<Record<string, number | null>> = {
  identity: 1,
  constant: 1,
  "constant that is no JSON": 1,
  text: 1,
  name: A,
  record: 1,
  "anonymous function": 1,
  agent: A,
  fail: 0,
  let: A * B * C,
  "let of one": A * C,
  all: A * B,
  "all by name": A * B * C,
  "all of one": A,
  quorum: B * or(A, C),
  "quorum by param": A * B,
  race: Math.min(A, B),
  "race of one that is at once": 1,
  branch: Math.min(A, B * C),
  "branch by a flow": A * B * Math.min(A, B),
  recover: A * B,
  "recover of one": or(A, B),
  attempt: 1,
  loop: A ** 4,
  "loop with state": A ** 10,
  "flat map": A * Math.min(B, B * C),
  "flat map to anything": null,
  "for each": (A * B) ** 2,
  timeout: A * B,
  retry: 1 - (1 - A) ** 4,
  "retry at once": or(A, A),
  "retry evenly": 1,
  limit: A * B,
  tap: A * B,
  notify: A * B,
  "divert to": A,
  guard: A,
  "guard by a flow": A * B,
  graph: A * B * C,
  call: A * B,
  suspend: 1,
  sleep: 1,
  split: A * B,
}

const [a, b, c, unknown] = [ask("a"), ask("b"), ask("c"), ask("unknown")]
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const three: Any = F.pure(["x", "y", "z"])
const sure: Any = F.pure(1)
const failing: Any = F.fail({ code: "no", message: "no" })
const few = ask("c", { output: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 5 } })
const choosing = (...among: readonly Any[]): Any =>
  of(
    make.flatMap(
      sure.node,
      { _tag: "Fn", name: "first", run: () => among[0] },
      among.map((one) => one.node),
    ),
  )
const race = (...members: readonly Any[]): Any =>
  of(
    make.race(
      members.map((one) => one.node),
      "settled",
    ),
  )

describe("how likely each node succeeds", () => {
  it("is said of every one", () => expect(Object.keys(told)).toEqual(Object.keys(nodes)))

  it.each(Object.entries(nodes))("%s", (name, node) => {
    expect(cost(of(node), { estimates }).success).toEqual({ value: told[name], kind: "estimate" })
  })

  it.each<[string, Any, number]>([
    ["all of a list", three.andThen(each(a)), A ** 3],
    ["the longest list", few.andThen(each(a)), C * A ** 5],
    ["two of three", three.andThen(each(a, { atLeast: 2 })), 0.5],
    ["two of the shortest list that has two", few.andThen(each(a, { atLeast: 2 })), C * A ** 2],
    ["more than there are", three.andThen(each(a, { atLeast: 4 })), 0],
    ["more than there are, of what never fails", three.andThen(each(sure, { atLeast: 4 })), 0],
    ["some of a list of any length: of the shortest that can do", each(a, { atLeast: 2 }), A * A],
    ["an empty list", F.pure([]).andThen(each(a)), 1],
    ["any list of what never fails", each(sure), 1],
    ["the worst of the cases, which may be the last", of(make.branch({ key: "kind" }, ["x"], [sure.node], a.node)), A],
    ["the worst of the choices", choosing(sure, b, a, c), A],
    ["the first end, which may be a failure", race(sure, a), A],
    ["a handler of what never fails", sure.recoverWith(unknown), 1],
    ["a handler that always fails", a.recoverWith(failing), A],
    ["a second handler", a.recoverWith(b).recoverWith(c), or(or(A, B), C)],
    ["what fails for certain, before what is not known", failing.andThen(unknown), 0],
    ["or after it", unknown.andThen(failing), 0],
    ["a side flow, which fails nothing", a.notify(unknown), A],
    ["a flow that a required member decides", F.atLeast(1, [a, b], { required: [0] }), A],
    ["a quorum of none but the required", F.atLeast(2, [a, b, c], { required: [0, 1] }), A * B],
  ])("%s: nothing is left open", (_, flow, value) => {
    const { success, unbounded } = cost(flow, { estimates })
    expect(success).toEqual({ value, kind: "estimate" })
    expect(unbounded.filter(({ figure }) => figure === "success")).toEqual([])
  })

  it.each<[string, (inner: Any) => Any]>([
    ["a step", (inner) => inner.andThen(a)],
    ["a last step", (inner) => sure.andThen(inner)],
    ["a member", (inner) => F.zip(inner, a)],
    ["a last member", (inner) => F.zip(a, inner)],
    ["a member of a quorum", (inner) => F.atLeast(1, [inner, a])],
    ["a last member of a quorum", (inner) => F.atLeast(1, [a, inner])],
    ["a racer", (inner) => F.race(inner, a)],
    ["a last racer", (inner) => F.race(a, inner)],
    ["the end of a race", (inner) => race(inner, a)],
    ["a case", (inner) => F.pure(true).branchOn((x) => x, inner, a)],
    ["another case", (inner) => F.pure(true).branchOn((x) => x, a, inner)],
    ["a case where none fits", (inner) => of(make.branch({ key: "kind" }, ["x"], [a.node], inner.node))],
    ["a classifier", (inner) => of(make.branch({ by: inner.node }, ["x"], [a.node], undefined))],
    ["a choice", (inner) => choosing(a, inner)],
    ["what is recovered from", (inner) => inner.recoverWith(a)],
    ["a handler", (inner) => a.recoverWith(inner)],
    ["a turn", (inner) => F.loop(inner as never, { max: 2 })],
    ["an element", (inner) => three.andThen(each(inner))],
    ["one of some elements", (inner) => three.andThen(each(inner, { atLeast: 2 }))],
    ["a try", (inner) => inner.retry({ times: 1 })],
    ["what has a deadline", (inner) => inner.timeout(9)],
    ["what is limited", (inner) => inner.limit({ concurrency: 1 })],
    ["a tap", (inner) => a.tap(inner)],
    ["what is tapped", (inner) => inner.tap(a)],
    ["what is guarded", (inner) => inner.guard(() => true)],
    ["a guard", (inner) => of(make.guard(a.node, { by: inner.node }))],
    ["what is called", (inner) => F.call("other", inner)],
  ])("is not known where an agent has no rate, which is told, and nothing else: %s", (_, wrap) => {
    const { success, unbounded } = cost(wrap(unknown), { estimates })
    expect(success).toEqual({ value: null, kind: "estimate" })
    const open = unbounded.filter(({ figure }) => figure === "success")
    expect(open.map(({ agent }) => agent)).toEqual(["unknown"])
  })

  it.each<[string, Any, string]>([
    ["a list of any length", a.andThen(each(b).id("list")), "list"],
    [
      "some of a very long list",
      ask("a", { output: { type: "array", minItems: 10_001 } }).andThen(each(b, { atLeast: 2 }).id("list")),
      "list",
    ],
    ["a flow that is made as it runs", a.andThen(sure.flatMap(() => b).id("made")), "made"],
  ])("is not known of %s, whose place is told", (_, flow, path) => {
    const { success, unbounded } = cost(flow, { estimates })
    expect(success?.value).toBeNull()
    expect(unbounded.filter(({ figure }) => figure === "success")).toEqual([{ path, figure: "success" }])
  })
})

it("at least none of several is certain, whatever rounding makes of their sum", () => {
  const chances = Array.from({ length: 50 }, (_, i) => 1 / (i + 3))
  for (const n of [0, -1]) expect(tail(chances, n)).toBe(1)
  expect([tail([], 0), tail([], 1), tail([0.5], 2)]).toEqual([1, 0, 0])
  expect(tail([0.5, 0.5], 1)).toBe(0.75)
})
