import { describe, expect, it } from "vitest"
import { Actor, type ActorRef, ActorSystem, actor, allForOne, Cancel } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const setUp = () => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock, supervisor: allForOne() })
  return { clock, app }
}

/** Streams numbers, one every `ms` milliseconds, and tells a diary of its life. */
const streamer = (diary: string[], pace: (ms: number) => Promise<void>) => {
  let instances = 0
  return class Streamer extends Actor<number, string, number> {
    readonly #instance = ++instances
    override onStarted() {
      diary.push(`started ${this.#instance}`)
    }
    override onStopped() {
      diary.push(`stopped ${this.#instance}`)
    }
    override onRestart(error: unknown) {
      diary.push(`restarted by ${error instanceof Error ? error.message : ""}`)
    }
    override async *onReceive(ms: number) {
      try {
        for (let n = 1; n <= 5; n++) {
          if (ms > 0) await pace(ms)
          yield n
        }
        return "done"
      } finally {
        await Promise.resolve()
        diary.push(`finally ${this.#instance}`)
      }
    }
  }
}

const crash = actor((message: string): string => {
  throw new Error(message)
})

describe("a stream whose actor", () => {
  it("is stopped fails with Unavailable, and its finally runs before the last hook", async () => {
    const { app, clock } = setUp()
    const diary: string[] = []
    const ref = app.spawn(
      streamer(diary, async () => {}),
      "s",
    )
    const stream = ref.askStream(0, { readAhead: 1 })
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    const stopped = ref.stop()
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "Unavailable", message: /\/app\/s is being/ } })
    await stopped
    expect(diary).toEqual(["started 1", "finally 1", "stopped 1"])
    await clock.settle()
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, abandoned: 0 })
    await expect(ref.askStream(0).next()).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("is stopped by its parent's end fails as well", async () => {
    const { app } = setUp()
    const diary: string[] = []
    const Streamer = streamer(diary, async () => {})
    class Parent extends Actor<string, ActorRef<number, string, number>> {
      override onReceive(_message: string) {
        return this.context.spawn(Streamer)
      }
    }
    const parent = app.spawn(Parent)
    const stream = (await parent.ask("x")).askStream(0)
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    await parent.stop()
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    expect(diary).toEqual(["started 1", "finally 1", "stopped 1"])
  })

  it("ends itself is read to its end first", async () => {
    const { app, clock } = setUp()
    const ref = app.spawn(
      actor(function* (n: number, context) {
        yield n
        context.stopSelf()
        yield n + 1
        return "done"
      }),
    )
    const stream = ref.askStream(1, { readAhead: 0 })
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    expect(await stream.next()).toEqual({ done: false, value: 2 })
    expect(await stream.next()).toEqual({ done: true, value: "done" })
    await clock.settle()
    expect(app.stats().actors).toBe(0)
  })

  it("is restarted fails with the very error; finally, last hook and next instance do not overlap", async () => {
    for (const mode of ["stream", "ask", "tell"] as const) {
      const { app, clock } = setUp()
      const diary: string[] = []
      const ref = app.spawn(streamer(diary, (ms) => new Promise((resolve) => clock.after(ms, resolve))))
      const sibling = app.spawn(crash)
      const failures: unknown[] = []
      const read = async () => {
        for await (const n of ref.askStream(mode === "stream" ? 10 : 0)) diary.push(`chunk ${n}`)
      }
      if (mode === "stream") void read().catch((error: unknown) => failures.push(error))
      else if (mode === "ask") void ref.ask(10).catch((error: unknown) => failures.push(error))
      else void ref.tell(10)
      await clock.advance(10)
      let thrown: unknown
      await sibling.ask("all anew").catch((error: unknown) => {
        thrown = error
      })
      await clock.settle()
      expect(failures).toEqual(mode === "tell" ? [] : [thrown])
      expect(diary.filter((line) => !line.startsWith("chunk"))).toEqual(["started 1"])
      await clock.advance(10)
      expect(diary.filter((line) => !line.startsWith("chunk"))).toEqual([
        "started 1",
        "finally 1",
        "stopped 1",
        "restarted by all anew",
        "started 2",
      ])
      expect(await ref.ask(0)).toBe("done")
      expect(app.stats()).toMatchObject({ actors: 2, asks: 0, abandoned: 0 })
    }
  })

  it("fails itself restarts after its finally", async () => {
    const { app } = setUp()
    const diary: string[] = []
    class Failing extends streamer(diary, async () => {}) {
      override async *onReceive(n: number): AsyncGenerator<number, string> {
        yield* super.onReceive(n)
        throw new Error("too far")
      }
    }
    const ref = app.spawn(Failing)
    const seen: number[] = []
    const read = async () => {
      for await (const n of ref.askStream(0)) seen.push(n)
    }
    await expect(read()).rejects.toThrow("too far")
    expect(seen).toEqual([1, 2, 3, 4, 5])
    await app.whenQuiescent()
    expect(diary).toEqual(["started 1", "finally 1", "stopped 1", "restarted by too far", "started 2"])
  })

  it("is shut down fails at once, waits for its finally, and has its signal", async () => {
    const { app, clock } = setUp()
    const diary: string[] = []
    const ref = app.spawn(
      actor(async function* (n: number, context) {
        try {
          yield n
          await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve()))
          diary.push("aborted")
          yield n
        } finally {
          await new Promise<void>((resolve) => clock.after(10, resolve))
          diary.push("finally")
        }
      }),
    )
    const stream = ref.askStream(1)
    await stream.next()
    const down = app.shutdown()
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await clock.advance(10)
    await down
    expect(diary).toEqual(["aborted", "finally"])
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, abandoned: 0, timers: 0 })
  })

  it("is interrupted with the ephemeral above it is a stray until its finally has run", async () => {
    const { app, clock } = setUp()
    const cancel = new Cancel()
    const diary: string[] = []
    const Streamer = streamer(diary, async () => {})
    const answer = app.runEphemeral(
      "/app/e",
      async (_message: string, context) => {
        const seen: unknown[] = []
        const stream = context.spawn(Streamer).askStream(0, { readAhead: 1 })
        seen.push(await stream.next())
        cancel.cancel("enough")
        await stream.next().catch((error: unknown) => seen.push(error))
        return seen
      },
      "x",
      cancel,
    )
    await expect(answer).rejects.toMatchObject({ reason: "enough" })
    await clock.settle()
    expect(diary).toEqual(["started 1", "finally 1", "stopped 1"])
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, abandoned: 0 })
  })

  it("escalated from below goes on when its parent resumes it", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    class Parent extends Actor<string, string, number> {
      override async *onReceive(_message: string) {
        yield 1
        await this.context.ask(this.context.spawn(crash), "below").catch(() => {})
        yield 2
        return "done"
      }
      override supervisorStrategy() {
        return allForOne({ decide: () => "escalate" })
      }
    }
    class Grandparent extends Actor<string, ActorRef<string, string, number>> {
      override onReceive(_message: string) {
        return this.context.spawn(Parent)
      }
      override supervisorStrategy() {
        return allForOne({ decide: () => "resume" })
      }
    }
    const parent = await app.spawn(Grandparent).ask("x")
    const seen: number[] = []
    for await (const n of parent.askStream("x")) seen.push(n)
    expect(seen).toEqual([1, 2])
  })
})

describe("runEphemeral of a generator", () => {
  it("runs it to its end, and ends it when cancelled", async () => {
    for (const cancelled of [false, true]) {
      const { app, clock } = setUp()
      const cancel = new Cancel()
      const diary: string[] = []
      const answer = app.runEphemeral(
        "/app/e",
        async function* (n: number) {
          try {
            yield n
            await new Promise<void>((resolve) => clock.after(10, resolve))
            yield n
            return "done"
          } finally {
            diary.push("finally")
          }
        },
        1,
        cancel,
      )
      const outcome = Promise.allSettled([answer])
      await clock.settle()
      if (cancelled) {
        cancel.cancel("enough")
        expect(app.stats()).toMatchObject({ actors: 0, abandoned: 1 })
      }
      await clock.advance(10)
      expect(diary).toEqual(["finally"])
      expect((await outcome)[0]).toMatchObject(
        cancelled ? { status: "rejected", reason: { reason: "enough" } } : { status: "fulfilled", value: "done" },
      )
      expect(app.stats()).toMatchObject({ actors: 0, asks: 0, abandoned: 0, timers: 0 })
    }
  })
})
