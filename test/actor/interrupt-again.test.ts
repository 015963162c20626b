import { describe, expect, it } from "vitest"
import { Actor, ActorFailed, type ActorRef, ActorSystem, actor, Cancel, oneTime } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

/** A child of an ephemeral actor that has ended: whatever it was at, it was interrupted. */
async function interrupted(child: () => Actor<string, unknown>, message: string) {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const beside = app.spawn(
    actor(() => "still here"),
    "beside",
  )
  let end = (): void => {}
  const answer = app.runEphemeral(
    "/app/a",
    (_: string, context) => {
      const ref: ActorRef<string> = context.spawn(child)
      void ref.tell(message)
      return new Promise<void>((resolve) => {
        end = resolve
      })
    },
    "x",
    new Cancel(),
  )
  await clock.settle()
  end()
  await answer
  await clock.settle()
  expect(await beside.ask("")).toBe("still here")
  await app.whenQuiescent()
  return app.stats()
}

const gone = { actors: 1, timers: 0, asks: 0, abandoned: 0, deadLetters: 0 }

describe("an actor ends once", () => {
  it("when it was made for an ask of one that has ended, whether it had begun or not", async () => {
    for (const begun of [false, true]) {
      const clock = virtualClock()
      const app = new ActorSystem("app", { clock })
      const seen: string[] = []
      let end = (): void => {}
      const answer = app.runEphemeral(
        "/app/a",
        (_: string, context) => {
          const deaf = actor(() => new Promise<void>(() => {}))
          context.ask(deaf, "x").catch((error: unknown) => seen.push(String(error)))
          context.ask(deaf, "y").catch((error: unknown) => seen.push(String(error)))
          if (!begun) return
          return new Promise<void>((resolve) => {
            end = resolve
          })
        },
        "x",
        new Cancel(),
      )
      await clock.settle()
      end()
      await answer
      await clock.settle()
      expect(app.stats()).toEqual({ ...gone, actors: 0, abandoned: begun ? 2 : 0 })
      expect(seen).toHaveLength(2)
    }
  })

  it("when the abort of its signal makes it stop itself", async () => {
    const log: string[] = []
    class Tidy extends Actor<string> {
      override onReceive(_message: string) {
        this.context.cancel.onCancel(() => this.context.stopSelf())
      }
      override onStopped() {
        log.push("stopped")
      }
    }
    expect(await interrupted(() => new Tidy(), "go")).toEqual(gone)
    expect(log).toEqual(["stopped"])
    log.length = 0
    await using app = new ActorSystem("app")
    const tidy = app.spawn(Tidy)
    tidy.tell("go")
    await app.whenQuiescent()
    await tidy.stop()
    expect(log).toEqual(["stopped"])
    expect(app.stats().actors).toBe(0)
  })

  it("when its generator, ended where it stands, was for its last message", async () => {
    const log: string[] = []
    class Last extends Actor<string, void, number> {
      override *onReceive(_message: string) {
        try {
          for (;;) yield 1
        } finally {
          log.push("left")
        }
      }
      override stopPolicy() {
        return oneTime
      }
      override onStopped() {
        log.push("stopped")
      }
    }
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    let end = (): void => {}
    const answer = app.runEphemeral(
      "/app/a",
      (_: string, context) => {
        // Nobody takes its second chunk: there it stands.
        const stream = context.spawn(Last).askStream("go", { readAhead: 0 })
        void stream.next().catch(() => {})
        return new Promise<void>((resolve) => {
          end = resolve
        })
      },
      "x",
      new Cancel(),
    )
    await clock.settle()
    end()
    await answer
    await clock.settle()
    expect(log).toEqual(["left", "stopped"])
    expect(app.stats()).toEqual({ ...gone, actors: 0 })
  })

  it("when something that listens to its end throws, which is told; and the others go on", async () => {
    const told: unknown[] = []
    class Faulty extends Actor<string> {
      override onReceive(_message: string) {
        this.context.cancel.onCancel(() => {
          throw new Error("a bad listener")
        })
      }
    }
    expect(await interrupted(() => new Faulty(), "go")).toEqual(gone)
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    app.bus.subscribe(ActorFailed, ({ path, error }) => void told.push(`${path} ${String(error)}`))
    const [one, other] = [
      app.spawn(Faulty, "one"),
      app.spawn(
        actor((n: number) => n),
        "other",
      ),
    ]
    one.tell("go")
    await app.whenQuiescent()
    await one.stop()
    expect(await other.ask(1)).toBe(1)
    await app.whenQuiescent()
    expect(told).toEqual(["/app/one Error: a bad listener"])
    expect(app.stats()).toEqual(gone)
  })

  it("when it is ephemeral, and what it watches fails it while it is being aborted", async () => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    let end = (): void => {}
    const answer = app.runEphemeral(
      "/app/a",
      (_: string, context) => {
        const watched = context.spawn(actor(() => 1))
        context.watch(watched, () => {
          throw new Error("a bad callback")
        })
        // It has not begun, and so it ends at once.
        context.cancel.onCancel(() => void watched.stop())
        return new Promise<void>((resolve) => {
          end = resolve
        })
      },
      "x",
      new Cancel(),
    )
    const failed = expect(answer).rejects.toMatchObject({ name: "AbortedError" })
    await app.shutdown({ timeout: 0 })
    await failed
    expect(app.stats()).toEqual({ ...gone, actors: 0, abandoned: 1 })
    end()
    await clock.settle()
    expect(app.stats()).toEqual({ ...gone, actors: 0 })
  })
})
