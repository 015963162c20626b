import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { template } from "../../../src/expr/index.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, of, ref } from "./parts.js"

const param = (name: string, minimum?: number, maximum?: number): F.Param => ({
  _tag: "Param",
  name,
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
})

const calls = (flow: Any, params?: Record<string, unknown>): [number | null, number | null] => {
  const { least, most } = cost(flow, params === undefined ? {} : { params })
  return [least.calls.total.value, most.calls.total.value]
}

const [a, b, c] = [ask("a"), ask("b"), ask("c")]
const prompted = of(make.agent(ref("m"), { prompt: template("${value.text}") }))
const tries = F.atLeast(param("n", 2, 3), [a, b, c])
const throws: Any = F.lift(() => {
  throw new Error("no")
})

const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const choosing = (among: readonly Any[]): Any =>
  of(
    make.flatMap(
      a.node,
      { _tag: "Fn", name: "first", run: () => among[0] },
      among.map((k) => k.node),
    ),
  )
const lists = (minItems: number, maxItems: number): Any =>
  ask("lists", { output: { type: "array", items: { type: "string" }, minItems, maxItems } })
const diamond: Any = of(
  make.graph([
    { id: "top", of: a.node, dependsOn: [] },
    { id: "left", of: b.node, dependsOn: ["top"] },
    { id: "right", of: c.node, dependsOn: ["top"] },
    { id: "end", of: a.node, dependsOn: ["left", "right"] },
  ]),
)

const zero: Any = F.pure(0)
const settled: Any = of(make.race([a.andThen(b).node, c.andThen(b).node], "settled"))
const text = { type: "string" }
const odd = F.pure(1).divertTo(b, () => true)

describe("asks", () => {
  it.each<[string, Any, number, number]>([
    ["nothing", F.identity(), 0, 0],
    ["an agent", a, 1, 1],
    ["a sequence adds", a.andThen(b).andThen(c), 3, 3],
    ["a name adds", F.letIn("x", a, (x) => x.andThen(b)), 2, 2],
    ["all add", F.zip(a, b, c), 3, 3],
    ["a quorum takes the cheapest n", F.atLeast(2, [a.andThen(b), a, b]), 2, 4],
    ["a required member is among them", F.atLeast(2, [a.andThen(b), a, b], { required: [0] }), 3, 4],
    ["hedging adds the dearest", F.atLeast(1, [a.andThen(b), c], { hedge: { after: 5, max: 3 } }), 1, 9],
    ["a race takes the cheapest", F.race(a.andThen(b), c), 1, 3],
    ["a synchronous racer wins for nothing", F.race(a, F.pure(1)), 0, 1],
    ["a branch takes one arm", F.pure(true).branchOn((x) => x, a, b.andThen(c)), 1, 2],
    ["a classifier counts", F.route(ask("k") as F.Flow<unknown, "x" | "y">, { x: a, y: b.andThen(c) }), 2, 3],
    ["a recovery may be all", a.recoverWith(b), 1, 2],
    ["a recovery after a failure before the ask", throws.andThen(a).recoverWith(F.pure(0)), 0, 1],
    ["a recovery of a prompt that cannot be computed", prompted.recoverWith(F.pure(0)), 0, 1],
    ["a recovery of what cannot fail is never taken", F.pure(1).andThen(a).recoverWith(F.pure(0)), 1, 1],
    ["two must fail before the quorum does", F.atLeast(2, [a, b, c]).recoverWith(F.pure(0)), 2, 3],
    ["one of a quorum of 2 or 3 may be enough to fail", tries.recoverWith(F.pure(0)), 1, 3],
    ["a recovery of defects, which come at any time", a.recoverTag("Defect", F.pure(0)), 0, 1],
    ["a condition of a side flow that throws fails nothing", odd.andThen(a).recoverWith(F.pure(0)), 1, 2],
    ["more than a list has cannot succeed", F.pure(["x"]).andThen(each(a, { atLeast: 2 })), 0, 1],
    ["a part that only fails leaves its recovery", F.fail({ code: "x", message: "x" }).recoverWith(a), 1, 1],
    ["a loop runs once or max times", F.loop(a.andThen(b) as never, { max: 4 }), 2, 8],
    ["a deadline may pass first", a.timeout(5).recoverWith(F.pure(0)), 0, 1],
    ["a chosen flow is one of those listed", choosing([a, b.andThen(c)]), 2, 3],
    ["a list of constants is as long as it is", F.pure(["x", "y"]).andThen(each(a)), 2, 2],
    ["a quorum over a list needs so many", F.pure(["x", "y", "z"]).andThen(each(a, { atLeast: 2 })), 2, 3],
    ["a tuple is a list", F.zip(a, b).andThen(each(c)), 4, 4],
    ["a traverse keeps the length", F.pure([1, 2]).andThen(each(a)).andThen(each(b)), 4, 4],
    ["an agent's schema bounds its list", lists(1, 3).andThen(each(a)), 2, 4],
    ["retries run all of it again", a.andThen(b).retry({ times: 2 }), 2, 6],
    ["a failed try need not be repeated", throws.andThen(a).retry({ times: 2 }).recoverWith(F.pure(0)), 0, 3],
    ["a limit of calls", F.loop(a.andThen(b) as never, { max: 9 }).limit({ calls: 5 }), 2, 5],
    ["a limit that refuses an ask makes its recovery cheap", a.recoverWith(F.pure(0)).limit({ calls: 0 }), 0, 0],
    ["what a limit cannot allow cannot succeed", a.andThen(b).limit({ calls: 1 }), 0, 1],
    ["a tap is waited for", a.tap(b), 2, 2],
    ["a notified flow is not", a.notify(b.andThen(c)), 1, 3],
    ["a value may not be diverted", a.divertTo(b, () => true), 1, 2],
    ["a guard rejects after its step", a.guard(() => true).recoverWith(F.pure(0)), 1, 1],
    ["a guard may ask", of(make.guard(a.node, { by: b.node })), 2, 2],
    ["a graph runs all of its members", diamond, 4, 4],
    ["a called flow counts", F.call("other", a.andThen(b)), 2, 2],
    ["what does not fit an agent's schema fails before it asks", ask("n", { input: text }).recoverWith(zero), 0, 1],
    ["reading a name never fails", F.letIn("x", F.pure(1), (x) => x.andThen(a)).recoverWith(zero), 1, 1],
    [
      "a required member is not also one of the rest",
      F.atLeast(2, [a, a.andThen(b), b.andThen(c)], { required: [0] }),
      3,
      5,
    ],
    ["a race fails as all of it does", F.race(a.andThen(b), c.andThen(b)).recoverWith(zero), 2, 4],
    ["a race that any end decides fails with one", settled.recoverWith(zero), 1, 4],
    ["a recovery fails as its handler does, too", a.andThen(c).recoverWith(b).recoverWith(zero), 2, 3],
    ["a limit of as many calls as it takes", a.andThen(b).limit({ calls: 2 }), 2, 2],
    ["no turn at all", F.pure([]).andThen(each(a)), 0, 0],
    ["a limit of calls may refuse what it holds", F.pure(1).andThen(a).limit({ calls: 9 }).recoverWith(zero), 0, 1],
    ["a limit of tokens too", a.limit({ tokens: 9 }).recoverWith(zero), 0, 1],
    ["and one of money", a.limit({ usd: 9 }).recoverWith(zero), 0, 1],
    ["asks that wait are not refused", a.limit({ concurrency: 9 }).recoverWith(zero), 1, 1],
    ["what follows a limit is not in it", F.pure(1).limit({ calls: 9 }).andThen(a).recoverWith(zero), 1, 1],
    ["a limit in a limit is in both", F.pure(1).limit({ usd: 9 }).andThen(a).limit({ usd: 9 }).recoverWith(zero), 0, 1],
    ["waiting asks nobody", F.suspend("ok", { type: "boolean" }).andThen(F.sleep(5)), 0, 0],
  ])("%s", (_, flow, least, most) => expect(calls(flow)).toEqual([least, most]))

  it("use a parameter's value where it is given, else both ends of its schema", () => {
    const flow: Any = F.loop(F.atLeast(param("n", 1, 2), [a, b]) as never, { max: param("tries", 2, 5) })
    expect(calls(flow)).toEqual([1, 10])
    expect(calls(flow, { n: 2, tries: 3 })).toEqual([2, 6])
  })

  it("are unbounded where a parameter is, and the place says so", () => {
    const { most, unbounded } = cost(F.pure(0).andThen(F.loop(a as never, { max: param("tries", 1) }).id("again")))
    expect(most.calls).toEqual({
      total: { value: null, kind: "bound" },
      byAgent: { a: { value: null, kind: "bound" } },
    })
    expect(unbounded).toContainEqual({ path: "again", figure: "calls" })
  })

  it("are unbounded where nothing says how long a list is, or which flow is chosen, and the place says so", () => {
    const list = cost(ask("lists").andThen(each(a).id("each")))
    expect(list.most.calls.total.value).toBeNull()
    expect(list.least.calls.total.value).toBe(1)
    expect(list.most.concurrency.value).toBeNull()
    expect(list.unbounded).toContainEqual({ path: "each", figure: "calls" })
    expect(list.unbounded).toContainEqual({ path: "each", figure: "concurrency" })
    const chosen = cost(
      a.andThen(
        F.identity()
          .flatMap(() => b)
          .id("next"),
      ),
    )
    expect(chosen.most.calls).toEqual({
      total: { value: null, kind: "bound" },
      byAgent: { a: { value: null, kind: "bound" } },
    })
    expect(chosen.unbounded).toContainEqual({ path: "next", figure: "calls" })
  })

  it("of a list take the length that the input's schema tells", () => {
    const input = { type: "array", items: { type: "array", maxItems: 2 }, minItems: 2, maxItems: 3 }
    const { least, most } = cost(each(each(a)), { input })
    expect([least.calls.total.value, most.calls.total.value]).toEqual([0, 6])
  })

  it("of a list in a loop are not known by what the first turn gets", () => {
    const flow = F.pure(["x"]).andThen(F.loop(each(a) as never, { max: 2 }))
    expect(cost(flow).most.calls.total.value).toBeNull()
  })

  it("of a list where types clash are not known", () => {
    const flow = F.pure(["x"])
      .andThen(each(a))
      .andThen(ask("n", { input: { type: "number" } }))
    expect(cost(flow).most.calls.byAgent["a"]?.value).toBeNull()
  })

  it("say nothing of a flow that cannot succeed but 0", () => {
    expect(calls(a.andThen(F.fail({ code: "x", message: "x" })))).toEqual([0, 1])
  })

  it("of an agent called like an inherited name are counted", () => {
    const { most } = cost(ask("__proto__").andThen(ask("constructor")))
    expect(Object.entries(most.calls.byAgent).map(([name, { value }]) => [name, value])).toEqual([
      ["__proto__", 1],
      ["constructor", 1],
    ])
  })

  it("refuse a flow with a free name", () => {
    expect(() => cost(of({ _tag: "Pure", code: { _tag: "Name", name: "x" } }))).toThrow(/x is not bound/)
  })
})
