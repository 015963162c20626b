import { describe, expect, it } from "vitest"
import { Actor, ActorFailed, ActorSystem, type Directive, oneForOne, type StrategyOptions } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

/** An actor under such a strategy, told to crash after each of these waits: what was decided, and when it was made. */
const crashing = async (options: StrategyOptions, waits: readonly number[]) => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock, supervisor: oneForOne(options) })
  const decided: Directive[] = []
  app.bus.subscribe(ActorFailed, ({ directive }) => {
    decided.push(directive)
  })
  const made: number[] = []
  class Crashing extends Actor<string> {
    override onStarted() {
      made.push(clock.now())
    }
    override onReceive(_message: string) {
      throw new Error("crash")
    }
  }
  const ref = app.spawn(Crashing, "a")
  for (const wait of waits) {
    await clock.advance(wait)
    void ref.tell("crash")
    await clock.settle()
  }
  return { app, clock, ref, decided, made }
}

describe("the sliding window of restarts", () => {
  it("counts a restart that is one millisecond younger than the window, and none that is as old as it", async () => {
    const options = { maxRestarts: 2, within: 100 }
    expect((await crashing(options, [0, 50, 49])).decided).toEqual(["restart", "restart", "stop"])
    expect((await crashing(options, [0, 50, 50])).decided).toEqual(["restart", "restart", "restart"])
    // The first is out of the window, the second is not yet.
    expect((await crashing(options, [0, 50, 50, 49])).decided).toEqual(["restart", "restart", "restart", "stop"])
    expect((await crashing(options, [0, 50, 50, 50])).decided).toEqual(["restart", "restart", "restart", "restart"])
  })

  it("slides: an actor that crashes slowly enough is restarted for ever", async () => {
    const { decided, app } = await crashing({ maxRestarts: 1, within: 100 }, Array<number>(20).fill(100))
    expect(decided).toEqual(Array(20).fill("restart"))
    expect(app.stats()).toMatchObject({ actors: 1, timers: 0 })
  })

  it("makes dead letters of what comes after the last restart", async () => {
    const { app, ref } = await crashing({ maxRestarts: 1, within: 100 }, [0, 1, 1, 1])
    expect(app.stats()).toMatchObject({ actors: 0, deadLetters: 2 })
    await expect(ref.ask("x")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })
})

describe("backoff", () => {
  it("grows with each restart in the window up to its limit, and begins anew when they are out of it", async () => {
    const { made, clock, ref } = await crashing(
      { maxRestarts: 9, within: 10_000, backoff: { first: 10, most: 50 } },
      [],
    )
    for (let i = 0; i < 4; i++) {
      void ref.tell("crash")
      await clock.advance(1_000)
    }
    await clock.advance(20_000)
    void ref.tell("crash")
    await clock.advance(1_000)
    expect(made).toEqual([0, 10, 1_020, 2_040, 3_050, 24_010])
  })

  it("keeps what is sent meanwhile, in order, and counts as work that is pending", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock, supervisor: oneForOne({ backoff: { first: 30 } }) })
    const seen: string[] = []
    class Picky extends Actor<string> {
      override onReceive(text: string) {
        if (text === "crash") throw new Error("crash")
        seen.push(`${text} at ${clock.now()}`)
      }
    }
    const ref = app.spawn(Picky)
    for (const text of ["a", "crash", "b"]) void ref.tell(text)
    let quiet = false
    void app.whenQuiescent().then(() => {
      quiet = true
    })
    await clock.advance(29)
    void ref.tell("c")
    expect([seen, quiet, app.stats().timers]).toEqual([["a at 0"], false, 1])
    await clock.advance(1)
    expect([seen, quiet, app.stats().timers]).toEqual([["a at 0", "b at 30", "c at 30"], true, 0])
  })
})
