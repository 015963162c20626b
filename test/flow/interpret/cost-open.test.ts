import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, nested, of } from "./parts.js"

const a = ask("a")
const capped = ask("capped", { caps: { requests: 1, tokens: 10, usd: 1, latency: 5 } })
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const turns: F.Param = { _tag: "Param", name: "turns" }
const endless = (body: Any): Any => F.loop(body as never, { max: turns })
const waits = (name: string): Any => F.suspend(name, { type: "boolean" })

/** Where a figure is open, and by which agent. */
const open = (flow: Any, name: string): string[] =>
  cost(flow).unbounded.flatMap(({ path, agent, figure }) => (figure === name ? [agent ?? `at ${path}`] : []))

describe("what leaves a figure open", () => {
  it.each<[string, Any, string, string[]]>([
    ["each place", waits("x").andThen(waits("y")), "latency", ["at 0", "at 1"]],
    ["an agent once, and each place", F.zip(a, waits("x"), a, waits("y")), "latency", ["a", "at 1", "at 3"]],
    [
      "the list of any length that asks, not the one that does not",
      each(each(F.pure(1))).andThen(each(a)),
      "calls",
      ["at 1"],
    ],
    [
      "the turns that take time, not those that take none",
      endless(F.pure(1)).andThen(endless(capped)),
      "latency",
      ["at 1"],
    ],
    ["the rounds of a list", F.pure(0).andThen(each(capped, { concurrency: 2 })), "latency", ["at 1"]],
    ["a list whose elements start together", F.pure(0).andThen(each(capped)), "latency", []],
    ["and run together", F.pure(0).andThen(each(capped)), "concurrency", ["at 1"]],
    ["turns that run one at a time", F.pure(0).andThen(endless(capped)), "concurrency", []],
    [
      "turns with side flows that may all go on",
      F.pure(0).andThen(endless(F.pure(1).notify(a))),
      "concurrency",
      ["at 1"],
    ],
    ["turns", F.pure(0).andThen(endless(capped)), "calls", ["at 1"]],
    ["turns, of model calls", F.pure(0).andThen(endless(capped)), "requests", ["at 1"]],
    ["turns, of tokens", F.pure(0).andThen(endless(capped)), "tokens", ["at 1"]],
    ["turns, of money", F.pure(0).andThen(endless(capped)), "usd", ["at 1"]],
    ["tries and the waits between them, once", F.pure(0).andThen(capped.retry({ times: turns })), "latency", ["at 1"]],
  ])("%s", (_, flow, figure, wanted) => expect(open(flow, figure)).toEqual(wanted))

  it("is an agent once, however deep it is, and a place however long its path is", () => {
    const deep = nested(600, each(a).andThen(a).andThen(waits("x")), (inner) => F.zip(inner, F.pure(0)))
    const { unbounded } = cost(deep)
    const latency = unbounded.filter(({ figure }) => figure === "latency")
    expect(latency.map(({ agent, path }) => [agent, path.length > 1_000])).toEqual([
      ["a", true],
      [undefined, true],
    ])
    expect(unbounded.filter(({ figure }) => figure === "calls").map(({ path }) => path.length > 1_000)).toEqual([true])
  })

  it("is not told where what is open does not matter: a flow that certainly fails needs no rate", () => {
    const flow = a.andThen(F.fail({ code: "no", message: "no" }))
    const { success, unbounded } = cost(flow, { estimates: { b: { failure: 0.5 } } })
    expect(success?.value).toBe(0)
    expect(unbounded.filter(({ figure }) => figure === "success")).toEqual([])
  })
})

describe("the longest way", () => {
  const steps = (flow: Any, options: F.CostOptions = {}): (string | number | null)[][] =>
    cost(flow, options).criticalPath.map(({ kind, path, times, latency }) => [kind, path, times, latency])

  it.each<[string, Any, (string | number | null)[][]]>([
    ["has no step that takes no time", F.sleep(0).andThen(F.sleep(3)).andThen(F.pure(1)), [["wait", "1", 1, 3]]],
    ["has none where nothing takes time", F.sleep(0).andThen(F.pure(1)), []],
    ["has none in a list that is empty", F.pure([]).andThen(each(capped)).andThen(F.sleep(2)), [["wait", "2", 1, 2]]],
    [
      "multiplies what is in turns",
      F.loop(F.loop(capped as never, { max: 2 }) as never, { max: 3 }),
      [["ask", "", 6, 30]],
    ],
    ["says where there is no end", F.pure(0).andThen(endless(capped)), [["ask", "1", null, null]]],
    ["says a flow is not known", F.pure(0).andThen(F.identity().flatMap(() => a)), [["unknown", "1", 1, null]]],
    ["ends at a deadline", waits("x").timeout(9), [["deadline", "", 1, 9]]],
    ["does not name a deadline that comes later", capped.timeout(9), [["ask", "", 1, 5]]],
    ["nor one that comes at that moment", capped.timeout(5), [["ask", "", 1, 5]]],
    ["of members of one length is the first", F.zip(F.sleep(3), F.sleep(3)), [["wait", "0", 1, 3]]],
  ])("%s", (_, flow, wanted) => expect(steps(flow)).toEqual(wanted))

  it("of what never runs is empty, and it asks nobody", () => {
    const never = cost(F.pure(0).andThen(endless(capped)), { params: { turns: 0 } })
    expect([never.criticalPath, never.most.latency.value, never.most.calls.total.value]).toEqual([[], 0, 0])
  })
})
