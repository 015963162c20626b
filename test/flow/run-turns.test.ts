import { describe, expect, it } from "vitest"
import type { Clock } from "../../src/data/clock.js"
import { flow } from "../../src/flow/build.js"
import {
  type Continue,
  continueWith,
  type Done,
  done,
  fail,
  type Flow,
  lift,
  loop,
  pure,
  race,
  traverse,
  zip,
} from "../../src/flow/index.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import * as make from "../../src/flow/make.js"
import { valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
const increment = (n: unknown): number => Number(n) + 1
const long = 100_000

/** A clock on which each look takes a while, and that counts the turns it gives to the event loop. */
function countingClock(perLook: number): Clock & { readonly turns: () => number; readonly looks: () => number } {
  let elapsed = 0
  let turns = 0
  let looks = 0
  const waiting: (() => void)[] = []
  let pumping = false
  const pump = (): void => {
    if (pumping) return
    pumping = true
    queueMicrotask(() => {
      pumping = false
      for (const next of waiting.splice(0)) next()
    })
  }
  return {
    now: () => 0,
    after: () => () => undefined,
    elapsed: () => {
      looks++
      elapsed += perLook
      return elapsed
    },
    yield(resume) {
      turns++
      waiting.push(resume)
      pump()
    },
    turns: () => turns,
    looks: () => looks,
  }
}

describe("the event loop gets its turn", () => {
  const run = (whole: Any, clock: Clock): Promise<unknown> =>
    new Promise((resolve) => {
      execute(whole, 0, { clock, random: () => 0, ask: () => ({ value: 0 }) }, { runId: "r" }, (ended) =>
        resolve(valueOf(ended)),
      )
    })
  const turnOf = (max: number): Flow<unknown, Continue<unknown> | Done<unknown>> =>
    lift((n: unknown) => (increment(n) < max ? continueWith(increment(n)) : done(increment(n))))
  const once = lift((n: unknown) => continueWith(increment(n)))
  let small: Any = lift(increment)
  for (let i = 0; i < 17; i++)
    small = loop(
      small.map((n) => continueWith(n)),
      { max: 2, exhausted: "last" },
    )
  let pairs: Any = lift(increment)
  for (let i = 0; i < 16; i++) pairs = zip(pairs, pairs).map(([a]) => a)

  it.each([
    ["a loop of 2,000,000 turns", loop(turnOf(2_000_000), { max: 3_000_000 }), 2_000_000],
    ["loops of two turns in loops of two turns", small, 2 ** 17],
    ["pairs of pairs", pairs, 2 ** 16],
    ["a long sequence", flow(make.seq(Array.from({ length: long }, () => lift(increment).node))), long],
    [
      "a loop around a sequence",
      loop(flow<unknown, ReturnType<typeof continueWith>>(make.seq([once.node])), { max: 50_000, exhausted: "last" }),
      50_000,
    ],
    [
      "the elements of a list",
      lift(() => Array.from({ length: long }, () => 1)).andThen(traverse(lift(increment))),
      long,
    ],
    ["members of one zip", zip(...Array.from({ length: 20_000 }, () => lift(increment))), 20_000],
    [
      "tries",
      fail({ code: "no", message: "no", retry: true })
        .retry({ times: 50_000, base: 0 })
        .recover(() => 0),
      50_000,
    ],
  ])("%s", async (_, whole, units) => {
    const clock = countingClock(0.5)
    await run(whole, clock)
    // Half a millisecond for at most 64 steps: every 16 looks the loop must have had a turn.
    expect(clock.looks()).toBeGreaterThan(units / 64 / 2)
    expect(clock.turns()).toBeGreaterThanOrEqual(Math.floor(clock.looks() / 24))
  })

  it("soon, where each step is slow", async () => {
    let now = 0
    let turns = 0
    let longest = 0
    let since = 0
    const clock: Clock = {
      now: () => 0,
      after: () => () => undefined,
      elapsed: () => now,
      yield(resume) {
        turns++
        longest = Math.max(longest, now - since)
        queueMicrotask(() => {
          since = now
          resume()
        })
      },
    }
    const slow = lift((n: unknown) => {
      now += 3
      return continueWith(increment(n))
    })
    await run(loop(slow, { max: 10, exhausted: "last" }), clock)
    expect(turns).toBeGreaterThanOrEqual(2)
    expect(longest).toBeLessThanOrEqual(12)
  })

  it("and the order of outcomes does not depend on it", async () => {
    const busy = loop(turnOf(10_000), { max: 20_000 }).map(() => "first")
    expect(await run(race(busy, pure("second")), countingClock(3))).toBe("first")
    let deep: Any = pure("first")
    for (let i = 0; i < 100_000; i++) deep = deep.recover(() => 0)
    expect(await run(race(deep, pure("second")), countingClock(3))).toBe("first")
  })
})
