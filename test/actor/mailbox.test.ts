import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bounded, memory, type WhenFull } from "troupe/actor"

const policies: readonly WhenFull[] = ["block", "dropNew", "dropOldest", "fail"]

describe("mailbox", () => {
  it("in memory is first in, first out, whatever is put in", () =>
    fc.assert(
      fc.property(fc.array(fc.option(fc.anything(), { nil: undefined }), { maxLength: 300 }), (commands) => {
        const mailbox = memory<unknown>(() => {})
        const model: unknown[] = []
        for (const [i, command] of commands.entries()) {
          if (i % 3 === 2 && mailbox.size > 0) expect(mailbox.take()).toBe(model.shift())
          else {
            mailbox.offer(command, false)
            model.push(command)
          }
          expect(mailbox.size).toBe(model.length)
        }
        expect(mailbox.drain()).toEqual(model)
        expect(mailbox.size).toBe(0)
      }),
    ))

  it("in memory stays first in, first out beyond what it keeps of the past", () => {
    const mailbox = memory<number>(() => {})
    let taken = 0
    for (let i = 0; i < 10_000; i++) {
      mailbox.offer(i, false)
      if (i % 2 === 1) expect(mailbox.take()).toBe(taken++)
    }
    expect(mailbox.drain()).toEqual(Array.from({ length: 5_000 }, (_, i) => taken + i))
  })

  it("bounded: taken + dropped + refused = offered, never over capacity, in order", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...policies),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.constantFrom("tell", "ask", "take"), { maxLength: 80 }),
        async (policy, capacity, commands) => {
          const mailbox = bounded(capacity, policy)<number>(() => {})
          const taken: number[] = []
          const lost: number[] = []
          const waiting: Array<Promise<void>> = []
          let offered = 0
          for (const command of commands) {
            if (command === "take") {
              if (mailbox.size > 0) taken.push(mailbox.take())
            } else {
              const n = offered++
              const result = mailbox.offer(n, command === "ask")
              if (result.is === "refused") lost.push(n)
              if (result.is === "dropped") lost.push(result.entry)
              if (result.is === "waiting") waiting.push(result.queued)
            }
            expect(mailbox.size).toBeLessThanOrEqual(capacity)
          }
          taken.push(...mailbox.drain())
          await Promise.all(waiting)
          expect(taken).toEqual([...taken].sort((a, b) => a - b))
          expect([...taken, ...lost].sort((a, b) => a - b)).toEqual(Array.from({ length: offered }, (_, i) => i))
          if (policy !== "block") expect(waiting).toEqual([])
        },
      ),
    ))

  it("refuses a capacity that is none", () => {
    for (const capacity of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => bounded(capacity, "block")).toThrow(RangeError)
    }
  })
})
