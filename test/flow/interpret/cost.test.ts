import * as fc from "fast-check"
import { left, right } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import type { AnyAgentRef } from "../../../src/data/agent-ref.js"
import { Cancel } from "../../../src/data/cancel.js"
import { FaultError } from "../../../src/data/fault.js"
import * as F from "../../../src/flow/index.js"
import { fold } from "../../../src/flow/fold.js"
import { type Cost, cost } from "../../../src/flow/interpret/cost.js"
import { bounds } from "../../../src/flow/interpret/cost-algebra.js"
import { formatCost } from "../../../src/flow/interpret/cost-format.js"
import { execute } from "../../../src/flow/interpret/run/index.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import type { Ask } from "../../../src/flow/runtime.js"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { type Any, ask, longSequences, nested, of } from "./parts.js"

const param = (name: string, minimum?: number, maximum?: number): F.Param => ({
  _tag: "Param",
  name,
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
})

const calls = (flow: Any, params?: Record<string, unknown>): [number | null, number | null] => {
  const { least, most } = cost(flow, params === undefined ? {} : { params })
  return [least.calls.total.value, most.calls.total.value]
}

const [a, b, c] = [ask("a"), ask("b"), ask("c")]
const throws: Any = F.lift(() => {
  throw new Error("no")
})

describe("asks", () => {
  it.each<[string, Any, number, number]>([
    ["nothing", F.identity(), 0, 0],
    ["an agent", a, 1, 1],
    ["a sequence adds", a.andThen(b).andThen(c), 3, 3],
    ["a name adds", F.letIn("x", a, (x) => x.andThen(b)), 2, 2],
    ["all add", F.zip(a, b, c), 3, 3],
    ["a quorum takes the cheapest n", F.atLeast(2, [a.andThen(b), a, b]), 2, 4],
    ["a required member is among them", F.atLeast(2, [a.andThen(b), a, b], { required: [0] }), 3, 4],
    ["hedging adds the dearest", F.atLeast(1, [a.andThen(b), c], { hedge: { after: 5, max: 3 } }), 1, 9],
    ["a race takes the cheapest", F.race(a.andThen(b), c), 1, 3],
    ["a synchronous racer wins for nothing", F.race(a, F.pure(1)), 0, 1],
    ["a branch takes one arm", F.pure(true).branchOn((x) => x, a, b.andThen(c)), 1, 2],
    ["a classifier counts", F.route(ask("k") as F.Flow<unknown, "x" | "y">, { x: a, y: b.andThen(c) }), 2, 3],
    ["a recovery may be all", a.recoverWith(b), 1, 2],
    ["a recovery after a failure before the ask", throws.andThen(a).recoverWith(F.pure(0)), 0, 1],
    ["a recovery of what cannot fail is never taken", F.pure(1).andThen(a).recoverWith(F.pure(0)), 1, 1],
    ["two must fail before the quorum does", F.atLeast(2, [a, b, c]).recoverWith(F.pure(0)), 2, 3],
    ["a part that only fails leaves its recovery", F.fail({ code: "x", message: "x" }).recoverWith(a), 1, 1],
    ["a loop runs once or max times", F.loop(a.andThen(b) as never, { max: 4 }), 2, 8],
    ["a deadline may pass first", a.timeout(5).recoverWith(F.pure(0)), 0, 1],
  ])("%s", (_, flow, least, most) => expect(calls(flow)).toEqual([least, most]))

  it("use a parameter's value where it is given, else both ends of its schema", () => {
    const flow: Any = F.loop(F.atLeast(param("n", 1, 2), [a, b]) as never, { max: param("tries", 2, 5) })
    expect(calls(flow)).toEqual([1, 10])
    expect(calls(flow, { n: 2, tries: 3 })).toEqual([2, 6])
  })

  it("are unbounded where a parameter is, and the place says so", () => {
    const { most, unbounded } = cost(F.pure(0).andThen(F.loop(a as never, { max: param("tries", 1) }).id("again")))
    expect(most.calls).toEqual({
      total: { value: null, kind: "bound" },
      byAgent: { a: { value: null, kind: "bound" } },
    })
    expect(unbounded).toContainEqual({ path: "again", figure: "calls" })
  })

  it("say nothing of a flow that cannot succeed but 0", () => {
    expect(calls(a.andThen(F.fail({ code: "x", message: "x" })))).toEqual([0, 1])
  })

  it("of an agent called like an inherited name are counted", () => {
    const { most } = cost(ask("__proto__").andThen(ask("constructor")))
    expect(Object.entries(most.calls.byAgent).map(([name, { value }]) => [name, value])).toEqual([
      ["__proto__", 1],
      ["constructor", 1],
    ])
  })

  it("refuse a flow with a free name", () => {
    expect(() => cost(of({ _tag: "Pure", code: { _tag: "Name", name: "x" } }))).toThrow(/x is not bound/)
  })
})

describe("caps", () => {
  const caps = { requests: 2, tokens: 1_000, usd: 0.25, latency: 4_000 }
  const { usd: _, ...withoutPrice } = caps
  const capped = ask("capped", { caps })

  it("bound model calls, tokens, money and latency", () => {
    const { most, unbounded } = cost(F.zip(capped, capped).andThen(capped))
    expect(most.requests.value).toBe(6)
    expect(most.tokens.value).toBe(3_000)
    expect(most.usd.value).toBe(0.75)
    expect(most.latency.value).toBe(8_000)
    expect(most.concurrency.value).toBe(2)
    expect(unbounded).toEqual([])
  })

  it("that are missing are told once for an agent and a figure", () => {
    const { most, unbounded } = cost(a.andThen(a).andThen(ask("b", { caps: withoutPrice })))
    expect(most.usd).toEqual({ value: null, kind: "bound" })
    expect(unbounded).toEqual([
      { path: "0", agent: "a", figure: "requests" },
      { path: "0", agent: "a", figure: "tokens" },
      { path: "0", agent: "a", figure: "usd" },
      { path: "2", agent: "b", figure: "usd" },
      { path: "0", agent: "a", figure: "latency" },
    ])
  })

  it("of latency are mended by a deadline", () => {
    const { most, unbounded } = cost(F.atLeast(1, [a, capped]).timeout(7_000))
    expect(most.latency.value).toBe(7_000)
    expect(unbounded.filter(({ figure }) => figure === "latency")).toEqual([])
  })

  it("with hedging start later", () => {
    const { most } = cost(F.atLeast(1, [capped, capped], { hedge: { after: 500, max: 1 } }))
    expect(most.latency.value).toBe(4_500)
    expect(most.concurrency.value).toBe(3)
  })

  it("that grow beyond every number are laid on the whole flow", () => {
    const flow = nested(2_000, capped, (inner) => F.loop(inner as never, { max: 10 }))
    const { most, unbounded } = cost(flow)
    expect(most.calls.total.value).toBeNull()
    expect(unbounded).toContainEqual({ path: "", figure: "calls" })
  })
})

describe("depth and width", () => {
  it("of 100,000 steps", () => {
    for (const flow of Object.values(longSequences((i) => ask(`agent${i % 1_000}`)))) {
      expect(calls(flow)).toEqual([100_000, 100_000])
    }
  })

  it.each<[string, (inner: Any, level: number) => Any, number, number]>([
    ["recoveries by other agents", (inner, i) => inner.recoverWith(ask(`b${i}`)), 1, 100_001],
    ["parallels of other agents", (inner, i) => F.zip(inner, ask(`b${i}`)), 100_001, 100_001],
    ["quorums of other agents", (inner, i) => F.atLeast(1, [inner, ask(`b${i}`)]), 1, 100_001],
    ["races of other agents", (inner, i) => F.race(inner, ask(`b${i}`)), 1, 100_001],
    ["branches of other agents", (inner, i) => F.pure(true).branchOn((x) => x, inner, ask(`b${i}`)), 1, 1],
    ["deadlines", (inner) => inner.timeout(5), 1, 1],
    ["loops of one turn", (inner) => F.loop(inner as never, { max: 1 }), 1, 1],
  ])("of 100,000 %s", (_, wrap, least, most) => {
    expect(calls(nested(100_000, ask("a"), wrap))).toEqual([least, most])
  })

  it("of 10,000 members that are 100 agents each", () => {
    const members = Array.from({ length: 10_000 }, (_, i) => ask(`a${i}`).andThen(ask(`b${i % 100}`)))
    expect(calls(F.atLeast(5_000, members))).toEqual([10_000, 20_000])
  })
})

// The two theorems, over random flows whose agents answer at once or later, well or ill, and over aborted runs.

interface Behaviour {
  readonly answer: "good" | "bad" | "fault"
  readonly value: unknown
  readonly delay: number | undefined
}

const agents: readonly AnyAgentRef[] = [
  { _tag: "AgentRef", name: "a", caps: { requests: 3, latency: 4 } },
  { _tag: "AgentRef", name: "b", caps: { requests: 1, latency: 4 } },
  {
    _tag: "AgentRef",
    name: "picky",
    caps: { requests: 2, latency: 4 },
    input: {
      json: undefined,
      parse: (value: unknown) => (value === "bad" ? left([{ at: "", message: "is bad" }]) : right(value)),
    },
  },
]

const tags = ["x", "y"]
const key = { _tag: "Fn", name: "tag", run: (value: unknown) => (value as { tag?: unknown } | null)?.tag } as F.Fn
const shaky: F.Fn = {
  _tag: "Fn",
  name: "shaky",
  run: (value: unknown) => {
    if (value === "bad") throw new Error("bad")
    return value
  },
}

const trees = fc.letrec<{ node: Node }>((tie) => {
  const node = tie("node")
  const list = fc.array(node, { minLength: 1, maxLength: 3 })
  return {
    node: fc.oneof(
      { maxDepth: 6, depthSize: "medium" },
      fc.constantFrom(...agents).map((ref) => make.agent(ref)),
      fc.constantFrom<Node>(make.pure({ _tag: "Constant", value: "bad" }), make.pure(shaky), make.seq([])),
      fc.constant<Node>(make.fail({ code: "no", message: "no" })),
      fc.array(node, { maxLength: 3 }).map((parts) => make.seq(parts)),
      list.map((of) => make.all(of)),
      fc
        .tuple(list, fc.nat(), fc.constantFrom<"all" | "quorum">("all", "quorum"), fc.boolean())
        .map(([members, n, settle, required]) =>
          make.atLeast(1 + (n % members.length), members, undefined, {
            settle,
            ...(required ? { required: [0] } : {}),
          }),
        ),
      fc
        .tuple(list, fc.constantFrom<"success" | "settled">("success", "settled"))
        .map(([of, wins]) => make.race(of, wins)),
      fc
        .tuple(node, node, fc.option(node, { nil: undefined }))
        .map(([x, y, rest]) => make.branch({ code: key }, tags, [x, y], rest)),
      fc.tuple(node, node, node).map(([by, x, y]) => make.branch({ by }, tags, [x, y], undefined)),
      fc
        .tuple(node, node, fc.constantFrom<"fault" | "input">("fault", "input"), fc.boolean())
        .map(([k, handler, gets, some]) =>
          make.recover(k, handler, gets, some ? ["AgentFailed", "TimedOut"] : undefined),
        ),
      fc
        .tuple(node, fc.integer({ min: 1, max: 3 }), fc.constantFrom<"fail" | "last">("fail", "last"))
        .map(([body, max, exhausted]) => make.loop(body, max, exhausted)),
      fc.tuple(node, fc.integer({ min: 0, max: 6 })).map(([k, ms]) => make.within(k, ms)),
      fc.tuple(node, node).map(([k, body]) => make.letIn("n", k, body)),
    ),
  }
}).node

const behaviours = fc.array(
  fc.record<Behaviour>({
    answer: fc.constantFrom("good", "bad", "fault"),
    value: fc.constantFrom<unknown>(
      { tag: "x", _tag: "Done", value: { tag: "x" } },
      { tag: "y", _tag: "Continue", value: "bad" },
      "x",
      "bad",
    ),
    delay: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 8 },
)

interface Took {
  readonly asks: Map<string, number>
  readonly ended: "right" | "failed" | "aborted"
  readonly at: number
  readonly peak: number
}

async function observe(flow: Any, script: readonly Behaviour[], abortAt: number | undefined): Promise<Took> {
  const clock = virtualClock()
  const asks = new Map<string, number>()
  let [count, active, peak] = [0, 0, 0]
  const answer = ({ ref, cancel }: Ask): { value: unknown } | Promise<{ value: unknown }> => {
    asks.set(ref.name, (asks.get(ref.name) ?? 0) + 1)
    const how = script[count++ % script.length]
    if (how === undefined) throw new Error("no script")
    const { answer, value, delay } = how
    peak = Math.max(peak, ++active)
    let over = false
    const end = (): void => {
      if (!over) active--
      over = true
    }
    const give = (): { value: unknown } => {
      end()
      if (answer === "fault") throw new FaultError({ _tag: "Unavailable", message: "away", retry: "yes" })
      if (answer === "bad") throw new Error("bad")
      return { value }
    }
    if (delay === undefined) return give()
    cancel.onCancel(end)
    return new Promise((resolve, reject) => {
      clock.after(delay, () => {
        try {
          resolve(give())
        } catch (error) {
          reject(error)
        }
      })
    })
  }
  const cancel = new Cancel()
  if (abortAt !== undefined) clock.after(abortAt, () => cancel.cancel("enough"))
  let took: Took | undefined
  execute(flow, "x", { clock, ask: answer }, { runId: "r", cancel }, (result) => {
    const ended = result._tag === "Right" ? "right" : result.left._tag === "Aborted" ? "aborted" : "failed"
    took = { asks, ended, at: clock.now(), peak }
  })
  for (let i = 0; i < 1_000; i++) {
    if (took !== undefined) break
    await clock.advance(1)
  }
  if (took === undefined) throw new Error("the run did not end")
  return took
}

const total = (asks: ReadonlyMap<string, number>): number => [...asks.values()].reduce((sum, n) => sum + n, 0)
const bound = (value: number | null | undefined): number => value ?? Infinity

describe("every run", () => {
  const uniquely = (node: Node): Any | undefined => {
    try {
      cost(of(node))
      return of(node)
    } catch {
      return undefined // a name bound twice: not a flow
    }
  }

  it("has asks within most, and within least when it succeeds; and so have its agents, latency and concurrency", async () => {
    await fc.assert(
      fc.asyncProperty(trees, behaviours, fc.option(fc.nat(12), { nil: undefined }), async (node, script, abortAt) => {
        const flow = uniquely(node)
        fc.pre(flow !== undefined)
        const priced: Cost = cost(flow)
        const took = await observe(flow, script, abortAt)
        expect(total(took.asks)).toBeLessThanOrEqual(bound(priced.most.calls.total.value))
        for (const [name, asks] of took.asks) {
          expect(asks).toBeLessThanOrEqual(bound(priced.most.calls.byAgent[name]?.value))
        }
        expect(took.peak).toBeLessThanOrEqual(bound(priced.most.concurrency.value))
        expect(took.at).toBeLessThanOrEqual(bound(priced.most.latency.value))
        if (took.ended === "failed") {
          // What recoveries and quorums rely on: no failure comes cheaper than `fails` says.
          const { fails } = fold(flow.node, bounds({}))
          expect(fails).toBeDefined()
          expect(total(took.asks)).toBeGreaterThanOrEqual(bound(fails?.asks))
          for (const [name, value] of fails?.byAgent ?? []) {
            expect(took.asks.get(name) ?? 0).toBeGreaterThanOrEqual(value)
          }
        }
        if (took.ended !== "right") return
        expect(total(took.asks)).toBeGreaterThanOrEqual(bound(priced.least.calls.total.value))
        for (const [name, { value }] of Object.entries(priced.least.calls.byAgent)) {
          expect(took.asks.get(name) ?? 0).toBeGreaterThanOrEqual(bound(value))
        }
        expect(took.peak).toBeGreaterThanOrEqual(bound(priced.least.concurrency.value))
      }),
      { numRuns: 2_000 },
    )
  })

  it("has bounds that agree with one another", () => {
    fc.assert(
      fc.property(trees, (node) => {
        const flow = uniquely(node)
        fc.pre(flow !== undefined)
        const { least, most } = cost(flow)
        expect(bound(least.calls.total.value)).toBeLessThanOrEqual(bound(most.calls.total.value))
        expect(bound(most.requests.value)).toBeLessThanOrEqual(3 * bound(most.calls.total.value))
        const parts = Object.values(most.calls.byAgent).map(({ value }) => bound(value))
        expect(Math.max(0, ...parts)).toBeLessThanOrEqual(bound(most.calls.total.value))
      }),
    )
  })
})

describe("formatCost", () => {
  it("is a short table", () => {
    const capped = ask("editor", { caps: { requests: 2, tokens: 12_000, usd: 0.05, latency: 30_000 } })
    expect(formatCost(cost(F.atLeast(1, [capped, ask("analyst")]).timeout(60_000)))).toBe(
      [
        "             least       most",
        "calls            1          2",
        "  analyst        0          1",
        "  editor         0          1",
        "model calls      0  unbounded",
        "tokens           0  unbounded",
        "money           $0  unbounded",
        "latency        0ms         1m",
        "at one time      1          2",
        "unbounded: analyst declares no bound of requests, tokens, usd",
      ].join("\n"),
    )
    expect(formatCost(cost(capped)).split("\n").slice(2, 7)).toEqual([
      "  editor         1       1",
      "model calls      0       2",
      "tokens           0  12,000",
      "money           $0   $0.05",
      "latency        0ms     30s",
    ])
  })

  it("stays short for many agents", () => {
    const flow = F.zipAll(Array.from({ length: 500 }, (_, i) => ask(`agent${i}`)))
    const text = formatCost(cost(flow))
    expect(text.split("\n").length).toBeLessThan(60)
    expect(text).toContain("… 480 more agents")
  })
})
