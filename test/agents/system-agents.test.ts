import {
  type AgentContext,
  agent,
  AgentSystem,
  continueWith,
  defineAgent,
  type Document,
  type FlowEvent,
  lift,
} from "../../src/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { describe, expect, it } from "vitest"
import { having } from "../flow/recording.js"
import { passTime } from "../laws/interpreters.js"
import { flow as typed } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }
const collect = async (events: AsyncIterable<FlowEvent>): Promise<FlowEvent[]> => {
  const all: FlowEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe("generator agents", () => {
  const chunks = (body: (context: AgentContext) => AsyncGenerator<string, string>) =>
    agent(defineAgent<unknown, string>({ name: "g" }, (_, context) => body(context)))

  it("tell their chunks; their value is what they return, else the chunks joined", async () => {
    await using system = new AgentSystem()
    const returns = chunks(async function* () {
      yield "a"
      yield "b"
      return "value"
    })
    const joins = agent(
      defineAgent<unknown, string>({ name: "j" }, async function* () {
        yield "a"
        yield "b"
      }),
    )
    const events = await collect(system.stream(returns, 0))
    expect(events.flatMap(({ type, data }) => (type === "task_chunk" ? [data] : []))).toEqual(["a", "b"])
    expect(events.at(-1)).toMatchObject({ data: "value" })
    expect(await system.run(joins, 0)).toBe("ab")
  })

  it("that throw after chunks fail, and are closed when aborted", async () => {
    const clock = virtualClock()
    await using system = new AgentSystem({ clock })
    const throws = chunks(async function* () {
      yield "a"
      throw new Error("midway")
    })
    const events = await collect(system.stream(throws, 0))
    expect(events.map(({ type }) => type)).toEqual([
      "run_started",
      "task_started",
      "task_chunk",
      "task_failed",
      "run_failed",
    ])
    let closed = false
    const endless = chunks(async function* ({ signal }) {
      try {
        for (;;) {
          yield "tick"
          await new Promise<void>((resolve) => {
            clock.after(10, resolve)
            signal.addEventListener("abort", () => resolve())
          })
        }
      } finally {
        closed = true
      }
    })
    const run = system.start(
      endless.timeout(25).recover(() => "late"),
      0,
    )
    await clock.advance(30)
    expect(await run.value).toBe("late")
    expect(closed).toBe(true)
    await clock.advance(20)
    expect(system.stats()).toEqual(none)
  })
})

describe("thenables", () => {
  const thenable = (then: unknown): never => having("then", then) as never
  it.each<[string, unknown, string]>([
    [
      "that settle twice",
      (resolve: (v: string) => void) => {
        resolve("one")
        resolve("two")
      },
      "one",
    ],
    [
      "that throw",
      () => {
        throw new Error("no")
      },
      "AgentFailed",
    ],
    ["that never settle", () => undefined, "TimedOut"],
  ])("%s", async (_, then, expected) => {
    const clock = virtualClock()
    const system = new AgentSystem({ clock })
    const odd = agent(defineAgent<unknown, string>({ name: "odd" }, () => thenable(then)))
    expect(
      await passTime(
        clock,
        system.run(
          odd.timeout(10).recover(({ _tag }) => _tag),
          0,
        ),
      ),
    ).toBe(expected)
    await passTime(clock, system.shutdown())
  })
})

describe("documents", () => {
  const max = { _tag: "Param", name: "tries", minimum: 1, maximum: 5 } as const
  const document: Document = {
    _tag: "Document",
    name: "d",
    description: undefined,
    flow: typed(make.loop(lift((n: number) => continueWith(n + 1)).node, max, "last")),
    input: { type: "integer" },
    params: {
      tries: { type: "integer", minimum: 1, maximum: 5, default: 2 },
      note: { type: ["string", "null"], default: "x" },
    },
    agents: {},
    providers: {},
    flows: {},
    warnings: [],
    at: () => undefined,
  }
  it("run with defaults and with given parameters", async () => {
    await using system = new AgentSystem()
    expect(await system.run(document, 0)).toBe(2)
    expect(await system.run(document, 0, { params: { tries: 4, note: null } })).toBe(4)
    expect(await system.start(document, 0, { params: { tries: 1 } }).value).toBe(1)
  })
  it.each([
    ["an input", "text", {}],
    ["a parameter", 0, { tries: 9 }],
    ["an unknown parameter", 0, { trys: 2 }],
    ["a parameter called like an inherited name", 0, { toString: 1 }],
  ])("%s that does not fit is InvalidInput, and nothing runs", async (_, input, params) => {
    await using system = new AgentSystem()
    await expect(system.run(document, input, { params })).rejects.toMatchObject({
      fault: { _tag: "InvalidInput", path: "" },
    })
    expect(await system.runEither(document, input, { params })()).toMatchObject({ _tag: "Left" })
    expect(system.stats()).toEqual(none)
  })
})
