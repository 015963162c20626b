import * as fc from "fast-check"
import { left, right } from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import type { AnyAgentRef } from "../../../src/data/agent-ref.js"
import { Cancel } from "../../../src/data/cancel.js"
import { FaultError } from "../../../src/data/fault.js"
import type * as F from "../../../src/flow/index.js"
import { fold } from "../../../src/flow/fold.js"
import { type Cost, cost } from "../../../src/flow/interpret/cost.js"
import { bounds } from "../../../src/flow/interpret/cost-algebra.js"
import { execute } from "../../../src/flow/interpret/run/index.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import type { Ask } from "../../../src/flow/runtime.js"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { type Any, of } from "./parts.js"

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
  execute(flow, "x", { clock, random: () => 0, ask: answer }, { runId: "r", cancel }, (result) => {
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
