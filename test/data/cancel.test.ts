import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Cancel } from "../../src/data/cancel.js"

describe("a token", () => {
  it("calls its listeners once, in order, with the reason", () => {
    const told: unknown[] = []
    const token = new Cancel()
    token.onCancel((reason) => told.push(["first", reason]))
    const off = token.onCancel(() => told.push("taken off"))
    token.onCancel(() => told.push("last"))
    off()
    off()
    token.cancel("why")
    token.cancel("again")
    expect(told).toEqual([["first", "why"], "last"])
    expect([token.cancelled, token.reason]).toEqual([true, "why"])
  })

  it("calls the others when one throws, and throws that at the end", () => {
    const parent = new Cancel()
    const told: string[] = []
    parent.onCancel(() => {
      throw new Error("first")
    })
    new Cancel(parent).onCancel(() => told.push("below"))
    parent.onCancel(() => {
      throw new Error("second")
    })
    parent.onCancel(() => told.push("last"))
    expect(() => parent.cancel("why")).toThrow("first")
    expect(told).toEqual(["below", "last"])
  })

  it("calls at once who comes late", () => {
    const token = new Cancel()
    token.cancel(1)
    let told: unknown
    token.onCancel((reason) => {
      told = reason
    })
    expect(told).toBe(1)
    expect(new Cancel(token).reason).toBe(1)
  })

  it("does not call a listener that another one takes off meanwhile", () => {
    const token = new Cancel()
    let told = false
    let off = (): void => undefined
    token.onCancel(() => off())
    off = token.onCancel(() => {
      told = true
    })
    token.cancel("x")
    expect(told).toBe(false)
  })

  it("gives a signal that is made on demand and follows", () => {
    const token = new Cancel()
    const { signal } = new Cancel(token)
    expect(signal.aborted).toBe(false)
    token.cancel("why")
    expect([signal.aborted, signal.reason]).toEqual([true, "why"])
    const other = new Cancel(token)
    expect([other.signal.aborted, other.signal.reason]).toEqual([true, "why"])
  })
})

describe("tokens below tokens", () => {
  it("are cancelled with those above, never the other way round", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), fc.nat(), (parents, at) => {
        const tokens = [new Cancel()]
        const above: number[] = [-1]
        for (const parent of parents) {
          above.push(parent % tokens.length)
          tokens.push(new Cancel(tokens[parent % tokens.length]))
        }
        const chosen = at % tokens.length
        tokens[chosen]?.cancel("x")
        const below = (i: number): boolean => i === chosen || (i > 0 && below(above[i] ?? 0))
        expect(tokens.map(({ cancelled }) => cancelled)).toEqual(tokens.map((_, i) => below(i)))
      }),
    ))

  it("are let go by release", () => {
    const parent = new Cancel()
    const child = new Cancel(parent)
    child.release()
    parent.cancel("x")
    expect(child.cancelled).toBe(false)
  })

  it("nest 100,000 deep", () => {
    const top = new Cancel()
    let last = top
    for (let i = 0; i < 100_000; i++) last = new Cancel(last)
    top.cancel("deep")
    expect(last.reason).toBe("deep")
  })

  it("are told depth first, in the order in which they were added", () => {
    const told: string[] = []
    const top = new Cancel()
    const child = new Cancel(top)
    top.onCancel(() => told.push("after the child"))
    child.onCancel(() => told.push("child"))
    top.cancel("x")
    expect(told).toEqual(["child", "after the child"])
  })
})
