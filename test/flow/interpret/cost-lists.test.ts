import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, nested, of } from "./parts.js"

const a = ask("a")
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const eachA = each(a)
const list = (length: number): Any => F.pure(Array.from({ length }, (_, i) => i))
/** The fewest and the most asks of `a`. */
const asks = (flow: Any, options?: F.CostOptions): (number | null)[] => {
  const { least, most } = cost(flow, options)
  return [least, most].map(({ calls }) => calls.byAgent["a"]?.value ?? null)
}
/** Up to three turns, of which any may be the last. */
const turns = (body: Any): Any =>
  of(make.loop(make.until(body.node, { _tag: "Fn", name: "enough", run: () => true }), 3))
const text = { type: "string" }
const lists = (name: string, size: object): Any => ask(name, { output: { type: "array", items: text, ...size } })

describe("how long a list is", () => {
  it.each<[string, Any, (number | null)[]]>([
    ["of three", list(3).andThen(eachA), [3, 3]],
    ["of mixed types", F.pure([1, "x", null, { y: [2] }]).andThen(eachA), [4, 4]],
    ["of so many that their types are not listed", list(500).andThen(eachA), [500, 500]],
    [
      "of what a list of lists holds",
      F.pure([
        [1, 2],
        [3, 4, 5],
      ]).andThen(each(eachA)),
      [4, 6],
    ],
    ["of each place where the same flow stands", F.zip(list(2).andThen(eachA), list(5).andThen(eachA)), [7, 7]],
    ["that an agent makes", lists("l", { minItems: 2, maxItems: 4 }).andThen(eachA), [2, 4]],
    ["that an agent makes without an end", lists("l", { minItems: 2 }).andThen(eachA), [2, null]],
    [
      "that is chosen",
      F.pure(true)
        .branchOn((x) => x, list(2), list(5))
        .andThen(eachA),
      [2, 5],
    ],
    ["of a text, which is no list, is not known", F.pure("text").andThen(eachA), [0, null]],
    ["that is never reached", F.fail({ code: "no", message: "no" }).andThen(eachA), [0, null]],
    ["in turns, of a list made in each", turns(list(2).andThen(eachA)), [2, 6]],
    ["in turns, of members", turns(F.zip(F.identity(), F.identity()).andThen(eachA)), [2, 6]],
    ["in turns, of what the turn before gave, is not known", list(2).andThen(turns(eachA)), [0, null]],
    ["after turns is not known", F.loop(list(2) as never, { max: 3 }).andThen(eachA), [0, null]],
    ["of a quorum that asks for more", list(1).andThen(each(a, { atLeast: 2 })), [0, 1]],
  ])("%s", (_, flow, wanted) => expect(asks(flow)).toEqual(wanted))

  it("of no elements asks nobody: the agent is not among those that are asked", () => {
    const { most } = cost(F.pure([]).andThen(eachA))
    expect(most.calls).toEqual({ total: { value: 0, kind: "bound" }, byAgent: {} })
  })

  it("is known where types give cause for a warning alone, and not where they clash", () => {
    const picks = ask("picks", { input: { type: "object", properties: { x: text } }, output: text })
    const optional = ask("gives", { output: { type: "object", properties: { x: text }, required: ["x"] } })
    expect(asks(optional.andThen(picks).andThen(list(3)).andThen(eachA))).toEqual([3, 3])
    expect(
      asks(
        optional
          .andThen(lists("l", {}))
          .andThen(ask("n", { input: { type: "number" } }))
          .andThen(list(3))
          .andThen(eachA),
      ),
    ).toEqual([0, null])
  })

  it("of one flow at places of endless paths is the widest of them", () => {
    const flow = nested(600, F.zip(list(2).andThen(eachA), list(5).andThen(eachA)), (inner) => F.zip(inner, F.pure(0)))
    expect(asks(flow)).toEqual([4, 10])
    expect(
      asks(nested(600, F.zip(list(5).andThen(eachA), list(2).andThen(eachA)), (x) => F.zip(x, F.pure(0)))),
    ).toEqual([4, 10])
  })
})
