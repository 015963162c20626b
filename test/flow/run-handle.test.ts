import { describe, expect, it } from "vitest"
import { continueWith, type FlowEvent, type Lagged, loop } from "../../src/flow/index.js"
import { start } from "../../src/flow/interpret/run/start.js"
import { after, stage, to } from "./recording.js"

type One = FlowEvent | Lagged
const collect = async (events: AsyncIterable<One>): Promise<One[]> => {
  const all: One[] = []
  for await (const event of events) all.push(event)
  return all
}
/** Two events and one more for each turn. */
const turns = (max: number) => loop(to("echo").map(continueWith), { max, exhausted: "last" })
const seqs = (events: readonly One[]): unknown[] => events.map((event) => ("seq" in event ? event.seq : event.data))
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

describe("the events of a handle", () => {
  it("go to any number of consumers, each of whom gets them all", async () => {
    const on = stage({ echo: after(10) })
    const run = start(turns(3), 0, on.runtime, { runId: "r" })
    const early = collect(run.events)
    await on.clock.advance(15)
    const late = collect(run.events)
    await on.clock.advance(100)
    expect(await early).toEqual(on.events)
    expect(await late).toEqual(on.events)
    expect(await collect(run.events)).toEqual(on.events)
  })

  it("the last 1,000 are held: who comes late is told which ones are gone", async () => {
    const on = stage()
    const run = start(turns(1_000), 0, on.runtime, { runId: "r" })
    await run.result
    const count = on.events.length
    expect(count).toBeGreaterThan(2_000)
    const late = await collect(run.events)
    expect(seqs(late)).toEqual([{ from: 0, to: count - 1_001 }, ...range(count - 1_000, count)])
  })

  it("one who falls behind is told where; another one is not", async () => {
    const on = stage({ echo: after(1) })
    const run = start(turns(1_000), 0, on.runtime, { runId: "r" })
    const whole = collect(run.events)
    const slow = run.events[Symbol.asyncIterator]()
    const first = [await slow.next(), await slow.next()].map(({ value }) => value)
    await on.clock.advance(2_000)
    const count = on.events.length
    expect(seqs(first.filter((one) => one !== undefined))).toEqual([0, 1])
    expect((await slow.next()).value).toEqual({ type: "lagged", data: { from: 2, to: count - 1_001 } })
    expect((await slow.next()).value).toMatchObject({ seq: count - 1_000 })
    expect(seqs(await whole)).toEqual(range(0, count))
  })

  it("leaving only unsubscribes, even while it waits", async () => {
    const on = stage({ echo: after(10) })
    const run = start(turns(3), 0, on.runtime, { runId: "r" })
    for await (const event of run.events) if (event.type === "task_started") break
    const waits = run.events[Symbol.asyncIterator]()
    for (let i = 0; i < 2; i++) await waits.next()
    const next = waits.next()
    await waits.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(await waits.next()).toEqual({ done: true, value: undefined })
    await on.clock.advance(100)
    await run.result
    expect(on.events.at(-1)?.type).toBe("run_completed")
  })

  it("calls of next that nobody waited for are answered in order", async () => {
    const on = stage({ echo: after(10) })
    const run = start(turns(1), 0, on.runtime, { runId: "r" })
    const events = run.events[Symbol.asyncIterator]()
    const five = Promise.all(range(0, 5).map(() => events.next()))
    await on.clock.advance(100)
    expect((await five).map(({ value }) => value?.type)).toEqual([
      "run_started",
      "task_started",
      "task_completed",
      "run_completed",
      undefined,
    ])
  })
})

describe("an abort before the first microtask", () => {
  it("comes after the start: nothing is asked", async () => {
    const on = stage()
    const run = start(to("echo"), 0, on.runtime, { runId: "r" })
    run.abort("changed my mind")
    await expect(run.value).rejects.toMatchObject({ reason: "changed my mind" })
    await expect(run.result).rejects.toMatchObject({ reason: "changed my mind" })
    expect(on.events.map(({ type, seq }) => [type, seq])).toEqual([
      ["run_started", 0],
      ["run_aborted", 1],
    ])
    expect(on.asked).toEqual([])
  })
})
