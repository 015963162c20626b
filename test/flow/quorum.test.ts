import { agent, atLeast, type Flow, InvalidFlow, lift, pure, zip } from "../../src/flow/index.js"
import type { VirtualClock } from "../../src/testing/index.js"
import { describe, expect, it } from "vitest"
import { type Act, after, faultOf, stage, thrower, to, valueOf } from "./recording.js"

/** Agents that answer, or fail, so many milliseconds after they were asked: `a10`, `f20`. */
const timed: Readonly<Record<string, (clock: VirtualClock) => Act>> = Object.fromEntries(
  [0, 10, 20, 30, 40, 50].flatMap((ms) => [
    [`a${ms}`, after(ms, () => ms)],
    [`f${ms}`, after(ms, thrower(`after ${ms}`))],
  ]),
)
const members = (...names: readonly string[]): Flow<unknown, unknown>[] => names.map(to)
const summary = (value: unknown): unknown => {
  const { succeeded, failed, aborted } = value as Record<"succeeded" | "failed" | "aborted", { index: number }[]>
  return [succeeded, failed, aborted].map((list) => list.map(({ index }) => index))
}
/** Starts a quorum and says, at each of the given instants, how it stands. */
async function timeline(whole: Flow<unknown, unknown>, instants: readonly number[]) {
  const on = stage(timed)
  const outcome = on.start(whole, 0)
  const seen: unknown[] = []
  let now = 0
  for (const instant of instants) {
    await on.clock.advance(instant - now)
    now = instant
    const so = outcome()
    seen.push(so === undefined ? "pending" : so._tag === "Right" ? summary(so.right) : faultOf(so)._tag)
  }
  return { ...on, seen, outcome }
}

describe("members", () => {
  it("are called by key, id, agent with a number, or index", async () => {
    const shared = agent<unknown, unknown>({ _tag: "AgentRef", name: "a" })
    const of = [shared, shared.map(String), pure(1), shared.id("a#2"), zip(shared), shared.timeout(9)]
    const { run } = stage()
    const { succeeded } = valueOf(await run(atLeast(6, of), 0)) as { succeeded: { name: string; index: number }[] }
    expect(succeeded.map(({ name }) => name)).toEqual(["a", "a#3", "2", "a#2", "4", "a#4"])
    expect(succeeded.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    const named = valueOf(await run(atLeast(1, { x: shared, y: shared.id("z") }), 0)) as typeof succeeded & {
      succeeded: { name: string }[]
    }
    expect(named.succeeded.map(({ name }) => name)).toEqual(["x", "y"])
  })

  it("are required by index or by any of these names", async () => {
    const of = [to("a"), to("a"), to("b").id("i")]
    const required = (which: readonly (number | string)[]): unknown => atLeast(2, of, { required: which }).node
    expect(required(["a#2", "i"])).toMatchObject({ required: [1, 2] })
    expect(required([2, "a"])).toMatchObject({ required: [2, 0] })
    expect(() => required([0, "a"])).toThrow(expect.objectContaining({ code: "duplicate" }))
    expect(() => required(["c"])).toThrow(InvalidFlow)
    expect(() => required([3])).toThrow(InvalidFlow)
    expect(() => required([-1])).toThrow(InvalidFlow)
  })
})

describe("a quorum is decided", () => {
  it.each<[string, Flow<unknown, unknown>, unknown[]]>([
    [
      "when all have settled, by default",
      atLeast(1, members("a20", "f10", "a30")),
      ["pending", "pending", "pending", [[0, 2], [1], []]],
    ],
    [
      "at the n-th success",
      atLeast(2, members("a20", "a10", "a30"), { settle: "quorum" }),
      ["pending", "pending", [[0, 1], [], [2]], [[0, 1], [], [2]]],
    ],
    [
      "once it is impossible",
      atLeast(2, members("f10", "a30", "f20")),
      ["pending", "pending", "QuorumNotMet", "QuorumNotMet"],
    ],
    [
      "once a required member has failed",
      atLeast(1, members("f10", "a20", "a30"), { required: [0] }),
      ["pending", "QuorumNotMet", "QuorumNotMet", "QuorumNotMet"],
    ],
    [
      "not before the required member",
      atLeast(1, members("a10", "a30"), { settle: "quorum", required: [1] }),
      ["pending", "pending", "pending", [[0, 1], [], []]],
    ],
    [
      "after the grace",
      atLeast(1, members("a10", "a20", "a40"), { settle: "quorum", grace: 20 }),
      ["pending", "pending", "pending", [[0, 1], [], [2]]],
    ],
    [
      "within the grace when all have settled",
      atLeast(1, members("a10", "f20"), { settle: "quorum", grace: 20 }),
      ["pending", "pending", [[0], [1], []], [[0], [1], []]],
    ],
    [
      "by the lowest index at one instant",
      atLeast(1, members("a20", "a20"), { settle: "quorum" }),
      ["pending", "pending", [[0], [], [1]], [[0], [], [1]]],
    ],
  ])("%s", async (_, whole, seen) => {
    const told = await timeline(whole, [0, 10, 20, 30])
    expect(told.seen).toEqual(seen)
  })

  it("by members that answer at once, and then starts no other", () => {
    const { start, asked, events } = stage()
    expect(summary(valueOf(start(atLeast(2, members("x", "y", "z"), { settle: "quorum" }), 0)()))).toEqual([
      [0, 1],
      [],
      [2],
    ])
    expect(asked).toEqual(["0", "1"])
    expect(events.filter(({ type }) => type === "quorum_reached").map(({ data }) => data)).toEqual([
      { needed: 2, succeeded: [0, 1] },
    ])
  })

  it("of 50,000 members in linear time", () => {
    const of = Array.from({ length: 50_000 }, () => pure(1))
    const { succeeded } = valueOf(stage().start(atLeast(1, of), 0)()) as { succeeded: unknown[] }
    expect(succeeded.length).toBe(50_000)
  })

  it("with every fault, in the order of members", async () => {
    const told = await timeline(atLeast(2, members("f20", "f10", "a50")), [20])
    const fault = faultOf(told.outcome())
    expect(fault).toMatchObject({ needed: 2, succeeded: 0, faults: [{ agent: "f20" }, { agent: "f10" }] })
    expect(told.events.filter(({ type }) => type === "task_aborted").map(({ path }) => path)).toEqual(["2"])
  })

  it("and a member's timeout is its failure alone", async () => {
    const told = await timeline(atLeast(1, [to("a50").timeout(10), to("a20")]), [20])
    expect(valueOf(told.outcome())).toMatchObject({
      succeeded: [{ index: 1 }],
      failed: [{ index: 0, fault: { _tag: "TimedOut", path: "0" } }],
    })
  })
})

describe("hedged copies", () => {
  /** Answers by the number of its ask. */
  const acts = (
    delays: Readonly<Record<string, readonly (number | string)[]>>,
  ): Record<string, (clock: VirtualClock) => Act> => {
    const counts = new Map<string, number>()
    return Object.fromEntries(
      Object.entries(delays).map(([name, list]) => [
        name,
        (clock: VirtualClock): Act =>
          (input, ask) => {
            const nth = counts.get(name) ?? 0
            counts.set(name, nth + 1)
            const how = list[nth] ?? 0
            const value = typeof how === "string" ? thrower(how) : () => `copy ${nth}`
            return after(typeof how === "string" ? 15 : how, value)(clock)(input, ask)
          },
      ]),
    )
  }
  it("the first success wins and the other copy is aborted, which is no abort of the member", async () => {
    const on = stage(acts({ slow: [100, 5] }))
    const outcome = on.start(atLeast(1, members("slow"), { hedge: { after: 10, max: 1 } }), 0)
    await on.clock.advance(15)
    expect(valueOf(outcome())).toEqual({
      succeeded: [{ index: 0, name: "slow", value: "copy 1" }],
      failed: [],
      aborted: [],
    })
    expect(on.events.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "run_started ",
      "task_started ",
      "hedge_started ",
      "task_started ~1",
      "task_completed ~1",
      "task_aborted ",
      "quorum_reached ",
      "run_completed ",
    ])
  })

  it("at most `max` over the whole quorum, none for one that was quick", async () => {
    const on = stage(acts({ quick: [5], slow: [50, 50], slower: [50, 50] }))
    on.start(atLeast(3, members("quick", "slow", "slower"), { hedge: { after: 10, max: 1 } }), 0)
    await on.clock.advance(40)
    expect(on.asked).toEqual(["0", "1", "2", "1~1"])
  })

  it("a member fails when every copy has failed", async () => {
    const on = stage(acts({ m: ["first", "second"] }))
    const outcome = on.start(atLeast(1, members("m"), { hedge: { after: 10, max: 3 } }), 0)
    await on.clock.advance(15)
    expect(outcome()).toBeUndefined()
    await on.clock.advance(10)
    expect(faultOf(outcome())).toMatchObject({ _tag: "QuorumNotMet", faults: [{ message: "m failed: second" }] })
    expect(on.clock.pending).toBe(0)
  })

  it("none starts after the original has failed", async () => {
    const on = stage(acts({ m: ["first"], n: [50, 50] }))
    on.start(atLeast(1, members("m", "n"), { hedge: { after: 20, max: 2 } }), 0)
    await on.clock.advance(30)
    expect(on.asked).toEqual(["0", "1", "1~1"])
  })
})

it("what answers in the same turn as a deadline settles once", async () => {
  // Busy work keeps the interpreter from looking while an answer, a grace and a deadline all fall due.
  for (const order of [
    [10, 10],
    [10, 11],
    [11, 10],
  ] as const) {
    const on = stage({ ...timed })
    const [grace, limit] = order
    const outcome = on.start(
      atLeast(1, members("a0", "a50"), { settle: "quorum", grace }).timeout(limit).andThen(lift(String)),
      0,
    )
    await on.clock.advance(60)
    expect(outcome()).toBeDefined()
    expect(on.events.filter(({ type }) => type.startsWith("run_")).length).toBe(2)
  }
})
