import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, oneForOne } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

describe("whenQuiescent", () => {
  it("resolves at once when nothing is pending, and waits for scheduled messages", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    await app.whenQuiescent()
    let quiet = false
    class Later extends Actor<string> {
      override onStarted() {
        this.context.schedule(50, "x")
      }
      override onReceive(_message: string) {}
    }
    app.spawn(Later)
    void app.whenQuiescent().then(() => {
      quiet = true
    })
    await clock.advance(49)
    expect(quiet).toBe(false)
    await clock.advance(1)
    expect(quiet).toBe(true)
  })

  it("sees a ring of actors fall silent", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.nat(200), async (size, hops) => {
        await using app = new ActorSystem("ring")
        let passed = 0
        for (let i = 0; i < size; i++) {
          app.spawn(
            actor(async (left: number) => {
              if (left % 2 === 0) await Promise.resolve()
              passed++
              if (left > 0) void app.get<number>(`/ring/${(i + 1) % size}`)?.tell(left - 1)
            }),
            `${i}`,
          )
        }
        void app.get<number>("/ring/0")?.tell(hops)
        await app.whenQuiescent()
        expect(passed).toBe(hops + 1)
      }),
      times(30),
    ))

  it("sees a ring fall silent that waits, asks, schedules and crashes on its way, and not one hop before", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.constantFrom("tell", "await", "ask", "schedule", "crash"), { maxLength: 25 }),
        async (size, hops) => {
          const clock = virtualClock()
          const app = new ActorSystem("ring", {
            clock,
            supervisor: oneForOne({ maxRestarts: hops.length, backoff: { first: 10 } }),
          })
          let passed = 0
          for (let i = 0; i < size; i++) {
            const source = actor(async (left: number, context) => {
              const how = hops[left]
              if (how === undefined) return
              if (how === "await") await Promise.resolve()
              if (how === "schedule") await new Promise<void>((resolve) => clock.after(5, resolve))
              if (how === "ask")
                await context.ask(
                  actor(async (n: number) => n),
                  left,
                )
              passed++
              void app.get<number>(`/ring/${(i + 1) % size}`)?.tell(left + 1)
              if (how === "crash") throw new Error("crash")
            })
            app.spawn(source, `${i}`)
          }
          void app.get<number>("/ring/0")?.tell(0)
          let quietAfter = -1
          void app.whenQuiescent().then(() => {
            quietAfter = passed
          })
          await clock.advance(1e9)
          expect([quietAfter, passed]).toEqual([hops.length, hops.length])
          await app.shutdown()
          expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0 })
        },
      ),
      times(60),
    ))
})
