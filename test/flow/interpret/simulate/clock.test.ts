import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { SimulatedClock } from "../../../../src/flow/interpret/simulate/clock.js"

describe("the clock of a simulation", () => {
  it("fires in order of time, then of start, and not what was stopped", () =>
    fc.assert(
      fc.property(fc.array(fc.record({ ms: fc.nat(20), stopped: fc.boolean() }), { maxLength: 60 }), (timers) => {
        const clock = new SimulatedClock(() => 0)
        const fired: [number, number][] = []
        const stops = timers.map(({ ms }, i) => clock.after(ms, () => fired.push([clock.now(), i])))
        for (const [i, { stopped }] of timers.entries()) if (stopped) stops[i]?.()
        while (clock.step() === "went on");
        const expected = timers.flatMap(({ ms, stopped }, i): [number, number][] => (stopped ? [] : [[ms, i]]))
        expect(fired).toEqual(expected.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]))
      }),
    ))

  it("settles an instant once all that is due at it has happened", () => {
    const clock = new SimulatedClock(() => 0)
    const seen: string[] = []
    clock.after(5, () => {
      clock.settled(() => seen.push(`settled at ${clock.now()}`))
      clock.after(0, () => seen.push("the same instant"))
    })
    clock.after(5, () => seen.push("another"))
    clock.after(6, () => seen.push("later"))
    while (clock.step() === "went on");
    expect(seen).toEqual(["another", "the same instant", "settled at 5", "later"])
  })

  it("stands still while work gives way", () => {
    const clock = new SimulatedClock(() => 0)
    const seen: string[] = []
    clock.after(1, () => seen.push("timer"))
    clock.yield(() => seen.push("work"))
    expect(clock.step()).toBe("gives way")
    clock.resume()
    while (clock.step() === "went on");
    expect([seen, clock.step(), clock.now()]).toEqual([["work", "timer"], "nothing", 1])
  })
})
