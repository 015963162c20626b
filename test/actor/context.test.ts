import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, Cancel, Free } from "troupe/actor"
import { messageOf } from "../../src/data/fault.js"
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

  it("gives up an ask when its own token or the actor is cancelled", async () => {
    await using app = new ActorSystem("app")
    const silent = app.spawn(actor((_message: string) => new Promise<string>(() => {})))
    const cancel = new Cancel()
    const seen: string[] = []
    const asker = app.spawn(
      actor(async (_message: string, context) => {
        const own = context.ask(silent, "x", { cancel }).catch((error: unknown) => seen.push(messageOf(error)))
        const other = context
          .ask(silent, "y", { cancel: new Cancel() })
          .catch((error: unknown) => seen.push(messageOf(error)))
        cancel.cancel("own")
        await own
        context.stopSelf()
        // Nobody waits for this one.
        void context.ask(silent, "z")
        void other
      }),
    )
    await asker.ask("go")
    await asker.stop()
    await new Promise<void>((resolve) => app.clock.yield(resolve))
    expect(seen).toEqual(["aborted: own", expect.stringMatching(/^aborted: .* has ended$/)])
    await app.shutdown({ timeout: 1 })
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, abandoned: 1 })
  })

  it("leaves no timer of an actor that is interrupted while its handler runs", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const ref = app.spawn(
      actor((_message: string, context) => {
        context.schedule(60_000, "later")
        return new Promise<void>(() => {})
      }),
    )
    void ref.tell("x")
    await clock.settle()
    const down = app.shutdown({ timeout: 10 })
    await clock.advance(10)
    await down
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0, abandoned: 1 })
    expect(clock.pending).toBe(0)
  })

  it("watches only actors of this process", async () => {
    await using app = new ActorSystem("app")
    const elsewhere = {
      path: "/x",
      tell() {},
      askStream: () => {
        throw new Error()
      },
      ask: () => Promise.reject(new Error()),
      stop: async () => {},
      freeAsk: () => Free.of("never run"),
      freeTell: () => Free.of(undefined),
      freeStop: () => Free.of(undefined),
      toJSON: () => "",
    }
    const ref = app.spawn(actor((_message: string, context) => context.watch(elsewhere)))
    await expect(ref.ask("go")).rejects.toThrow(/\/x cannot be watched/)
  })
})
