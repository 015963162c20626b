import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

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
      times(50),
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
