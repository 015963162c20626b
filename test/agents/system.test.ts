import * as fc from "fast-check"
import {
  AbortedError,
  AgentSystem,
  agent,
  atLeast,
  defineAgent,
  fail,
  type FlowEvent,
  FlowError,
  lift,
  pure,
  race,
  zip,
} from "../../src/index.js"
import { parse, registry } from "../../src/serde/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { agents as lawAgents } from "../../src/laws/index.js"
import { z } from "zod"
import { describe, expect, it } from "vitest"
import { anySample } from "../laws/interpreters.js"
import { rebuild } from "../../src/flow/rebuild.js"
import { fold } from "../../src/flow/fold.js"
import { flow as typed } from "../../src/flow/build.js"
import type { Node } from "../../src/flow/node.js"
import { times } from "../setup/times.js"

const none = { actors: 0, runs: 0, timers: 0, abandoned: 0 }
const never = defineAgent({ name: "never" }, () => new Promise<string>(() => undefined))
const polite = defineAgent(
  { name: "polite" },
  (_: unknown, { signal }) =>
    new Promise<string>((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
)
const collect = async (events: AsyncIterable<FlowEvent>): Promise<FlowEvent[]> => {
  const all: FlowEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe("run, runEither, stream and start end in the same", () => {
  const add = defineAgent({ name: "add", input: z.number(), output: z.number() }, async (n) => n + 1)
  it("value", async () => {
    await using system = new AgentSystem()
    const whole = agent(add).andThen(agent(add))
    expect(await system.run(whole, 1)).toBe(3)
    expect(await system.runEither(whole, 1)()).toEqual({ _tag: "Right", right: 3 })
    const events = await collect(system.stream(whole, 1))
    expect(events.at(-1)).toMatchObject({ type: "run_completed", data: 3 })
    expect(await system.start(whole, 1).value).toBe(3)
    expect(system.stats()).toEqual(none)
  })

  it("fault", async () => {
    await using system = new AgentSystem()
    const whole = fail({ code: "c", message: "m" }).id("f").andThen(agent(add))
    await expect(system.run(whole, 1)).rejects.toThrow(FlowError)
    expect(await system.runEither(whole, 1)()).toMatchObject({ left: { _tag: "Failed", path: "f" } })
    expect((await collect(system.stream(whole, 1))).at(-1)).toMatchObject({ type: "run_failed", path: "f" })
    await expect(system.start(whole, 1).result).rejects.toMatchObject({ fault: { code: "c" } })
    expect(system.stats()).toEqual(none)
  })

  it("checks inputs before and outputs after", async () => {
    await using system = new AgentSystem()
    const wrong = defineAgent<number, number>({ name: "wrong", output: z.number() }, () => "text" as never)
    expect(await system.runEither(agent(add), "1" as never)()).toMatchObject({
      left: { _tag: "InvalidInput", issues: [{ at: "" }] },
    })
    expect(await system.runEither(agent(wrong), 1)()).toMatchObject({ left: { _tag: "InvalidOutput", value: "text" } })
  })
})

describe("a document whose run is given what does not fit", () => {
  const parsed = parse(
    "troupe: 1\nparams: { n: { type: integer, default: 1 } }\ninput: { type: string }\nflow: { map: 1 }\n",
    registry({}),
  )
  if (parsed._tag === "Left") throw new Error("the document is well-formed")
  const doc = parsed.right

  it.each([
    { input: 5, params: {} },
    { input: "x", params: { n: "many" } },
    { input: "x", params: { m: 1 } },
  ])("fails as any run does, and throws nowhere else: $input, $params", async ({ input, params }) => {
    await using system = new AgentSystem()
    const fault = { _tag: "InvalidInput", path: "" }
    const types = ["run_started", "run_failed"]
    const streamed = await collect(system.stream(doc, input, { params }))
    expect(streamed.map(({ type }) => type)).toEqual(types)
    expect(streamed.at(-1)?.data).toMatchObject(fault)
    const run = system.start(doc, input, { params })
    await expect(run.value).rejects.toMatchObject({ fault })
    await expect(run.result).rejects.toThrow(FlowError)
    await expect(system.run(doc, input, { params })).rejects.toMatchObject({ fault })
    expect(await system.runEither(doc, input, { params })()).toMatchObject({ left: fault })
    expect(system.stats()).toEqual(none)
  })
})

describe("aborts", () => {
  it.each(["signal", "abort", "shutdown"])("by %s reject with the reason and leave nothing", async (how) => {
    const system = new AgentSystem()
    const controller = new AbortController()
    const run = system.start(zip(agent(polite), agent(polite)), 0, { runId: "mine", signal: controller.signal })
    await Promise.resolve()
    await Promise.resolve()
    if (how === "signal") controller.abort("why")
    else if (how === "abort") await system.abort("mine", "why")
    else await system.shutdown()
    await expect(run.value).rejects.toThrow(AbortedError)
    await new Promise((resolve) => setImmediate(resolve))
    expect(system.stats()).toEqual(none)
    await system.shutdown()
  })

  it("a signal that is aborted already: nothing runs", async () => {
    await using system = new AgentSystem()
    let ran = false
    const touch = lift(() => {
      ran = true
    })
    await expect(system.run(touch, 0, { signal: AbortSignal.abort("early") })).rejects.toMatchObject({
      reason: "early",
    })
    expect(ran).toBe(false)
  })

  it("agents that ignore theirs are abandoned until they settle, and their answer is dropped", async () => {
    const clock = virtualClock()
    await using system = new AgentSystem({ clock })
    let resolve: (value: string) => void = () => undefined
    const deaf = defineAgent(
      { name: "deaf" },
      () =>
        new Promise<string>((r) => {
          resolve = r
        }),
    )
    const run = system.start(
      agent(deaf)
        .timeout(10)
        .recover(({ _tag }) => _tag),
      0,
    )
    await clock.advance(10)
    expect(await run.value).toBe("TimedOut")
    expect(system.stats()).toEqual({ ...none, abandoned: 1 })
    resolve("late")
    await clock.settle()
    expect(system.stats()).toEqual(none)
  })

  it("runs are refused after the shutdown, and an id in use", async () => {
    const system = new AgentSystem()
    const run = system.start(agent(never), 0, { runId: "x" })
    await expect(system.run(pure(1), 0, { runId: "x" })).rejects.toThrow(/"x" is under way/)
    await system.shutdown()
    await expect(run.value).rejects.toThrow(AbortedError)
    await expect(system.run(pure(1), 0)).rejects.toThrow(/shut down/)
    await system.abort("unknown")
  })

  it("numbered and named runs share one set of ids, whichever of them ends first", async () => {
    await using system = new AgentSystem()
    const ended = (handle: { readonly value: Promise<unknown> }): Promise<string> =>
      handle.value.then(String, (error: Error) => error.message)
    const second = system.start(agent(never), 0, { runId: "run-2" })
    const first = system.start(agent(never), 0)
    const third = system.start(agent(never), 0)
    const fourth = system.start(agent(never), 0)
    expect([first, second, third, fourth].map(({ runId }) => runId)).toEqual(["run-1", "run-2", "run-3", "run-4"])
    await expect(system.run(pure(1), 0, { runId: "run-3" })).rejects.toThrow(/"run-3" is under way/)
    for (const [left, handle] of [third, first, second, fourth].entries()) {
      await system.abort(handle.runId, "enough")
      expect(await ended(handle)).toBe("aborted: enough")
      expect(system.stats().runs).toBe(3 - left)
    }
    expect(await system.run(pure(1), 0, { runId: "run-3" })).toBe(1)
  })
})

/** The same flow with its law agents as functions in this process. */
function embodied(node: Node, agents: Readonly<Record<string, (input: unknown) => unknown>>): Node {
  return fold<Node>(node, {
    ...rebuild,
    Agent: (one) => agent(defineAgent<unknown, unknown>({ name: one.ref.name }, agents[one.ref.name] ?? String)).node,
  })
}

it("stats are zero after every run, however it ends", () =>
  fc.assert(
    fc.asyncProperty(
      anySample({ agents: true, faults: true }, 25),
      fc.nat(15),
      fc.option(fc.nat(40)),
      async ({ flow }, delay, abortAt) => {
        const clock = virtualClock()
        const system = new AgentSystem({ clock })
        const late = Object.fromEntries(
          Object.entries(lawAgents).map(([name, act]) => [
            name,
            (input: unknown): unknown =>
              delay === 0
                ? act(input)
                : new Promise<void>((resolve) => {
                    clock.after(delay, resolve)
                  }).then(() => act(input)),
          ]),
        )
        const run = system.start(typed<unknown, unknown>(embodied(flow.node, late)), 1)
        if (abortAt !== null) {
          await clock.advance(abortAt)
          run.abort("random instant")
        }
        await clock.advance(3_000)
        await run.result.catch(() => undefined)
        expect(system.stats()).toEqual(none)
        await system.shutdown()
      },
    ),
    times(150),
  ))

it("losers get their signal", async () => {
  await using system = new AgentSystem()
  const quick = defineAgent({ name: "quick" }, async () => "quick")
  expect(await system.run(race(agent(polite), agent(quick)), 0)).toBe("quick")
  expect(
    await system.run(
      atLeast(1, [agent(polite), agent(quick)], { settle: "quorum" }).map(({ aborted }) => aborted.length),
      0,
    ),
  ).toBe(1)
  await new Promise((resolve) => setImmediate(resolve))
  expect(system.stats()).toEqual(none)
})

describe("a signal that is none", () => {
  it("is refused, and no run stays behind", async () => {
    await using system = new AgentSystem()
    const signal: AbortSignal = JSON.parse("{}")
    await expect(system.run(pure(1), 0, { signal })).rejects.toThrow(TypeError)
    expect(system.stats()).toMatchObject({ runs: 0 })
  })
})
