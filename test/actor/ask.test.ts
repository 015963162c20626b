import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, Cancel } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

class Counter extends Actor<"inc" | "get", number> {
  #n = 0
  override onReceive(message: "inc" | "get") {
    if (message === "inc") this.#n++
    return this.#n
  }
}

describe("ask", () => {
  const silent = actor((_message: string) => new Promise<string>(() => {}))

  it("fails with TimedOut at its deadline, and leaves no timer", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const answer = app.spawn(silent, "silent").ask("x", { timeout: 100 })
    const outcome = expect(answer).rejects.toMatchObject({ fault: { _tag: "TimedOut", after: 100, retry: "yes" } })
    await clock.advance(99)
    expect(app.stats()).toMatchObject({ asks: 1, timers: 1 })
    await clock.advance(1)
    await outcome
    expect(app.stats()).toMatchObject({ asks: 0, timers: 0 })
    expect(clock.pending).toBe(0)
  })

  it("leaves nothing behind when it is answered in time", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const controller = new AbortController()
    const cancel = new Cancel()
    const ref = app.spawn(Counter)
    expect(await ref.ask("inc", { timeout: 100, signal: controller.signal, cancel })).toBe(1)
    expect(app.stats()).toMatchObject({ asks: 0, timers: 0 })
    expect(clock.pending).toBe(0)
    controller.abort("late")
    cancel.cancel("late")
    expect(await ref.ask("get")).toBe(1)
  })

  it("is given up by a signal, and not delivered if its turn had not come", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    let release: (() => void) | undefined
    const seen: string[] = []
    const ref = app.spawn(
      actor(async (text: string) => {
        seen.push(text)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }),
    )
    const controller = new AbortController()
    const first = ref.ask("first")
    const second = ref.ask("second", { signal: controller.signal })
    await clock.settle()
    controller.abort("enough")
    await expect(second).rejects.toMatchObject({ name: "AbortedError", reason: "enough" })
    await expect(ref.ask("third", { signal: controller.signal })).rejects.toMatchObject({ name: "AbortedError" })
    release?.()
    await first
    await clock.settle()
    expect(seen).toEqual(["first"])
    expect(app.stats().asks).toBe(0)
  })

  it("is rejected when the actor stops before its turn", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(Counter)
    const answer = ref.ask("get")
    const outcome = expect(answer).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    await ref.stop()
    await outcome
  })
})
