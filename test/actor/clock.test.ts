import { describe, expect, it, vi } from "vitest"
import { systemClock } from "troupe/actor"

describe("systemClock", () => {
  it("tells the machine's time", async () => {
    const [now, elapsed] = [systemClock.now(), systemClock.elapsed()]
    expect(Math.abs(now - Date.now())).toBeLessThan(1_000)
    await new Promise<void>((resolve) => systemClock.after(2, resolve))
    expect(systemClock.elapsed()).toBeGreaterThan(elapsed)
  })

  it("fires once, in a later turn, unless cancelled", async () => {
    const log: string[] = []
    const cancel = systemClock.after(0, () => log.push("cancelled"))
    systemClock.yield(() => log.push("yielded"))
    log.push("now")
    cancel()
    await new Promise<void>((resolve) => systemClock.after(5, resolve))
    expect(log).toEqual(["now", "yielded"])
  })

  it("waits longer than the machine's timers can", () => {
    vi.useFakeTimers()
    try {
      let fired = 0
      const month = 30 * 86_400_000
      systemClock.after(month, () => fired++)
      const cancel = systemClock.after(month, () => fired++)
      vi.advanceTimersByTime(month - 1)
      expect(fired).toBe(0)
      cancel()
      vi.advanceTimersByTime(1)
      expect(fired).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })
})
