import { describe, expect, it } from "vitest"
import { Actor, ActorSystem } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

class Counter extends Actor<"inc" | "get", number> {
  #n = 0
  override onReceive(message: "inc" | "get") {
    if (message === "inc") this.#n++
    return this.#n
  }
}

describe("context", () => {
  it("schedules a message to itself, and cancels it", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const seen: string[] = []
    class Timed extends Actor<string> {
      override onStarted() {
        this.context.schedule(10, "ten")
        const cancel = this.context.schedule(20, "twenty")
        this.context.schedule(30, "thirty")
        cancel()
        cancel()
      }
      override onReceive(text: string) {
        seen.push(text)
      }
    }
    const ref = app.spawn(Timed)
    await clock.advance(25)
    expect(seen).toEqual(["ten"])
    expect(app.stats().timers).toBe(1)
    await ref.stop()
    expect(clock.pending).toBe(0)
    await clock.advance(100)
    expect(seen).toEqual(["ten"])
  })

  it("hears of the end of what it watches, in its turn", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    const watched = app.spawn(Counter, "watched")
    class Watcher extends Actor<string> {
      override onStarted() {
        this.context.watch(watched)
        this.context.watch(watched, (ref) => {
          seen.push(`callback ${ref.path}`)
        })
      }
      override onReceive(text: string) {
        seen.push(text)
        if (text === "late") this.context.watch(watched)
      }
      override onTerminated(ref: { readonly path: string }) {
        seen.push(`hook ${ref.path}`)
      }
    }
    const watcher = app.spawn(Watcher)
    await watcher.ask("first")
    await watched.stop()
    await app.whenQuiescent()
    await watcher.ask("late")
    await app.whenQuiescent()
    expect(seen).toEqual(["first", "hook /app/watched", "callback /app/watched", "late", "hook /app/watched"])
  })

  it("ends its children before itself, and itself after the message it is at", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    class Child extends Actor<string> {
      override onReceive(_message: string) {}
      override async onStopped() {
        await Promise.resolve()
        seen.push("child stopped")
      }
    }
    class Parent extends Actor<string, string> {
      override async onReceive(_message: string) {
        await this.context.spawn(Child).ask("x")
        this.context.stopSelf()
        seen.push("parent goes on")
        return "done"
      }
      override onStopped() {
        seen.push("parent stopped")
      }
    }
    expect(await app.spawn(Parent).ask("x")).toBe("done")
    await app.whenQuiescent()
    expect(seen).toEqual(["parent goes on", "child stopped", "parent stopped"])
    expect(app.stats().actors).toBe(0)
  })

  it("is not there in a constructor", async () => {
    class Early extends Actor<string> {
      readonly where = this.context.path
      override onReceive(_message: string) {}
    }
    expect(() => new Early()).toThrow(/has no context yet/)
  })
})
