import { AgentSystem, agent, defineAgent, type FlowEvent, type FunctionAgent } from "troupe"
import { virtualClock } from "troupe/testing"
import * as fc from "fast-check"
import { expect, it } from "vitest"

/** What an agent does: it works a while, asks others in one of the ways, works again, and answers or fails. */
interface Plan {
  readonly before: number
  readonly after: number
  readonly way: "sequence" | "race" | "traverse" | "one by one" | "stream" | "and goes on"
  readonly fails: boolean
  readonly catches: boolean
  readonly asks: readonly Plan[]
}

const ways: readonly Plan["way"][] = ["sequence", "race", "traverse", "one by one", "stream", "and goes on"]

/** Plans so many levels deep at most. */
const plans = (levels: number): fc.Arbitrary<Plan> =>
  fc.record({
    before: fc.integer({ min: 0, max: 5 }),
    after: fc.integer({ min: 0, max: 5 }),
    way: fc.constantFrom(...ways),
    fails: fc.integer({ min: 0, max: 5 }).map((n) => n === 5),
    catches: fc.boolean(),
    asks: levels === 0 ? fc.constant([]) : fc.array(plans(levels - 1), { maxLength: 3 }),
  })

const ends = new Set(["task_completed", "task_failed", "task_aborted"])

function checkTree(events: readonly FlowEvent[], runId: string): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i))
  const open = new Map<string, FlowEvent>()
  for (const event of events) {
    const { type, taskId, parentTaskId = "", parentAgentPath, agentPath } = event
    if (type === "task_started") {
      const parent = open.get(parentTaskId)
      expect(parentTaskId === runId || parent !== undefined).toBe(true)
      if (parent !== undefined) expect(parentAgentPath).toBe(parent.agentPath)
      expect(agentPath.startsWith(`${parentAgentPath}/`)).toBe(true)
      open.set(taskId, event)
    } else if (ends.has(type)) {
      expect(open.delete(taskId)).toBe(true)
      expect([...open.values()].filter((other) => other.parentTaskId === taskId)).toEqual([])
    }
  }
  expect(open.size).toBe(0)
}

it("whatever agents ask of one another: each task has one end, before that of its asker, and nothing is left", () =>
  fc.assert(
    fc.asyncProperty(
      plans(4),
      fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      async (plan, abortAt, concurrency) => {
        const clock = virtualClock()
        let working = 0
        let most = 0
        /** Work that is aborted goes on for nobody, and counts no more. */
        const work = (ms: number, signal: AbortSignal): Promise<void> => {
          if (signal.aborted) return Promise.resolve()
          most = Math.max(most, ++working)
          return new Promise((resolve) => {
            let open = true
            const end = (): void => {
              if (open) working--
              open = false
              resolve()
            }
            clock.after(ms, end)
            signal.addEventListener("abort", end)
          })
        }
        const does: FunctionAgent<Plan, number> = defineAgent<Plan, number>({ name: "does" }, async (todo, ctx) => {
          await work(todo.before, ctx.signal)
          const { asks, way } = todo
          const all = async (): Promise<unknown> => {
            const calls = asks.map((one) => [does, one] as const)
            if (way === "sequence") return ctx.sequence(calls)
            if (way === "race") return asks.length === 0 ? undefined : ctx.race(calls)
            if (way === "traverse") return ctx.traverse(asks, does)
            if (way === "and goes on") {
              for (const one of asks) ctx.ask(does, one).catch(() => undefined)
              return undefined
            }
            for (const one of asks) {
              if (way === "one by one") await ctx.ask(does, one)
              else for await (const step of ctx.stream(does, one)) if (step.type === "result") break
            }
            return undefined
          }
          await (todo.catches ? all().catch(() => undefined) : all())
          if (way !== "and goes on") await work(todo.after, ctx.signal)
          if (todo.fails) throw new Error("as planned")
          return asks.length
        })
        const system = new AgentSystem({ clock })
        const flow = agent(does)
        const run = system.start(concurrency === undefined ? flow : flow.limit({ concurrency }), plan, { runId: "r" })
        const events: FlowEvent[] = []
        const reading = (async () => {
          for await (const event of run.events) if (event.type !== "lagged") events.push(event)
        })()
        if (abortAt !== undefined) clock.after(abortAt, () => run.abort("enough"))
        await clock.advance(2_000)
        await run.result.catch(() => undefined)
        await reading
        checkTree(events, "r")
        expect(system.stats()).toEqual({ actors: 0, runs: 0, timers: 0, abandoned: 0 })
        expect(working).toBe(0)
        if (concurrency !== undefined) expect(most).toBeLessThanOrEqual(2 * concurrency)
        await system.shutdown()
      },
    ),
  ))
