import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { allForOne, type Directive, oneForOne } from "troupe/actor"
import { noRestarts, type Restarts, standardStrategy, supervise } from "../../src/actor/supervision.js"

/** The directives for failures at these instants. */
const directives = (strategy: Parameters<typeof supervise>[0], instants: readonly number[]): readonly Directive[] => {
  let restarts: Restarts = noRestarts
  return instants.map((at) => {
    const step = supervise(strategy, restarts, "error", at)
    restarts = step.restarts
    return step.directive
  })
}

describe("supervise", () => {
  it("restarts 3 times in 60 seconds by default, and then stops", () => {
    expect(standardStrategy).toMatchObject({ concerns: "one", maxRestarts: 3, within: 60_000 })
    expect(directives(standardStrategy, [0, 1, 2, 3])).toEqual(["restart", "restart", "restart", "stop"])
  })

  it("lets a restart go out of the window exactly when the window has passed", () => {
    const strategy = allForOne({ maxRestarts: 1, within: 100 })
    expect(directives(strategy, [0, 99])).toEqual(["restart", "stop"])
    expect(directives(strategy, [0, 100])).toEqual(["restart", "restart"])
    expect(directives(strategy, [0, 100, 199])).toEqual(["restart", "restart", "stop"])
  })

  it("never restarts at all with maxRestarts 0", () => {
    expect(directives(oneForOne({ maxRestarts: 0 }), [0, 1_000_000])).toEqual(["stop", "stop"])
  })

  it("counts only restarts", () => {
    const strategy = oneForOne({ maxRestarts: 1, decide: (error) => (error === "small" ? "resume" : "restart") })
    let restarts: Restarts = noRestarts
    const decided = ["small", "small", "big", "small", "big"].map((error, at) => {
      const step = supervise(strategy, restarts, error, at)
      restarts = step.restarts
      return step.directive
    })
    expect(decided).toEqual(["resume", "resume", "restart", "resume", "stop"])
  })

  it("never has more restarts in any window than allowed", () =>
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.nat(40), { maxLength: 60 }),
        (maxRestarts, within, gaps) => {
          let at = 0
          const instants = gaps.map((gap) => (at += gap))
          const strategy = oneForOne({ maxRestarts, within })
          const decided = directives(strategy, instants)
          const restarted = instants.filter((_, i) => decided[i] === "restart")
          for (const [i, start] of instants.entries()) {
            const inWindow = restarted.filter((then) => then > start - within && then <= start).length
            expect(inWindow).toBeLessThanOrEqual(maxRestarts)
            if (decided[i] === "stop") expect(inWindow).toBe(maxRestarts)
          }
        },
      ),
    ))

  it("waits longer for each restart that still counts, up to a limit", () => {
    const strategy = oneForOne({ maxRestarts: 10, within: 1_000, backoff: { first: 10, most: 50 } })
    let restarts: Restarts = noRestarts
    const delays = [0, 1, 2, 3, 4, 5_000].map((at) => {
      const step = supervise(strategy, restarts, "error", at)
      restarts = step.restarts
      return step.delay
    })
    expect(delays).toEqual([10, 20, 40, 50, 50, 10])
    expect(supervise(oneForOne({ backoff: { first: 10, factor: 3 } }), [0, 0], "error", 1).delay).toBe(90)
    expect(supervise(oneForOne(), noRestarts, "error", 1).delay).toBe(0)
  })

  it("changes nothing that it was given", () => {
    const restarts = Object.freeze([1, 2])
    supervise(oneForOne(), restarts, "error", 3)
    expect(restarts).toEqual([1, 2])
  })
})
