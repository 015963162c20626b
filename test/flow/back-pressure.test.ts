import { describe, expect, it } from "vitest"
import * as fc from "fast-check"
import {
  type AnyFlow,
  type Ask,
  atLeast,
  continueWith,
  done,
  fail,
  type FlowEvent,
  graph,
  lift,
  loop,
  pure,
  type Runtime,
  traverse,
  zipAll,
} from "../../src/flow/index.js"
import { type Stage, stage, to } from "./recording.js"
import { virtualClock } from "../../src/testing/index.js"
import { anySample, lawRuntime } from "../laws/interpreters.js"
import { Backlog } from "../../src/flow/interpret/run/backlog.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import { stream } from "../../src/flow/interpret/run/start.js"
import { times } from "../setup/times.js"

const most = 10_000
const never = () => () => new Promise(() => undefined)
const open = (on: Stage, flow: AnyFlow, input: unknown = 0): AsyncGenerator<FlowEvent, void, undefined> =>
  stream(flow, input as never, on.runtime, { runId: "r", cancel: on.cancel })
/** Asks for ever, each turn a few events, without a promise in between. */
const endless = loop(to("echo").map(continueWith), { max: Number.MAX_SAFE_INTEGER })
const range = Array.from({ length: 20_000 }, (_, i) => i)
const counting = (max: number): AnyFlow =>
  loop(
    to("echo").map((n) => (Number(n) + 1 < max ? continueWith(Number(n) + 1) : done("ready"))),
    { max },
  )
const waiting = async (events: AsyncGenerator<FlowEvent>, on: Stage): Promise<number> => {
  await on.clock.settle()
  const before = on.events.length
  await events.next()
  return before
}

describe("a consumer that stops", () => {
  it.each<[string, AnyFlow]>([
    ["a loop", endless],
    ["steps", Array.from({ length: 20_000 }, () => to("echo")).reduce((all, one) => all.andThen(one))],
    ["members", zipAll(Array.from({ length: 20_000 }, () => to("echo")))],
    ["members that answer later", zipAll(Array.from({ length: 20_000 }, () => to("never")))],
    [
      "a quorum",
      atLeast(
        15_000,
        Array.from({ length: 20_000 }, () => to("echo")),
      ),
    ],
    ["a graph", graph(Object.fromEntries(range.map((i) => [`n${i}`, { flow: to("echo") }])))],
    ["elements", lift(() => range).andThen(traverse(to("echo")))],
    ["asks in a limit", zipAll(range.map(() => to("echo"))).limit({ concurrency: 2 })],
    ["asks that wait for a place", zipAll(range.map(() => to("soon"))).limit({ concurrency: 2 })],
    ["tries", fail({ code: "c", message: "m", retry: true }).retry({ times: 20_000, base: 0 })],
    ["side flows", loop(pure(0).notify(to("echo")).map(continueWith), { max: 20_000, exhausted: "last" })],
  ])("holds %s: nothing starts while 10,000 events wait, and it goes on when they are taken", async (_, flow) => {
    const on = stage({ never, soon: () => async (input) => input })
    const events = open(on, flow)
    expect((await events.next()).value?.seq).toBe(0)
    await on.clock.settle()
    const told = on.events.length
    expect(told).toBeGreaterThanOrEqual(most)
    expect(told).toBeLessThan(most + 20)
    await on.clock.advance(1_000)
    expect(on.events.length).toBe(told)
    for (let seq = 1; seq <= 1_000; seq++) expect((await events.next()).value?.seq).toBe(seq)
    await on.clock.settle()
    expect(on.events.length).toBeGreaterThanOrEqual(told + 900)
    expect(on.events.length).toBeLessThan(told + 1_020)
    await events.return()
    expect(on.events.at(-1)?.type).toBe("run_aborted")
    expect(on.clock.pending).toBe(0)
  })

  it("loses no event: the run ends as it would have", async () => {
    const on = stage()
    const seen: FlowEvent[] = []
    for await (const event of open(on, counting(10_000))) {
      if (seen.push(event) % 1_000 === 0) await on.clock.settle()
      expect(on.events.length - seen.length).toBeLessThan(most + 20)
    }
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i))
    expect(seen.length).toBe(2 + 2 * 10_000 + 9_999)
    expect(seen.at(-1)).toMatchObject({ type: "run_completed", data: "ready" })
    expect(seen).toEqual(on.events)
  })

  it("does not hold deadlines", async () => {
    const on = stage()
    const events = open(
      on,
      endless.timeout(500).recover((fault) => fault._tag),
    )
    await events.next()
    expect(await waiting(events, on)).toBeGreaterThanOrEqual(most)
    await on.clock.advance(500)
    expect(on.events.slice(-2).map(({ type }) => type)).toEqual(["recovered", "run_completed"])
    expect(on.events.at(-1)).toMatchObject({ data: "TimedOut", time: 500 })
    await events.return()
  })

  it("does not hold deadlines however deep the flow is", async () => {
    const on = stage()
    let deep: AnyFlow = endless.timeout(500)
    for (let i = 0; i < 1_000; i++) deep = deep.recoverTag("Rejected", pure(i))
    const events = open(on, deep)
    await events.next()
    await on.clock.settle()
    await on.clock.advance(500)
    expect(on.events.at(-1)?.type).toBe("run_failed")
    await events.return()
  })

  it("does not hold an abort", async () => {
    const on = stage()
    const events = open(on, endless)
    await events.next()
    await on.clock.settle()
    on.cancel.cancel("enough")
    expect(on.events.at(-1)?.type).toBe("run_aborted")
    await events.return()
  })

  it("may be as slow as it likes where nothing is told: pure steps are silent", async () => {
    const count = loop(
      lift((n: number) => (n < 300_000 ? continueWith(n + 1) : done(n))),
      { max: 300_001 },
    )
    const on = stage()
    const outcome = await on.run(count, 0)
    expect(outcome).toEqual({ _tag: "Right", right: 300_000 })
  })
})

describe("whatever the flow and however slow its consumer", () => {
  it("where agents answer at once, the events and the outcome are those of a run that nobody slows down", () =>
    fc.assert(
      fc.asyncProperty(
        anySample({ agents: true, faults: true, sides: false }, 30), // a side flow begins where the run gives way
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
        async ({ flow }, room, pace) => {
          const clock = virtualClock()
          const free: FlowEvent[] = []
          const told: FlowEvent[] = []
          const ends: unknown[] = []
          const runtime = (events: FlowEvent[]): Runtime =>
            lawRuntime(
              clock,
              () => "now",
              (event) => events.push(event),
            )
          execute(flow, 1, runtime(free), { runId: "r" }, (end) => ends.push(end))
          const backlog = new Backlog(room)
          const emit = (event: FlowEvent): void => {
            told.push(event)
            backlog.push(event)
          }
          const slow = { ...runtime(told), emit }
          execute(flow, 1, slow, { runId: "r", backlog }, (end) => ends.push(end))
          await clock.settle()
          for (let turn = 0; ends.length < 2; turn++) {
            for (let i = pace[turn % pace.length] ?? 0; i >= 0; i--) backlog.take()
            await clock.settle()
          }
          expect(told).toEqual(free)
          expect(ends[1]).toEqual(ends[0])
        },
      ),
      times(200),
    ))
})

describe("texts in pieces", () => {
  const pieces = fc.array(
    fc.tuple(fc.boolean(), fc.constantFrom<"task_chunk" | "text_delta">("task_chunk", "text_delta"), fc.string()),
    {
      maxLength: 40,
    },
  )

  it("are joined while the consumer lags, task by task, and are the same text", () =>
    fc.assert(
      fc.asyncProperty(pieces, fc.boolean(), async (list, lags) => {
        const filler = lags ? most : 1
        const on = stage()
        const asks: Ask[] = []
        const stops: (() => void)[] = []
        const runtime: Runtime = {
          ...on.runtime,
          ask(ask) {
            if (asks.push(ask) === 2) for (let i = 0; i < filler; i++) ask.emit("task_progress", i)
            return new Promise((resolve) => stops.push(() => resolve({ value: 0 })))
          },
        }
        const events = stream(zipAll([to("talk"), to("talk")]), 0, runtime, { runId: "r" })
        const seen: FlowEvent[] = [(await events.next()).value].filter((one) => one !== undefined)
        await on.clock.settle()
        for (const [first, type, text] of list) asks[first ? 0 : 1]?.emit(type, text)
        for (const stop of stops) stop()
        await on.clock.settle()
        for await (const event of events) seen.push(event)
        expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i))
        for (const first of [true, false]) {
          for (const kind of ["task_chunk", "text_delta"] as const) {
            const said = list.filter(([by, type]) => by === first && type === kind).map(([, , text]) => text)
            const told = seen.filter(({ type, taskId }) => type === kind && taskId === (first ? "r.1" : "r.2"))
            expect(told.map(({ data }) => data).join("")).toBe(said.join(""))
            expect(told.length).toBe(lags ? Math.min(1, said.length) : said.length)
          }
        }
        expect(seen.at(-1)?.type).toBe("run_completed")
      }),
      times(30),
    ))
})
