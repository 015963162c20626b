import { describe, expect, it } from "vitest"
import { agent, atLeast, continueWith, done, letIn, lift, loop, pure, race, zip } from "../../src/flow/index.js"
import { stage, to, valueOf } from "./recording.js"

const increment = (n: unknown): number => Number(n) + 1

describe("what is synchronous", () => {
  it("settles before run returns: no promise, no turn of the event loop", () => {
    const { start } = stage()
    const all = zip(pure(1), lift(increment), race(lift(increment), pure(0))).map(([a, b, c]) => a + b + c)
    const body = lift((n: number) => (n < 100 ? continueWith(n + 1) : done(n)))
    const whole = letIn("x", all.andThen(loop(body, { max: 200 })), (x) => zip(x, atLeast(1, [x, x])))
    expect(valueOf(start(whole, 1)())).toMatchObject([100, { succeeded: [{ value: 100 }, { value: 100 }] }])
  })

  it("asks agents that answer at once without a promise", () => {
    const { start, asked } = stage({ twice: () => (n) => Number(n) * 2 })
    expect(valueOf(start(to("twice").andThen(to("twice")).id("s"), 3)())).toBe(12)
    expect(asked).toEqual(["0", "1"])
  })
})

it("an agent is asked where a deep member is synchronous, only after it", () => {
  const { start, asked } = stage()
  const late = agent<unknown, unknown>({ _tag: "AgentRef", name: "b" })
  let first = to("a")
  for (let i = 0; i < 5_000; i++) first = first.recover(() => 0)
  expect(valueOf(start(race(first, late), 1)())).toBe(1)
  expect(asked).toEqual(["0"])
})
