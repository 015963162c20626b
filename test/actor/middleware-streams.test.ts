import { describe, expect, it } from "vitest"
import { ActorSystem, actor, allForOne, Cancel, isGenerated, type Middleware } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

describe("middleware around a stream", () => {
  it("sees the chunks of a generator when it is one itself, and its last block runs when the reader leaves", async () => {
    await using app = new ActorSystem("app")
    const log: string[] = []
    const loud: Middleware = {
      async *onReceive(context, message, next) {
        const reply = next(context, message)
        if (!isGenerated(reply)) return reply
        try {
          for (;;) {
            const step = await reply.next()
            if (step.done === true) return `${String(step.value)}!`
            yield String(step.value).toUpperCase()
          }
        } finally {
          await reply.return("left")
          log.push("middleware left")
        }
      },
    }
    const words = actor(function* (text: string) {
      try {
        for (const word of text.split(" ")) yield word
        return "done"
      } finally {
        log.push("actor left")
      }
    })
    const ref = app.spawn(words, undefined, { middleware: [loud] })
    const chunks: string[] = []
    const stream = ref.askStream("a b c")
    let step = await stream.next()
    for (; step.done !== true; step = await stream.next()) chunks.push(step.value)
    expect([chunks, step.value]).toEqual([["A", "B", "C"], "done!"])
    expect(await ref.ask("a b")).toBe("done!")
    log.length = 0
    for await (const chunk of ref.askStream("a b c", { readAhead: 0 })) if (chunk === "B") break
    await app.whenQuiescent()
    expect(log).toEqual(["actor left", "middleware left"])
  })

  it("that waits before a generator gives a promise of it, which streams all the same", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const log: string[] = []
    const slow: Middleware = {
      async onReceive(context, message, next) {
        await new Promise<void>((resolve) => clock.after(10, resolve))
        return next(context, message)
      },
    }
    const count = actor(function* (to: number) {
      log.push(`from 1 to ${to}`)
      for (let n = 1; n <= to; n++) yield n
      return "done"
    })
    const ref = app.spawn(count, undefined, { middleware: [slow] })
    const chunks: number[] = []
    const read = (async () => {
      for await (const n of ref.askStream(3)) chunks.push(n)
    })()
    await clock.advance(10)
    await read
    const answer = ref.ask(2)
    await clock.advance(10)
    expect([chunks, await answer]).toEqual([[1, 2, 3], "done"])
    // One that nobody waits for any more when it comes is not begun.
    const late = expect(ref.ask(1, { timeout: 5 })).rejects.toMatchObject({ fault: { _tag: "TimedOut" } })
    await clock.advance(10)
    await late
    expect(log).toEqual(["from 1 to 3", "from 1 to 2"])
    await app.whenQuiescent()
    await app.shutdown()
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0, abandoned: 0 })
  })

  it("that waits while its actor is restarted fails whoever waits for the generator, which is not begun", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock, supervisor: allForOne() })
    const log: string[] = []
    const slow: Middleware = {
      async onReceive(context, message, next) {
        await new Promise<void>((resolve) => clock.after(10, resolve))
        return next(context, message)
      },
    }
    const count = actor(function* (to: number) {
      log.push(`from 1 to ${to}`)
      yield to
      return "done"
    })
    const fails = app.spawn(
      actor(() => {
        throw new Error("crash")
      }),
    )
    const ref = app.spawn(count, undefined, { middleware: [slow] })
    for (const ask of [() => ref.ask(1), () => ref.askStream(2).next()]) {
      const answer = expect(ask()).rejects.toThrow("crash")
      await clock.settle()
      fails.tell(undefined)
      await clock.advance(10)
      await answer
    }
    const after = ref.ask(3)
    await clock.advance(10)
    expect([await after, log]).toEqual(["done", ["from 1 to 3"]])
    expect(app.stats()).toMatchObject({ actors: 2, asks: 0, abandoned: 0 })
  })

  it("of the system streams around an ephemeral actor too", async () => {
    const waits: Middleware = {
      async onReceive(context, message, next) {
        await Promise.resolve()
        return next(context, message)
      },
    }
    await using app = new ActorSystem("app", { middleware: [waits] })
    const counting = function* (to: number) {
      for (let n = 0; n < to; n++) yield n
      return "counted"
    }
    expect(await app.runEphemeral("/app/e", counting, 3, new Cancel())).toBe("counted")
    expect(await app.runEphemeral("/app/e", async (n: number) => n + 1, 3, new Cancel())).toBe(4)
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 0 })
  })
})
