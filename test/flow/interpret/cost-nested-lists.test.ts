import { expect, it } from "vitest"
import { cost, type Flow, lift, suspend, traverse } from "../../../src/flow/index.js"

it("lists within lists, 50,000 deep and each a step of a sequence, have a price", () => {
  let flow: Flow<unknown, unknown> = suspend("answer", true)
  for (let i = 0; i < 50_000; i++) flow = traverse(lift(Array.of).andThen(flow)) as Flow<never, unknown[]>
  const { most, unbounded } = cost(flow)
  expect(most.calls.total.value).toBe(0)
  expect(most.latency.value).toBeNull()
  expect(unbounded.length).toBeGreaterThan(0)
})
