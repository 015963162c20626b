import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { AgentSystem } from "../../src/index.js"
import { virtualClock } from "../../src/testing/index.js"
import {
  atLeast,
  fail,
  type Flow,
  type FlowEvent,
  graph,
  identity,
  pure,
  race,
  sleep,
  suspend,
  zip,
} from "../../src/flow/index.js"
import { type Act, after, faultOf, stage, thrower, to, valueOf } from "./recording.js"
import { times } from "../setup/times.js"

type Any = Flow<unknown, unknown>

// What settles at one instant of the clock counts in the order of members, in whatever order promises and timers settle.

/** Settles at `due`, through as many waits as are listed: the more waits, the later within the instant. */
const at = (due: number, waits: number, end: Any): Any => {
  let built: Any = identity()
  for (let i = 0; i < waits; i++) built = built.andThen(sleep(i === waits - 1 ? due - i : 1))
  return built.andThen(end)
}
const failure = (name: string): Any => fail({ code: name, message: name })
/** For 0, 1, 2: fails at 20, the higher the sooner within the instant. */
const byIndex = make.branch(
  { code: { _tag: "Fn", name: undefined, run: String } },
  ["0", "1", "2"],
  [0, 1, 2].map((i) => at(20, 3 - i, failure(String(i))).node),
  undefined,
)
const codes = (fault: unknown): unknown => (fault as { faults: { code: string }[] }).faults.map(({ code }) => code)

describe("at one instant the lowest index decides", () => {
  it("a race, though another was quicker within the instant", async () => {
    const { run, events } = stage()
    expect(valueOf(await run(race(at(20, 5, pure("a")), at(20, 1, pure("b")), at(20, 3, pure("c")))))).toBe("a")
    expect(events.find(({ type }) => type === "race_won")?.data).toEqual({ index: 0 })
    expect(valueOf(await run(race(at(21, 1, pure("a")), at(20, 2, pure("b")), at(20, 1, pure("c")))))).toBe("b")
  })

  it("a race that the first to settle wins", async () => {
    const { run } = stage()
    const members = [at(20, 3, failure("a")), at(20, 1, pure("b"))] as const
    expect(faultOf(await run(race(members, { wins: "settled" })))).toMatchObject({ code: "a" })
    expect(valueOf(await run(race(members)))).toBe("b")
  })

  it("answers that come by promises alone, at the instant at which they were asked", async () => {
    const slow: Act = async () => {
      for (let i = 0; i < 9; i++) await Promise.resolve()
      return "slow"
    }
    const on = stage({ slow: () => slow, quick: () => async () => "quick" })
    expect(valueOf(await on.run(race(to("slow"), to("quick"))))).toBe("slow")
  })

  it("a quorum: of those that succeed at the instant, the first ones", async () => {
    const { run } = stage()
    const members = [at(20, 4, pure("a")), at(20, 3, pure("b")), at(20, 2, pure("c")), at(20, 1, pure("d"))]
    const indexes = (list: unknown): unknown => (list as { index: number }[]).map(({ index }) => index)
    const two = valueOf(await run(atLeast(2, members, { settle: "quorum" }))) as Record<string, unknown>
    expect([two.succeeded, two.failed, two.aborted].map(indexes)).toEqual([[0, 1], [], [2, 3]])
    const early = [at(20, 4, pure("a")), at(10, 1, pure("b")), at(20, 2, pure("c"))]
    const three = valueOf(await run(atLeast(2, early, { settle: "quorum" }))) as Record<string, unknown>
    expect([three.succeeded, three.failed, three.aborted].map(indexes)).toEqual([[0, 1], [], [2]])
  })

  it("a quorum that becomes impossible: with the faults that come first", async () => {
    const { run } = stage()
    const members = ["a", "b", "c"].map((name, i) => at(20, 3 - i, failure(name)))
    expect(codes(faultOf(await run(atLeast(2, members))))).toEqual(["a", "b"])
    const list = flow(make.traverse(byIndex, { atLeast: 2 }))
    expect(codes(faultOf(await run(list, [0, 1, 2])))).toEqual(["0", "1"])
  })

  it("the first failure of a zip, a list and a graph", async () => {
    const { run } = stage()
    expect(faultOf(await run(zip(at(20, 3, failure("a")), at(20, 1, failure("b")))))).toMatchObject({ code: "a" })
    expect(faultOf(await run(flow(make.traverse(byIndex, {})), [0, 1, 2]))).toMatchObject({ code: "0" })
    const members = { a: { flow: at(20, 3, failure("a")) }, b: { flow: at(20, 1, failure("b")) } }
    expect(faultOf(await run(graph(members)))).toMatchObject({ code: "a" })
  })

  it("groups within groups: the deepest first, and what follows from it at the same instant", async () => {
    const { run } = stage({ more: () => async () => "a, asked again" })
    const never = sleep(1_000)
    const inner = race(never, at(20, 1, pure("a"))).andThen(to("more"))
    expect(valueOf(await run(race(inner, at(20, 1, pure("b")))))).toBe("a, asked again")
  })

  it("groups within groups, though the outer one was ready to decide first", async () => {
    const { run } = stage()
    const inner = race(sleep(1_000), at(20, 3, pure("a")))
    expect(valueOf(await run(race(inner, at(20, 1, pure("b")))))).toBe("a")
  })

  it("what was decided away does not decide: a race that lost has no winner", async () => {
    const won = (events: readonly FlowEvent[]): unknown[] =>
      events.flatMap(({ type, path, data }) => (type === "race_won" ? [[path, data]] : []))
    const ready = (name: string): Any => race(sleep(1_000), at(20, 1, pure(name)))
    const first = stage()
    expect(valueOf(await first.run(race(at(20, 3, pure("a")), ready("b"))))).toBe("a")
    expect(won(first.events)).toEqual([["", { index: 0 }]])
    const equal = stage()
    expect(valueOf(await equal.run(race(ready("a"), ready("b"))))).toBe("a")
    expect(won(equal.events)).toEqual([
      ["0", { index: 1 }],
      ["", { index: 0 }],
    ])
  })

  it("and a run that has decided can be suspended again", async () => {
    const on = stage()
    on.start(race(sleep(1_000), at(20, 1, pure("a"))).andThen(suspend("ok", { type: "boolean" })))
    await on.clock.advance(20)
    expect(on.events.at(-1)?.type).toBe("run_suspended")
    on.cancel.cancel("enough")
  })

  it("without waiting for the next instant, and with nothing left over", async () => {
    const on = stage()
    const outcome = on.start(race(at(21, 1, pure("a")), at(20, 1, pure("b"))))
    await on.clock.advance(20)
    expect(valueOf(outcome())).toBe("b")
    expect(on.clock.pending).toBe(0)
  })

  it("but a member that is synchronous decides at once, as nothing of the others has arrived", () => {
    const on = stage({ later: () => async () => "later" })
    expect(valueOf(on.start(race(to("later"), pure("now"), to("later")))())).toBe("now")
    expect(on.asked).toEqual(["0"])
    expect(faultOf(on.start(zip(to("later"), failure("now"), to("later")))())).toMatchObject({ code: "now" })
  })

  it("on a clock that knows no instants, within the turn of the event loop", async () => {
    const plain = virtualClock()
    const acts = { b: () => async () => "b", never: () => () => new Promise(() => 0) }
    const on = stage(acts, Object.assign(plain, { settled: undefined }))
    const outcome = on.start(race(to("never"), to("b")))
    await plain.settle()
    expect(valueOf(outcome())).toBe("b")
  })

  it("an abort before the end of the instant is an abort", async () => {
    const on = stage({ quick: () => async () => "quick", never: () => () => new Promise(() => 0) })
    const outcome = on.start(race(to("never"), to("quick")))
    for (let i = 0; i < 20; i++) await Promise.resolve()
    expect(outcome()).toBeUndefined()
    on.cancel.cancel("enough")
    await on.clock.settle()
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
  })

  it("whatever the waits: race and quorum agree with the earliest instant, then the lowest index", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ due: fc.integer({ min: 8, max: 10 }), waits: fc.integer({ min: 1, max: 5 }), ok: fc.boolean() }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        async (members) => {
          const flows = members.map(({ due, waits, ok }, i) => at(due, waits, ok ? pure(i) : failure(String(i))))
          const order = members.map((member, i) => ({ ...member, i })).toSorted((a, b) => a.due - b.due || a.i - b.i)
          const winner = order.find(({ ok }) => ok)?.i
          const loser = order.find(({ ok }) => !ok)?.i
          const raced = await stage().run(race(flows))
          const quorum = await stage().run(atLeast(1, flows, { settle: "quorum" }))
          const all = await stage().run(zip(...flows))
          if (winner === undefined) {
            expect([faultOf(raced)._tag, faultOf(quorum)._tag]).toEqual(["AllFailed", "QuorumNotMet"])
          } else {
            expect(valueOf(raced)).toBe(winner)
            expect(valueOf(quorum)).toMatchObject({ succeeded: [{ index: winner }] })
          }
          if (loser !== undefined) expect(faultOf(all)).toMatchObject({ code: String(loser) })
        },
      ),
      times(30),
    ))
})

it("members that fail one after the other within an instant are told of in order", async () => {
  const acts = Object.fromEntries(["x", "y"].map((name) => [name, after(10, thrower(name))]))
  expect(faultOf(await stage(acts).run(zip(to("x"), to("y"))))).toMatchObject({ agent: "x" })
})

it("on a system too, which counts the timers of its clock", async () => {
  const clock = virtualClock()
  await using system = new AgentSystem({ clock })
  const ended = Promise.all([
    system.run(race(at(9, 2, pure("a")), at(9, 1, pure("b"))), undefined),
    system.runEither(zip(at(9, 2, failure("a")), at(9, 1, failure("b"))), undefined)(),
    system.run(atLeast(1, [at(9, 2, pure("a")), at(9, 1, pure("b"))], { settle: "quorum" }), undefined),
  ])
  await clock.advance(9)
  expect(await ended).toMatchObject(["a", { left: { code: "a" } }, { succeeded: [{ index: 0, value: "a" }] }])
})
