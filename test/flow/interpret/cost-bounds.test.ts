import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Cancel } from "../../../src/data/cancel.js"
import { FaultError } from "../../../src/data/fault.js"
import * as F from "../../../src/flow/index.js"
import { fold, walk } from "../../../src/flow/fold.js"
import { type Cost, cost, surroundings } from "../../../src/flow/interpret/cost.js"
import { bounds } from "../../../src/flow/interpret/cost-algebra.js"
import { execute } from "../../../src/flow/interpret/run/index.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import type { Ask } from "../../../src/flow/runtime.js"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { trees } from "./cost-flows.js"
import { type Any, of } from "./parts.js"
import { times } from "../../setup/times.js"

// The two theorems, over random flows whose agents answer at once or later, well or ill, and over aborted runs.

interface Behaviour {
  readonly answer: "good" | "bad" | "fault" | "later"
  readonly value: unknown
  readonly delay: number | undefined
}

const behaviours = fc.array(
  fc.record<Behaviour>({
    answer: fc.constantFrom("good", "bad", "fault", "later"),
    value: fc.constantFrom<unknown>(
      { tag: "x", _tag: "Done", value: { tag: "x" } },
      { tag: "y", _tag: "Continue", value: "bad" },
      ["x", "bad"],
      ["x", "y", "z", "x"],
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
  /** When the value was known, or the run had ended without one. */
  readonly at: number
  readonly peak: number
  readonly requests: number
  readonly tokens: number
  readonly usd: number
}

async function observe(flow: Any, script: readonly Behaviour[], abortAt: number | undefined): Promise<Took> {
  const clock = virtualClock()
  const asks = new Map<string, number>()
  let [count, active, peak] = [0, 0, 0]
  let known: number | undefined
  const spent = { requests: 0, tokens: 0, usd: 0 }
  const answer = ({ ref, cancel }: Ask): { value: unknown } | Promise<{ value: unknown }> => {
    asks.set(ref.name, (asks.get(ref.name) ?? 0) + 1)
    for (const figure of ["requests", "tokens", "usd"] as const) spent[figure] += ref.caps?.[figure] ?? 0
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
      if (answer === "later") throw new FaultError({ _tag: "RateLimited", message: "later", retry: { after: 3 } })
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
  const last = make.pure({
    _tag: "Fn",
    name: "last",
    run: (value: unknown) => {
      known = clock.now()
      return value
    },
  })
  execute(
    of(make.seq([flow.node, last])),
    "x",
    { clock, random: () => 0, ask: answer },
    { runId: "r", cancel },
    (result) => {
      const ended = result._tag === "Right" ? "right" : result.left._tag === "Aborted" ? "aborted" : "failed"
      took = { asks, ended, at: known ?? clock.now(), peak, ...spent }
    },
  )
  for (let i = 0; i < 1_000; i++) {
    if (took !== undefined) break
    await clock.advance(1)
  }
  if (took === undefined) throw new Error("the run did not end")
  return took
}

/** What a latency does not count: waiting for a limit, and, where there is no value, the end of side flows. */
function uncounted(node: Node, ended: Took["ended"]): boolean {
  let found = false
  walk(node, (one) => {
    if ("concurrency" in one && "of" in one) found = true
    if ("side" in one && ended !== "right") found = true
  })
  return found
}

const total = (asks: ReadonlyMap<string, number>): number => [...asks.values()].reduce((sum, n) => sum + n, 0)
const bound = (value: number | null | undefined): number => value ?? Infinity

describe("every run", () => {
  const uniquely = (node: Node): Any | undefined => {
    try {
      cost(of(node))
      return of(node)
    } catch (error) {
      if (error instanceof F.InvalidFlow) return undefined // a name bound twice: not a flow
      throw error
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
        for (const figure of ["requests", "tokens", "usd"] as const) {
          expect(took[figure]).toBeLessThanOrEqual(bound(priced.most[figure].value))
        }
        if (!uncounted(node, took.ended)) expect(took.at).toBeLessThanOrEqual(bound(priced.most.latency.value))
        if (took.ended === "failed") {
          // What recoveries and quorums rely on: no failure comes cheaper than `fails` says.
          const { fails } = fold(flow.node, bounds(surroundings(flow.node, {})))
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
      times(2_000),
    )
  })

  it("has bounds that agree with one another", () => {
    fc.assert(
      fc.property(trees, (node) => {
        const flow = uniquely(node)
        fc.pre(flow !== undefined)
        const { least, most } = cost(flow)
        expect(bound(least.calls.total.value)).toBeLessThanOrEqual(bound(most.calls.total.value))
        // Of a flow that is chosen out of sight, calls may be limited, but not what each of them takes.
        expect(most.requests.value ?? 0).toBeLessThanOrEqual(3 * bound(most.calls.total.value))
        const parts = Object.values(most.calls.byAgent).map(({ value }) => bound(value))
        expect(Math.max(0, ...parts)).toBeLessThanOrEqual(bound(most.calls.total.value))
      }),
    )
  })
})
