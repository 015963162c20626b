import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { AgentRef } from "../../src/data/agent-ref.js"
import { agent, type Flow, type FlowEvent, identity, pure, race, zip } from "../../src/flow/index.js"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { type Act, after, faultOf, type Stage, stage, to, valueOf } from "./recording.js"
import { times } from "../setup/times.js"

type Any = Flow<unknown, unknown>
const ms = (n: number) => after(n, (value) => value)
const several = (n: number, of: Any = to("t")): Any => zip(...Array.from({ length: n }, () => of))
const started = (events: readonly FlowEvent[]): unknown[] =>
  events.flatMap(({ type, path, time }) => (type === "task_started" ? [`${path} at ${time}`] : []))
const spending = (caps: AgentRef<unknown, unknown>["caps"]): Any =>
  agent<unknown, unknown>({ _tag: "AgentRef", name: "m", ...(caps === undefined ? {} : { caps }) })

/** A stage whose agents tell what they used. */
function metered(usage: object | undefined): Stage {
  const on = stage()
  const runtime = { ...on.runtime, ask: () => ({ value: "done", ...(usage === undefined ? {} : { usage }) }) }
  return Object.assign(on.runtime, runtime) && on
}

describe("limit: concurrency", () => {
  it("lets so many ask at one time; the others wait in the order in which they came", async () => {
    const on = stage({ t: ms(10) })
    await on.run(several(5).limit({ concurrency: 2 }))
    expect(started(on.events)).toEqual(["0 at 0", "1 at 0", "2 at 10", "3 at 10", "4 at 20"])
    expect(on.events.filter(({ type }) => type === "task_completed").length).toBe(5)
  })

  it("is shared by all within, however deep, and limits around it apply as well", async () => {
    const on = stage({ t: ms(10) })
    const inner = several(3).limit({ concurrency: 2 })
    await on.run(zip(inner, to("t")).limit({ concurrency: 1 }))
    expect(started(on.events)).toEqual(["0/0 at 0", "0/1 at 10", "1 at 20", "0/2 at 30"])
    const wide = stage({ t: ms(10) })
    await wide.run(
      zip(several(2).limit({ concurrency: 1 }), several(2).limit({ concurrency: 1 })).limit({ concurrency: 9 }),
    )
    expect(started(wide.events)).toEqual(["0/0 at 0", "1/0 at 0", "0/1 at 10", "1/1 at 10"])
  })

  it("what the budget refuses, or is aborted while it waits further out, gives its place back", async () => {
    const refused = to("t").recoverWith(pure("refused"))
    const short = stage({ t: ms(10) })
    const members = several(3, refused).limit({ concurrency: 1, calls: 1 })
    expect(valueOf(await short.run(members, "done"))).toEqual(["done", "refused", "refused"])
    const on = stage({ t: ms(10) })
    const again = to("t").timeout(5).recoverWith(pure("late")).andThen(to("t")).limit({ concurrency: 1 })
    expect(valueOf(await on.run(zip(to("t"), again).limit({ concurrency: 1 }), "first"))).toEqual(["first", "late"])
  })

  it("is a new one each time it is entered", async () => {
    const on = stage({ t: ms(10) })
    const limited = several(2).limit({ concurrency: 1, calls: 2 })
    await on.run(zip(limited, limited))
    expect(started(on.events)).toEqual(["0/0 at 0", "1/0 at 0", "0/1 at 10", "1/1 at 10"])
  })

  it("counts the wait against a deadline, and one that waited in vain leaves the queue", async () => {
    const on = stage({ t: ms(10) })
    const members = [to("t"), to("t").timeout(5), to("t").timeout(25)].map((member) =>
      member.recover(({ _tag }) => _tag),
    )
    expect(valueOf(await on.run(zip(...members).limit({ concurrency: 1 }), 1))).toEqual([1, "TimedOut", 1])
    expect(started(on.events)).toEqual(["0 at 0", "2 at 10"])
    expect(on.clock.pending).toBe(0)
  })

  it("an aborted ask gives its place on; an abort of the run starts none", async () => {
    const on = stage({ slow: ms(1_000), t: ms(10) })
    await on.run(
      zip(
        to("slow")
          .timeout(10)
          .recover(() => 0),
        to("t"),
      ).limit({ concurrency: 1 }),
    )
    expect(started(on.events)).toEqual(["0 at 0", "1 at 10"])
    const lost = stage({ quick: ms(5), t: ms(10) })
    await lost.run(race(to("quick"), to("t"), to("t"), to("t")).limit({ concurrency: 2 }))
    expect(started(lost.events)).toEqual(["0 at 0", "1 at 0"])
    const aborted = stage({ t: ms(10) })
    const members = Array.from({ length: 5 }, () => to("t").timeout(1_000))
    const outcome = aborted.start(zip(...members).limit({ concurrency: 2 }))
    await aborted.clock.advance(1)
    aborted.cancel.cancel("enough")
    await aborted.clock.settle()
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted" } })
    expect(started(aborted.events)).toEqual(["0 at 0", "1 at 0"])
    expect(aborted.clock.pending).toBeLessThanOrEqual(2) // what the agents themselves started
  })

  it("a failure gives the place on as well", async () => {
    const on = stage({ bad: (clock) => () => new Promise((_, no) => clock.after(10, () => no(new Error("bad")))) })
    const members = [to("bad").recover(() => 0), to("t")]
    expect(valueOf(await on.run(zip(...members).limit({ concurrency: 1 }), 1))).toEqual([0, 1])
    const sync = stage({
      bad: () => (): never => {
        throw new Error("bad")
      },
    })
    expect(valueOf(sync.start(zip(...members).limit({ concurrency: 1 }), 1)())).toEqual([0, 1])
  })

  it("10,000 in the queue", async () => {
    const on = stage({ t: () => async (value) => value })
    expect(valueOf(await on.run(several(10_000).limit({ concurrency: 3 }), 1))).toHaveLength(10_000)
  })

  it("never more than the least of the limits, and all are asked in the end", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (delays, inner, outer) => {
          let running = 0
          let most = 0
          const act =
            (clock: Parameters<ReturnType<typeof ms>>[0]): Act =>
            (input, ask) => {
              most = Math.max(most, ++running)
              return Promise.resolve(ms(delays[Number(/\d+/.exec(ask.path)?.[0])] ?? 0)(clock)(input, ask)).finally(
                () => running--,
              )
            }
          const on = stage({ t: act })
          await on.run(
            several(delays.length).limit({ concurrency: inner }).andThen(identity()).limit({ concurrency: outer }),
          )
          expect(on.asked.length).toBe(delays.length)
          expect(most).toBeLessThanOrEqual(Math.min(inner, outer, delays.length))
          expect(most).toBeGreaterThan(0)
        },
      ),
      times(30),
    ))
})

describe("limit: budget", () => {
  it("of calls: one too many is refused before it starts", () => {
    const on = stage()
    const fault = faultOf(on.start(several(3).andThen(identity()).limit({ calls: 2 }).id("part").andThen(pure(1)))())
    expect(fault).toMatchObject({ _tag: "BudgetExceeded", path: "part/0/2", retry: "no" })
    expect(fault.message).toBe("t was not asked: the limit at part allows 2 asks, and so many have started")
    expect(on.events.filter(({ type }) => type === "task_started").length).toBe(2)
    expect(faultOf(stage().start(to("t").limit({ calls: 0 }))()).message).toMatch(/the limit at the root allows 0 asks/)
  })

  it("counts each try, failed and aborted ones", () => {
    const on = stage({
      t: () => (): never => {
        throw new Error("bad")
      },
    })
    const policy = { times: 5, base: 0, on: ["AgentFailed"] } as const
    expect(faultOf(on.start(to("t").retry(policy).limit({ calls: 3 }))())._tag).toBe("BudgetExceeded")
    expect(on.asked.length).toBe(3)
  })

  it.each<[string, object, AgentRef<unknown, unknown>["caps"], object | undefined, number]>([
    ["tokens that were used", { tokens: 10 }, undefined, { inputTokens: 3, outputTokens: 2 }, 2],
    ["tokens that may be used", { tokens: 10 }, { tokens: 6 }, { inputTokens: 4, outputTokens: 0 }, 2],
    ["tokens that nobody told of", { tokens: 10 }, { tokens: 5 }, undefined, 2],
    ["tokens where none are known of", { tokens: 10 }, undefined, undefined, 5],
    ["money", { usd: 1 }, { usd: 0.5 }, { usd: 0.25 }, 3],
    ["money without a price", { usd: 1 }, { usd: 0.5 }, { inputTokens: 1 }, 2],
    ["money in tenths, to the last of them", { usd: 0.3 }, { usd: 0.1 }, undefined, 3],
    ["money in tenths that were used", { usd: 0.3 }, { usd: 0.2 }, { usd: 0.1 }, 2],
    ["money in tenths that nobody declares", { usd: 0.3 }, undefined, { usd: 0.1 }, 3],
    ["agents that call no model", { tokens: 0, usd: 0 }, { requests: 0 }, undefined, 5],
    ["none left", { tokens: 0 }, undefined, undefined, 0],
  ])("of %s", (_, limits, caps, usage, asks) => {
    const on = metered(usage)
    const steps = flow(make.limit(make.seq(Array.from({ length: 5 }, () => spending(caps).node)), limits))
    const outcome = on.start(steps)()
    expect(on.events.filter(({ type }) => type === "task_started").length).toBe(asks)
    if (asks < 5) expect(faultOf(outcome)).toMatchObject({ _tag: "BudgetExceeded", path: String(asks) })
  })

  it("sets aside what asks under way may take, and says so", async () => {
    const on = stage({ m: ms(10) })
    const fault = faultOf(await on.run(zip(spending({ usd: 0.6 }), spending({ usd: 0.6 })).limit({ usd: 1 })))
    expect(fault.message).toBe(
      "m was not asked: the limit at the root allows 1 US dollars, of which 0.6 are spent or set aside; one ask may take 0.6",
    )
    expect(on.events.filter(({ type }) => type === "task_aborted").length).toBe(1)
  })
})
