import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type AnyFlow,
  atLeast,
  call,
  done,
  type Flow,
  type FlowEvent,
  graph,
  identity,
  letIn,
  lift,
  loop,
  pure,
  race,
  sleep,
  suspend,
  traverse,
  zip,
} from "../../src/flow/index.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import type { Outcome } from "../../src/laws/index.js"
import { virtualClock } from "../../src/testing/index.js"
import { anySample, delays, equal, lawRuntime } from "../laws/interpreters.js"
import { times } from "../setup/times.js"
import { type Stage, stage, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
type Wrap = (flow: Any) => Any
const first = lift((list: readonly unknown[]) => list[0])
const listed = lift((value: unknown) => [value])

/** Ways to put something around a flow that change nothing about its outcome, nor when it comes. */
const wraps: Readonly<Record<string, Wrap>> = {
  "a limit that is never reached": (flow) => flow.limit({ concurrency: 1_000_000, calls: 1_000_000 }),
  "a deadline that never comes": (flow) => flow.timeout(1_000_000_000),
  "no retry": (flow) => flow.retry({ times: 0 }),
  "a recovery from something else": (flow) => flow.recoverTag("NonDeterministic", pure(0)),
  "a sequence": (flow) => identity<unknown>().andThen(flow).andThen(identity()),
  "a race of one": (flow) => race([flow], { wins: "settled" }),
  "a zip of one": (flow) => zip(flow).andThen(first),
  "a list of one": (flow) => listed.andThen(traverse(flow, { concurrency: 1 })).andThen(first),
  "a graph of one": (flow) => graph({ only: { flow } }),
  "a call": (flow) => call("called", flow),
  "a choice": (flow) => identity<unknown>().flatMap(() => flow),
  "a branch": (flow) => identity<unknown>().branchOn(() => true, flow, pure(0)),
  "a tap": (flow) => flow.tap(identity()),
  "a guard": (flow) => flow.guard(() => true),
  "a name": (flow) =>
    call(
      "called",
      letIn("unread", identity<unknown>(), () => flow),
    ),
  "one turn": (flow) => loop(flow.map((value) => done(value))),
}

interface Seen {
  readonly end: Outcome
  readonly at: number
  /** Each start and end of an ask, with its instant. */
  readonly tasks: readonly string[]
  readonly pending: number
}

async function see(flow: AnyFlow, table: readonly number[]): Promise<Seen> {
  const clock = virtualClock()
  const events: FlowEvent[] = []
  let end: Outcome | undefined
  let at = -1
  const runtime = lawRuntime(clock, delays(table), (event) => events.push(event))
  execute(flow, 1, runtime, { runId: "r" }, (ended) => {
    end = ended
    at = clock.now()
  })
  await clock.advance(10_000)
  if (end === undefined) throw new Error("it did not end")
  const tasks = events.flatMap(({ type, time, taskId }) =>
    type.startsWith("task_") ? [`${time} ${type} ${taskId}`] : [],
  )
  return { end, at, tasks, pending: clock.pending }
}

it.each([1, 100])("whatever changes nothing, %i deep around a flow, changes nothing", (deep) =>
  fc.assert(
    fc.asyncProperty(
      anySample({ agents: true, faults: true }, 20),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...Object.keys(wraps)),
      async ({ flow }, table, name) => {
        let around: Any = flow
        for (let i = 0; i < deep; i++) around = wraps[name]?.(around) ?? around
        const [bare, wrapped] = [await see(flow, table), await see(around, table)]
        expect(equal(wrapped.end, bare.end)).toBe(true)
        expect({ ...wrapped, end: 0 }).toEqual({ ...bare, end: 0 })
        expect(bare.pending).toBe(0)
      },
    ),
    times(deep === 1 ? 300 : 60),
  ),
)

describe("a function that aborts the run it is part of", () => {
  const never = to("never")
  const around: Readonly<Record<string, (stop: Any) => AnyFlow>> = {
    "a quorum with grace": (stop) => atLeast(1, [stop, never], { settle: "quorum", grace: 100 }),
    "a hedged quorum": (stop) => atLeast(1, [never, stop], { hedge: { after: 10, max: 1 } }),
    "a deadline": (stop) => zip(never, stop).timeout(50),
    "a race": (stop) => race(never, stop, never),
    "a retry": (stop) => stop.guard(() => false).retry({ on: ["Rejected"], base: 10 }),
    "a sleep": (stop) => stop.andThen(sleep(100)),
    "a suspend": (stop) => stop.andThen(suspend("answer", true)),
    "a side": (stop) => pure(1).notify(never).andThen(stop),
    "a quorum at the side": (stop) =>
      pure(1)
        .notify(atLeast(1, [stop, never], { settle: "quorum", grace: 100 }))
        .tap(never),
    "a limit": (stop) => zip(never, never, stop).limit({ concurrency: 1 }),
    "a graph": (stop) => graph({ a: { flow: never }, b: { flow: stop }, c: { dependsOn: ["b"], flow: never } }),
    "a choice": (stop) => stop.flatMap(() => never),
    "a list": (stop) => pure([1, 2]).andThen(traverse(stop.andThen(never), { concurrency: 1, atLeast: 1 })),
  }

  it.each(Object.keys(around))("leaves nothing of %s", async (name) => {
    const on = stage({ never: () => () => new Promise(() => undefined) })
    const stop = lift((value: unknown) => {
      on.cancel.cancel("enough")
      return value
    })
    const outcome = on.start(around[name]?.(stop) ?? stop)
    await on.clock.settle()
    expect(outcome()).toEqual({ _tag: "Left", left: { _tag: "Aborted", reason: "enough" } })
    expect(on.clock.pending).toBe(0)
    expect(on.events.at(-1)?.type).toBe("run_aborted")
    const of = (pattern: RegExp): string[] =>
      on.events.flatMap(({ type, taskId }) => (pattern.test(type) ? [taskId] : []))
    expect(of(/^task_aborted$/).toSorted()).toEqual(of(/^task_started$/).toSorted())
  })
})

it.each([
  ["a list", pure([1, 2, 3]).andThen(traverse(lift((n: number) => n + 1))), [2, 3, 4]],
  ["a graph", graph({ a: { flow: pure(1) }, b: { dependsOn: ["a"], flow: pure(2) } }), 2],
])("%s gets on however much time goes by between two looks at the clock", async (_name, flow, value) => {
  const on: Stage = stage()
  let now = 0
  const clock = { ...on.clock, elapsed: () => (now += 5) }
  let outcome: Outcome | undefined
  execute(flow, 0, { ...on.runtime, clock }, { runId: "r" }, (ended) => (outcome = ended))
  for (let turn = 0; outcome === undefined && turn < 100; turn++) await new Promise((go) => setImmediate(go))
  expect(valueOf(outcome)).toEqual(value)
})
