import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bounded, type Mailbox, memory, type WhenFull } from "troupe/actor"
import {
  type Admission,
  admit,
  type Bound,
  depart,
  type Departure,
  type Held,
  heldAfter,
  queuedOf,
} from "../../src/actor/admission.js"

const policies: readonly WhenFull[] = ["block", "dropNew", "dropOldest", "fail"]
const bound: fc.Arbitrary<Bound> = fc.record({
  capacity: fc.integer({ min: 1, max: 5 }),
  whenFull: fc.constantFrom(...policies),
})
const walk = fc.array(fc.constantFrom("tell", "ask", "take"), { maxLength: 80 })

describe("the steps of a mailbox", () => {
  it("follow this table", () => {
    const full: Readonly<Record<WhenFull, Admission>> = {
      block: "wait",
      dropNew: "drop",
      dropOldest: "displace",
      fail: "refuse",
    }
    for (const whenFull of policies) {
      const given = { capacity: 2, whenFull }
      const steps = (asked: boolean) => [0, 1, 2, 3].map((held) => admit(given, held, asked))
      expect(steps(false), whenFull).toEqual(["queue", "queue", full[whenFull], full[whenFull]])
      expect(steps(true), whenFull).toEqual(["queue", "queue", "refuse", "refuse"])
      expect([1, 2, 3, 4].map((held) => depart(given, held))).toEqual([
        "give",
        "give",
        "admit the next",
        "admit the next",
      ])
      expect([0, 1, 2, 3].map((held) => queuedOf(given, held))).toEqual([0, 1, 2, 2])
    }
    const effects = ["queue", "wait", "displace", "drop", "refuse", "give", "admit the next"] as const
    expect(effects.map((what) => heldAfter(7, what) - 7)).toEqual([1, 1, 0, 0, 0, -1, -1])
  })

  it("never queue more than there is room for, let only `block` wait, and lose count of nothing", () =>
    fc.assert(
      fc.property(bound, walk, (given, commands) => {
        let held: Held = 0
        const done: Partial<Record<Admission | Departure, number>> = {}
        for (const command of commands) {
          if (command === "take" && held === 0) continue
          const what = command === "take" ? depart(given, held) : admit(given, held, command === "ask")
          held = heldAfter(held, what)
          done[what] = (done[what] ?? 0) + 1
          expect(queuedOf(given, held)).toBeLessThanOrEqual(given.capacity)
          if (given.whenFull !== "block") expect(held).toBe(queuedOf(given, held))
        }
        const count = (...of: (Admission | Departure)[]): number => of.reduce((sum, each) => sum + (done[each] ?? 0), 0)
        // What came in has been given out, or was displaced by another, or is still held.
        const left = count("give", "admit the next")
        expect(count("queue", "wait", "displace")).toBe(left + count("displace") + held)
        // Who waits is queued when another is taken, in turn.
        expect(count("wait") - count("admit the next")).toBe(held - queuedOf(given, held))
      }),
    ))

  it("are what the mailbox does: no more, no less", () =>
    fc.assert(
      fc.asyncProperty(bound, walk, async (given, commands) => {
        const mailbox = bounded(given.capacity, given.whenFull)<number>(() => {})
        await follows(given, mailbox, commands)
      }),
    ))

  it("with a room that never ends are what the mailbox in memory does", () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...policies), walk, async (whenFull, commands) => {
        await follows({ capacity: Number.POSITIVE_INFINITY, whenFull }, memory<number>(), commands)
      }),
    ))
})

/** Does the same with a mailbox and with a list that the steps are taken on, and compares. */
async function follows(given: Bound, mailbox: Mailbox<number>, commands: readonly string[]): Promise<void> {
  let held: Held = 0
  const list: number[] = []
  const [waited, released]: [number[], number[]] = [[], []]
  for (const [n, command] of commands.entries()) {
    if (command === "take") {
      if (held === 0) continue
      held = heldAfter(held, depart(given, held))
      expect(mailbox.take()).toBe(list.shift())
    } else {
      const admission = admit(given, held, command === "ask")
      held = heldAfter(held, admission)
      if (admission !== "refuse" && admission !== "drop") list.push(n)
      const offered = mailbox.offer(n, command === "ask")
      if (admission === "wait") waited.push(n)
      if (offered.is === "waiting") void offered.queued.then(() => released.push(n))
      const dropped = admission === "drop" ? n : admission === "displace" ? list.shift() : undefined
      const is = { queue: "queued", wait: "waiting", displace: "dropped", drop: "dropped", refuse: "refused" }[
        admission
      ]
      expect(offered).toMatchObject(dropped === undefined ? { is } : { is, entry: dropped })
    }
    expect(mailbox.size).toBe(queuedOf(given, held))
    // Whoever waited for room has been told, in order, and nobody else.
    await Promise.resolve()
    const waiting = list.slice(queuedOf(given, held))
    expect(released).toEqual(waited.filter((each) => !waiting.includes(each)))
  }
  expect(mailbox.drain()).toEqual(list)
  expect(mailbox.size).toBe(0)
}
