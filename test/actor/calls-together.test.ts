import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, type ActorContext, ActorSystem, actor, Cancel } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const setUp = () => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const nothing = { actors: 0, timers: 0, asks: 0, deadLetters: 0 }
  /** Runs `body` in an actor, and says what there was beside it when it ended. */
  const within = async <S>(body: (context: ActorContext<string>) => Promise<S>) => {
    const ref = app.spawn(
      actor(async (_message: string, context): Promise<{ value?: S; error?: unknown; left: object }> => {
        const there = () => {
          // The driver itself, and the ask of the test, do not count; a handler that was aborted may need a moment more.
          const { abandoned: _, ...stats } = app.stats()
          return { ...stats, actors: stats.actors - 1, asks: stats.asks - 1 }
        }
        try {
          const value = await body(context)
          return { value, left: there() }
        } catch (error) {
          return { error, left: there() }
        }
      }),
      "driver",
    )
    const outcome = await ref.ask("go")
    await ref.stop()
    return outcome
  }
  return { clock, app, nothing, within }
}

type Job = { readonly ms: number; readonly fails?: boolean }

/** Answers, or fails, after a time; keeps a diary of its life. */
const worker = (app: ActorSystem, diary: string[] = []) =>
  class Worker extends Actor<Job, number> {
    override onStarted() {
      diary.push(`started ${this.context.name}`)
    }
    override async onStopped() {
      await Promise.resolve()
      diary.push(`stopped ${this.context.name}`)
    }
    override onReceive({ ms, fails = false }: Job) {
      return new Promise<number>((resolve, reject) => {
        const stop = app.clock.after(ms, () => (fails ? reject(new Error(`failed at ${ms}`)) : resolve(ms)))
        this.context.cancel.onCancel((reason) => {
          stop()
          reject(reason)
        })
      })
    }
  }

describe("sequence, traverse and zip", () => {
  it("keep the order of the calls, whatever the order of the answers", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.record({ ms: fc.nat(50), ref: fc.boolean() }), { maxLength: 12 }), async (jobs) => {
        const { app, clock, nothing, within } = setUp()
        const Worker = worker(app)
        const refs = jobs.map(() => app.spawn(Worker))
        const outcome = within(async (context) => {
          const all = await context.sequence(jobs.map(({ ms, ref }, i) => [ref ? (refs[i] ?? Worker) : Worker, { ms }]))
          const each = await context.traverse(
            jobs.map(({ ms }) => ({ ms })),
            Worker,
          )
          return { all, each }
        })
        await clock.advance(100)
        const expected = jobs.map(({ ms }) => ms)
        expect(await outcome).toEqual({
          value: { all: expected, each: expected },
          left: { ...nothing, actors: jobs.length },
        })
      }),
    ))

  it("ask at once", async () => {
    const { app, clock, within } = setUp()
    const Worker = worker(app)
    const outcome = within((context) => context.zip([Worker, { ms: 30 }], [Worker, { ms: 20 }]))
    await clock.advance(30)
    expect((await outcome).value).toEqual([30, 20])
  })

  it("fail with the first that fails, abort the rest, and leave nothing", async () => {
    for (const how of ["sequence", "traverse", "zip"] as const) {
      const { app, clock, nothing, within } = setUp()
      const Worker = worker(app)
      const good = { ms: 50 }
      const bad = { ms: 20, fails: true }
      const outcome = within<unknown>((context) => {
        if (how === "traverse") return context.traverse([good, bad, { ms: 10 }], Worker)
        if (how === "zip") return context.zip([Worker, good], [Worker, bad])
        return context.sequence([
          [Worker, good],
          [Worker, bad],
          [actor(async (_n: number) => new Promise(() => {})), 1],
        ])
      })
      await clock.advance(20)
      const { error, left } = await outcome
      expect(error).toEqual(new Error("failed at 20"))
      expect(left).toEqual(nothing)
      await clock.settle()
      // The function that hears no signal is abandoned.
      expect(app.stats()).toEqual({ ...nothing, abandoned: how === "sequence" ? 1 : 0 })
      expect(clock.pending).toBe(0)
    }
  })

  it("give up at their deadline, when aborted, and with the actor", async () => {
    for (const how of ["timeout", "cancel"] as const) {
      const { app, clock, nothing, within } = setUp()
      const Worker = worker(app)
      const cancel = new Cancel()
      const other = app.spawn(Worker, "other")
      const outcome = within((context) =>
        context.sequence(
          [
            [Worker, { ms: 50 }],
            [other, { ms: 50 }],
          ],
          how === "timeout" ? { timeout: 10 } : { cancel },
        ),
      )
      await clock.advance(10)
      cancel.cancel("enough")
      await clock.settle()
      const { error, left } = await outcome
      await clock.settle()
      expect(app.stats()).toMatchObject({ actors: 1, abandoned: 0 })
      expect(error).toMatchObject(
        how === "timeout" ? { fault: { _tag: "TimedOut", after: 10 } } : { name: "AbortedError", reason: "enough" },
      )
      // The actor that was asked goes on by itself, with one timer.
      expect(left).toEqual({ ...nothing, actors: 1 })
      expect(clock.pending).toBe(1)
      await clock.advance(50)
    }
  })

  it("tell their children why they are aborted", async () => {
    const { clock, within } = setUp()
    const reasons: unknown[] = []
    const Listening = actor((_n: number, context) => {
      context.cancel.onCancel((reason) => reasons.push(reason))
      return new Promise<void>(() => {})
    })
    const error = new Error("the other failed")
    const failing = actor((_n: number): void => {
      throw error
    })
    const cancel = new Cancel()
    const outcome = within(async (context) => {
      await context.zip([Listening, 1], [failing, 2]).catch(() => {})
      await context.ask(Listening, 1, { timeout: 5 }).catch(() => {})
      await context.traverse([1], Listening, { cancel }).catch(() => {})
    })
    await clock.advance(5)
    cancel.cancel("enough")
    await outcome
    expect(reasons).toEqual([
      error,
      expect.objectContaining({ message: expect.stringMatching(/within 5 ms/) }),
      "enough",
    ])
  })
})

describe("race", () => {
  it("gives the first answer, and aborts the others before it does", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.integer({ min: 1, max: 50 }), fails: fc.boolean() }), {
          minLength: 1,
          maxLength: 8,
        }),
        async (jobs) => {
          const { app, clock, nothing, within } = setUp()
          const Worker = worker(app)
          const outcome = within((context) => context.race(jobs.map((job) => [Worker, job])))
          await clock.advance(50)
          const { value, error, left } = await outcome
          const good = jobs.filter(({ fails }) => !fails).map(({ ms }) => ms)
          if (good.length > 0) expect(value).toBe(Math.min(...good))
          else {
            expect(error).toMatchObject({ fault: { _tag: "AllFailed" } })
            expect(error).toMatchObject({
              fault: { faults: jobs.map(({ ms }) => ({ cause: new Error(`failed at ${ms}`), path: "Worker" })) },
            })
          }
          expect(left).toEqual(nothing)
          await clock.settle()
          expect(app.stats()).toEqual({ ...nothing, abandoned: 0 })
          expect(clock.pending).toBe(0)
        },
      ),
    ))

  it("says what each failed of, and whether to retry", async () => {
    const { app, within } = setUp()
    const gone = app.spawn(
      actor(() => 1),
      "gone",
    )
    await gone.stop()
    const { error } = await within((context) => context.race([[gone, "x"]]))
    expect(error).toMatchObject({
      message: "all 1 calls failed: /app/gone: /app/gone has ended",
      fault: { _tag: "AllFailed", retry: "no", faults: [{ _tag: "Unavailable", path: "/app/gone" }] },
    })
    const none = await within((context) => context.race([]))
    expect(none.error).toEqual(new TypeError("race of no calls: expected one or more"))
  })

  it("is aborted as one, not failed by all", async () => {
    const { app, clock, nothing, within } = setUp()
    const cancel = new Cancel()
    const Worker = worker(app)
    const calls = [[Worker, { ms: 10 }] as const, [Worker, { ms: 20 }] as const]
    const outcome = within((context) => context.race(calls, { cancel }))
    await clock.advance(5)
    cancel.cancel("enough")
    const { error, left } = await outcome
    expect(error).toMatchObject({ name: "AbortedError", reason: "enough" })
    expect(left).toEqual(nothing)
  })
})
