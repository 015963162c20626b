import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

describe("virtualClock", () => {
  it("stands still until told", async () => {
    const clock = virtualClock(1_000)
    let rang = 0
    clock.after(10, () => rang++)
    await clock.settle()
    expect([clock.now(), clock.elapsed(), rang, clock.pending]).toEqual([1_000, 1_000, 0, 1])
    await clock.advance(9)
    expect([clock.now(), rang]).toEqual([1_009, 0])
    await clock.advance(1)
    expect([clock.now(), rang, clock.pending]).toEqual([1_010, 1, 0])
  })

  it("fires what falls due by instant, then by order of start, each at its instant", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 20 }), fc.array(fc.nat(9)), async (waits, steps) => {
        const clock = virtualClock()
        const fired: Array<readonly [number, number]> = []
        waits.forEach((ms, i) => clock.after(ms, () => fired.push([clock.now(), i])))
        for (const step of steps) await clock.advance(step)
        const end = clock.now()
        expect(end).toBe(steps.reduce((a, b) => a + b, 0))
        const due = waits.map((ms, i) => [ms, i] as const).filter(([ms]) => ms <= end)
        // A timer of 0 ms fires only when time is told to move, if only by nothing.
        const expected = steps.length === 0 ? [] : due.sort(([a, i], [b, j]) => a - b || i - j)
        expect(fired).toEqual(expected)
      }),
      times(50),
    ))

  it("lets promises settle between timers, so that what they start falls due in the same advance", async () => {
    const clock = virtualClock()
    const log: string[] = []
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))
    const walk = async (name: string, ms: number): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await sleep(ms)
        log.push(`${name}${clock.now()}`)
      }
    }
    const walks = Promise.all([walk("a", 10), walk("b", 15)])
    await clock.advance(45)
    await walks
    expect(log).toEqual(["a10", "b15", "a20", "b30", "a30", "b45"])
  })

  it("does not fire what was cancelled", async () => {
    const clock = virtualClock()
    const log: string[] = []
    const second = clock.after(10, () => log.push("second"))
    clock.after(5, () => {
      log.push("first")
      second()
      second()
    })
    await clock.advance(20)
    expect(log).toEqual(["first"])
  })

  it("settles what yields the event loop", async () => {
    const clock = virtualClock()
    let turns = 0
    const again = (): void => {
      turns++
      if (turns < 5) clock.yield(again)
    }
    clock.yield(again)
    await clock.settle()
    expect(turns).toBe(5)
  })
})
