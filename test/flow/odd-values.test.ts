import { describe, expect, it } from "vitest"
import { type AnyFlow, call, type done, identity, lift, loop, pure, split, traverse } from "../../src/flow/index.js"
import { faultOf, stage, valueOf } from "./recording.js"

const error = new Error("the getter broke")
const getter = (at: object, key: string | number): object =>
  Object.defineProperty(at, key, {
    get() {
      throw error
    },
  })

describe("a value whose getter throws is a fault of the flow, not a defect", () => {
  it.each<[string, AnyFlow, string]>([
    ["the value of a turn", loop(lift(() => getter({ _tag: "Done" }, "value") as ReturnType<typeof done>)), "#0"],
    ["the tag of a turn", loop(lift(() => getter({ value: 1 }, "_tag") as ReturnType<typeof done>)), "#0"],
    ["an element", lift(() => getter([1, 2], 1) as number[]).andThen(traverse(identity<number>())), "1"],
    ["a part", lift(() => getter([1, 2], 0) as [number, number]).andThen(split(pure(1), pure(2))), "1/0"],
  ])("%s", async (_what, flow, path) => {
    const { run } = stage()
    expect(faultOf(await run(flow))).toMatchObject({ _tag: "FunctionFailed", path, cause: error, retry: "no" })
    expect(valueOf(await run(flow.attempt()))).toMatchObject({ ok: false })
  })
})

it("a chosen flow that calls a flow nobody knows is refused in those words", async () => {
  const fault = faultOf(await stage().run(identity().flatMap(() => call("nobody"))))
  expect(fault).toMatchObject({ _tag: "FunctionFailed", path: "" })
  expect(fault.message).toMatch(/calls? .*nobody/)
  expect(fault.message).not.toContain("twice")
})
