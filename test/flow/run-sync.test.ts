import type { Clock } from "../../src/data/clock.js"
import {
  agent,
  atLeast,
  call,
  type Continue,
  type Done,
  continueWith,
  done,
  fail,
  type Flow,
  graph,
  identity,
  letIn,
  lift,
  loop,
  pure,
  race,
  traverse,
  zip,
} from "../../src/flow/index.js"
import { rebuild } from "../../src/flow/rebuild.js"
import { describe, expect, it } from "vitest"
import { close } from "../../src/flow/closed.js"
import { flow } from "../../src/flow/build.js"
import { fold } from "../../src/flow/fold.js"
import * as make from "../../src/flow/make.js"
import { steps } from "../../src/flow/spine.js"
import type { Node, Seq } from "../../src/flow/node.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import { faultOf, stage, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
const increment = (n: unknown): number => Number(n) + 1
const deep = 100_000

const second = lift(({ results }: { readonly results: { readonly a: unknown } }) => results.a)

/** A combinator around a flow, `deep` times. Each leaves the value as it is. */
const wrappers: Readonly<Record<string, (inner: Any) => Any>> = {
  andThen: (inner) => identity<unknown>().andThen(inner),
  "andThen, the other way": (inner) => inner.andThen(identity()),
  "a named sequence": (inner) => inner.andThen(identity()).id("s"),
  letIn: (inner) => flow(make.letIn("x", make.seq([]), inner.node)),
  zip: (inner) => zip(inner).map(([value]) => value),
  "zip, second": (inner) => zip(pure(1), inner).map(([, value]) => value),
  race: (inner) => race(inner),
  atLeast: (inner) => atLeast(1, [inner]).map(({ succeeded }) => succeeded[0]?.value),
  branch: (inner) => identity<unknown>().branchOn(() => true, inner, pure(0)),
  recover: (inner) => inner.recover(() => 0),
  "recover, handler": (inner) =>
    lift<unknown, unknown>(() => {
      throw new Error("no")
    }).fallbackTo(inner),
  loop: (inner) => loop(inner.map((value) => done(value))),
  timeout: (inner) => inner.timeout(1_000),
  "flatMap, of": (inner) => inner.flatMap((output) => pure(output)),
  "flatMap, chosen": (inner) => pure(0).flatMap(() => inner),
  traverse: (inner) =>
    lift((value: unknown) => [value])
      .andThen(traverse(inner))
      .map(([value]) => value),
  "traverse, atLeast": (inner) =>
    lift((value: unknown) => [value])
      .andThen(traverse(inner, { concurrency: 1, atLeast: 1 }))
      .map(({ succeeded }) => succeeded[0]?.value),
  retry: (inner) => inner.retry({ times: 1 }),
  limit: (inner) => inner.limit({ concurrency: 1 }),
  guard: (inner) => inner.guard(() => true),
  "guard, checked by a flow": (inner) => flow(make.guard(inner.node, { by: pure(true).node })),
  graph: (inner) => graph({ a: { flow: inner }, b: { dependsOn: ["a"], flow: second } }),
  call: (inner) => call("f", inner),
}

const nest = (wrap: (inner: Any) => Any, leaf: Any, levels = deep): Any => {
  let built = leaf
  for (let i = 0; i < levels; i++) built = wrap(built)
  return built
}

describe("what is synchronous", () => {
  it("settles before run returns: no promise, no turn of the event loop", () => {
    const { start } = stage()
    const all = zip(pure(1), lift(increment), race(lift(increment), pure(0))).map(([a, b, c]) => a + b + c)
    const body = lift((n: number) => (n < 100 ? continueWith(n + 1) : done(n)))
    const whole = letIn("x", all.andThen(loop(body, { max: 200 })), (x) => zip(x, atLeast(1, [x, x])))
    expect(valueOf(start(whole, 1)())).toMatchObject([100, { succeeded: [{ value: 100 }, { value: 100 }] }])
  })

  it("asks agents that answer at once without a promise", () => {
    const { start, asked } = stage({ twice: () => (n) => Number(n) * 2 })
    expect(valueOf(start(to("twice").andThen(to("twice")).id("s"), 3)())).toBe(12)
    expect(asked).toEqual(["0", "1"])
  })
})

describe.each(Object.entries(wrappers))("%s", (name, wrap) => {
  let names = 0
  // A Let within a Let of its name would be refused: each has its own.
  const letting = (inner: Any): Any => flow(make.letIn(`x${names++}`, make.seq([]), inner.node))
  const nested = (leaf: Any, levels: number): Any => nest(name === "letIn" ? letting : wrap, leaf, levels)

  it("nests 100,000 deep: closed, folded, run without the event loop's help", () => {
    const built = nested(lift(increment), deep)
    close(built.node)
    expect(fold(built.node, rebuild)._tag).toBe(built.node._tag)
    expect(valueOf(stage().start(built, 1)())).toBe(2)
  })

  it("nests 10,000 deep around an agent that answers later, or a fault", async () => {
    const { run, start } = stage({ later: () => async (value) => increment(value) })
    expect(valueOf(await run(nested(to("later"), 10_000), 1))).toBe(2)
    const failing = nested(
      lift<unknown, unknown>(() => {
        throw new Error("the leaf")
      }),
      10_000,
    )
    const outcome = start(failing, 1)()
    if (name === "recover") expect(valueOf(outcome)).toBe(0)
    else expect(faultOf(outcome).message.length).toBeLessThan(2_000)
  })
})

describe("sequences of 100,000 steps", () => {
  const leaf = lift(increment)
  const balanced = (from: number, to_: number): Node =>
    to_ - from === 1 ? leaf.node : make.seq([balanced(from, (from + to_) >> 1), balanced((from + to_) >> 1, to_)])
  it.each([
    ["flat", () => make.seq(Array.from({ length: deep }, () => leaf.node))],
    ["to the left", () => nest((inner) => inner.andThen(leaf), identity()).node],
    ["to the right", () => nest((inner) => leaf.andThen(inner), identity()).node],
    ["balanced", () => balanced(0, deep)],
  ])("%s", (_, build) => {
    const node = build()
    expect(steps(node as Seq).length).toBe(deep)
    close(node)
    expect(valueOf(stage().start(flow(node), 0)())).toBe(deep)
  })
})

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
    ["a long sequence", flow(make.seq(Array.from({ length: deep }, () => lift(increment).node))), deep],
    [
      "a loop around a sequence",
      loop(flow<unknown, ReturnType<typeof continueWith>>(make.seq([once.node])), { max: 50_000, exhausted: "last" }),
      50_000,
    ],
    [
      "the elements of a list",
      lift(() => Array.from({ length: deep }, () => 1)).andThen(traverse(lift(increment))),
      deep,
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
    expect(
      await run(
        race(
          nest((inner) => inner.recover(() => 0), pure("first")),
          pure("second"),
        ),
        countingClock(3),
      ),
    ).toBe("first")
  })
})

it("an agent is asked where a deep member is synchronous, only after it", () => {
  const { start, asked } = stage()
  const late = agent<unknown, unknown>({ _tag: "AgentRef", name: "b" })
  const first = nest((inner) => inner.recover(() => 0), to("a"), 5_000)
  expect(valueOf(start(race(first, late), 1)())).toBe(1)
  expect(asked).toEqual(["0"])
})
