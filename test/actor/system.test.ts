import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, afterIdle, afterMessage, bounded, oneTime } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

class Counter extends Actor<"inc" | "get", number> {
  #n = 0
  override onReceive(message: "inc" | "get") {
    if (message === "inc") this.#n++
    return this.#n
  }
}

describe("ActorSystem", () => {
  it("spawns at once, handles what is told, answers what is asked", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(Counter, "counter")
    expect(ref.path).toBe("/app/counter")
    void ref.tell("inc")
    void ref.tell("inc")
    expect(await ref.ask("get")).toBe(2)
    expect(app.stats()).toEqual({ actors: 1, timers: 0, asks: 0, abandoned: 0, deadLetters: 0 })
    await ref.stop()
    expect(app.stats().actors).toBe(0)
  })

  it("keeps each sender's order, and loses nothing", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(4), fc.boolean()), { maxLength: 200 }), async (sends) => {
        await using app = new ActorSystem("app")
        const seen: Array<readonly [number, number]> = []
        const ref = app.spawn(
          actor(async (message: readonly [sender: number, n: number]) => {
            if (message[1] % 3 === 0) await Promise.resolve()
            seen.push(message)
          }),
        )
        const counts = [0, 0, 0, 0, 0]
        for (const [sender, pause] of sends) {
          const n = counts[sender] ?? 0
          counts[sender] = n + 1
          void ref.tell([sender, n])
          if (pause) await Promise.resolve()
        }
        await app.whenQuiescent()
        expect(seen).toHaveLength(sends.length)
        for (const [sender, count] of counts.entries()) {
          const mine = seen.filter(([from]) => from === sender).map(([, n]) => n)
          expect(mine).toEqual(Array.from({ length: count }, (_, i) => i))
        }
      }),
      { numRuns: 50 },
    ))

  it("handles one message at a time", async () => {
    await using app = new ActorSystem("app")
    let inside = 0
    let most = 0
    const ref = app.spawn(
      actor(async (_message: number) => {
        most = Math.max(most, ++inside)
        await Promise.resolve()
        inside--
      }),
    )
    for (let i = 0; i < 20; i++) void ref.tell(i)
    await app.whenQuiescent()
    expect(most).toBe(1)
  })

  it("delivers 1000 × 100 messages", async () => {
    await using app = new ActorSystem("app")
    let got = 0
    const refs = Array.from({ length: 1_000 }, () =>
      app.spawn(
        actor((_message: number) => {
          got++
        }),
      ),
    )
    for (let i = 0; i < 100; i++) for (const ref of refs) void ref.tell(i)
    await app.whenQuiescent()
    expect(got).toBe(100_000)
    expect(app.stats().actors).toBe(1_000)
  })

  it("lets timers fire while two actors never stop talking", async () => {
    await using app = new ActorSystem("app")
    let done = false
    const echo = app.spawn(
      actor((n: number, context) => {
        if (!done) void context.self.tell(n + 1)
      }),
    )
    void echo.tell(0)
    await new Promise<void>((resolve) => app.clock.after(5, resolve))
    done = true
    await app.whenQuiescent()
    expect(app.stats().deadLetters).toBe(0)
  })

  it("finds actors by path, and asks them", async () => {
    await using app = new ActorSystem("app")
    const parent = app.spawn(
      actor((_message: string, context) => context.spawn(Counter, "in/side").path),
      "workers",
    )
    const path = await parent.ask("go")
    expect(path).toBe("/app/workers/in%2Fside")
    expect(await app.ask(path, "inc")).toBe(1)
    expect(app.get(path)?.path).toBe(path)
    expect(JSON.stringify({ to: app.get("/app/workers") })).toBe('{"to":"/app/workers"}')
    const anonymous = app.spawn(Counter)
    expect(await app.ask(anonymous.path, "get")).toBe(0)
    for (const none of ["/app", "/app/", "/app/nobody", "/other/workers", "workers", ""]) {
      expect(app.get(none)).toBeUndefined()
    }
    await expect(app.ask("/app/nobody", 1)).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
  })

  it("gives a name to one actor at a time", async () => {
    await using app = new ActorSystem("app")
    const first = app.spawn(Counter, "one")
    expect(() => app.spawn(Counter, "one")).toThrow(/"one" is taken under \/app/)
    expect(() => app.spawn(Counter, "")).toThrow(TypeError)
    expect(() => app.spawn(Counter, "$1")).toThrow(TypeError)
    await first.stop()
    expect(app.spawn(Counter, "one").path).toBe("/app/one")
    expect(app.stats().actors).toBe(1)
  })

  it("makes a dead letter of what nobody can handle", async () => {
    await using app = new ActorSystem("app")
    const letters: unknown[] = []
    const off = app.deadLetters.subscribe((letter) => letters.push(letter))
    app.deadLetters.subscribe(() => {
      throw new Error("a bad reader")
    })
    const ref = app.spawn(Counter, "gone")
    void ref.tell("inc")
    await ref.stop()
    void ref.tell("get")
    expect(letters).toEqual([
      { to: "/app/gone", message: "inc", reason: "stopped" },
      { to: "/app/gone", message: "get", reason: "stopped" },
    ])
    await expect(ref.ask("get")).rejects.toMatchObject({ fault: { _tag: "Unavailable", retry: "no" } })
    off()
    void ref.tell("get")
    expect(letters).toHaveLength(2)
    expect(app.stats().deadLetters).toBe(3)
  })
})

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

describe("stop policies", () => {
  it("oneTime ends after one message, also when the handler throws", async () => {
    await using app = new ActorSystem("app")
    class Once extends Actor<string, string> {
      override onReceive(text: string) {
        if (text === "bad") throw new Error("bad text")
        return text
      }
      override stopPolicy() {
        return oneTime
      }
    }
    expect(await app.spawn(Once).ask("good")).toBe("good")
    await expect(app.spawn(Once).ask("bad")).rejects.toThrow("bad text")
    app.tell(Once, "fine")
    await app.whenQuiescent()
    expect(app.stats()).toMatchObject({ actors: 0, deadLetters: 0 })
  })

  it("afterMessage ends after an equal message", async () => {
    await using app = new ActorSystem("app")
    class Till extends Actor<{ readonly say: string }> {
      override onReceive(_message: { readonly say: string }) {}
      override stopPolicy() {
        return afterMessage({ say: "bye" })
      }
    }
    const ref = app.spawn(Till)
    await ref.ask({ say: "hello" })
    expect(app.stats().actors).toBe(1)
    await ref.ask({ say: "bye" })
    expect(app.stats().actors).toBe(0)
  })

  it("afterIdle ends when nothing came for so long", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    class Idle extends Actor<string> {
      override onReceive(_message: string) {}
      override stopPolicy() {
        return afterIdle(100)
      }
    }
    const ref = app.spawn(Idle)
    await clock.advance(90)
    void ref.tell("stay")
    await clock.advance(99)
    expect(app.stats()).toMatchObject({ actors: 1, timers: 1 })
    await app.whenQuiescent()
    await clock.advance(1)
    expect(app.stats()).toMatchObject({ actors: 0, timers: 0 })
    expect(() => afterIdle(0)).toThrow(RangeError)
  })
})

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

describe("mailboxes", () => {
  const held = async (whenFull: "block" | "dropNew" | "dropOldest" | "fail") => {
    const app = new ActorSystem("app")
    const seen: number[] = []
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const ref = app.spawn(
      actor(async (n: number) => {
        await gate
        seen.push(n)
        return n
      }),
      "slow",
      { mailbox: bounded(2, whenFull) },
    )
    void ref.tell(0)
    await Promise.resolve()
    await Promise.resolve()
    void ref.tell(1)
    void ref.tell(2)
    return { app, ref, seen, release }
  }

  it("block waits, loses nothing and keeps order", async () => {
    const { app, ref, seen, release } = await held("block")
    let queued = false
    const third = Promise.resolve(ref.tell(3)).then(() => {
      queued = true
    })
    void ref.tell(4)
    await Promise.resolve()
    expect(queued).toBe(false)
    await expect(ref.ask(9)).rejects.toMatchObject({ fault: { _tag: "Unavailable", retry: "yes" } })
    release()
    await third
    await app.whenQuiescent()
    expect(seen).toEqual([0, 1, 2, 3, 4])
    await app.shutdown()
  })

  it("dropNew, dropOldest and fail do what they are called", async () => {
    for (const [whenFull, expected, lost] of [
      ["dropNew", [0, 1, 2], [3, 4]],
      ["dropOldest", [0, 3, 4], [1, 2]],
      ["fail", [0, 1, 2], []],
    ] as const) {
      const { app, ref, seen, release } = await held(whenFull)
      const letters: unknown[] = []
      app.deadLetters.subscribe(({ message, reason }) => letters.push([message, reason]))
      for (const n of [3, 4]) {
        if (whenFull === "fail") expect(() => ref.tell(n)).toThrow(/mailbox of \/app\/slow is full/)
        else void ref.tell(n)
      }
      release()
      await app.whenQuiescent()
      expect(seen).toEqual(expected)
      expect(letters).toEqual(lost.map((n) => [n, "full"]))
      await app.shutdown()
    }
  })

  it("makes dead letters of what waits for room when the actor ends, and lets the senders go on", async () => {
    const { app, ref, release } = await held("block")
    const third = Promise.resolve(ref.tell(3))
    release()
    const stopped = ref.stop()
    await third
    await stopped
    expect(app.stats().deadLetters).toBe(3)
  })
})

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
      { numRuns: 30 },
    ))
})

describe("shutdown", () => {
  it("rejects what waits at once, aborts handlers, and then refuses everything", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const ended: string[] = []
    const polite = app.spawn(
      actor(
        (_message: string, context) =>
          new Promise<string>((resolve) => {
            context.signal.addEventListener("abort", () => {
              ended.push("polite")
              resolve("late")
            })
          }),
      ),
    )
    const rude = app.spawn(actor((_message: string) => new Promise<string>(() => {})))
    const asks = [polite.ask("a"), polite.ask("b"), rude.ask("c")]
    await clock.settle()
    const outcomes = Promise.allSettled(asks)
    const down = app.shutdown({ timeout: 1_000 })
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { fault: { _tag: "Unavailable" } } })
    }
    expect(ended).toEqual(["polite"])
    await clock.advance(999)
    expect(app.stats()).toMatchObject({ actors: 1, abandoned: 0 })
    await clock.advance(1)
    await down
    expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0, abandoned: 1 })
    expect(() => app.spawn(Counter)).toThrow(/shuts down/)
    void polite.tell("x")
    expect(app.stats().deadLetters).toBe(1)
    expect(app.shutdown()).toBe(down)
  })
})
