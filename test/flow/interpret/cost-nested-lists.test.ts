import { expect, it } from "vitest"
import { flow } from "../../../src/flow/build.js"
import { cost, suspend } from "../../../src/flow/index.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"

it("lists within lists, 50,000 deep and each a step of a sequence, have a price", () => {
  const wrapped = make.pure({ _tag: "Fn", name: undefined, run: Array.of })
  let node: Node = suspend("answer", true).node
  for (let i = 0; i < 50_000; i++) node = make.traverse(make.seq([wrapped, node]), {})
  const { most, unbounded } = cost(flow(node))
  expect(most.calls.total.value).toBe(0)
  expect(most.latency.value).toBeNull()
  expect(unbounded.length).toBeGreaterThan(0)
})
