import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, allForOne, Cancel } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

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

describe("a stream and its end at one instant", () => {
  type End = "stop" | "abort" | "timeout" | "crash" | "leave" | "shutdown"

  it("gives chunks in order, then one end, and leaves nothing", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<End>("stop", "abort", "timeout", "crash", "leave", "shutdown"),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.nat(4),
        fc.boolean(),
        async (end, at, pace, readAhead, early) => {
          const { app, clock } = setUp()
          const diary: string[] = []
          const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))
          const ref = app.spawn(streamer(diary, wait))
          const sibling = app.spawn(crash)
          const cancel = new Cancel()
          // At the same instant as a chunk where `pace` divides `at`; `early`: its timer was the first.
          const act = (): void => {
            if (end === "stop") void ref.stop()
            else if (end === "abort") cancel.cancel("enough")
            else if (end === "crash") sibling.ask("all anew").catch(() => {})
            else if (end === "leave") void stream.return()
            else if (end === "shutdown") void app.shutdown()
          }
          if (early) clock.after(at, act)
          const stream = ref.askStream(pace, { readAhead, cancel, ...(end === "timeout" ? { timeout: at } : {}) })
          if (!early) clock.after(at, act)
          const seen: number[] = []
          let outcome = "pending"
          const read = async () => {
            try {
              for await (const n of stream) seen.push(n)
              outcome = "ended"
            } catch (error) {
              outcome = error instanceof Error ? error.name : "?"
            }
          }
          void read()
          await clock.advance(1_000)
          expect(seen).toEqual([1, 2, 3, 4, 5].slice(0, seen.length))
          const whole = 5 * pace
          if (whole < at) expect([seen.length, outcome]).toEqual([5, "ended"])
          else if (whole > at) {
            expect(seen.length).toBeLessThanOrEqual(Math.floor(at / pace))
            expect(outcome).toBe(
              { stop: "FaultError", abort: "AbortedError", timeout: "FaultError", crash: "Error", leave: "ended" }[
                end as string
              ] ?? "FaultError",
            )
          }
          expect(outcome).not.toBe("pending")
          const ended = diary.filter((line) => line.startsWith("finally"))
          expect(ended).toHaveLength(1)
          // The instance that began it has ended it: nothing of the next one came before.
          if (diary.includes("started 2")) expect(diary.indexOf("finally 1")).toBeLessThan(diary.indexOf("started 2"))
          await app.shutdown()
          expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0, abandoned: 0 })
          expect(clock.pending).toBe(0)
        },
      ),
      times(200),
    ))
})
