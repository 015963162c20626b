import { describe, expect, it } from "vitest"
import { ActorSystem, eventType } from "troupe/actor"

interface TaskCompleted {
  readonly type: "task_completed"
  readonly taskId: string
}
const TaskCompleted = eventType<TaskCompleted>("task_completed")

class Sent {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
class SentTwice extends Sent {}

describe("the event bus", () => {
  it("brings an event to those who subscribed to its type or class, typed", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    app.bus.subscribe(TaskCompleted, (event) => {
      seen.push(event.taskId)
    })
    app.bus.subscribe(Sent, (event) => {
      seen.push(event.text)
    })
    const off = app.bus.subscribe(SentTwice, (event) => {
      seen.push(`${event.text}!`)
    })
    // @ts-expect-error an event of this type has no such field
    app.bus.subscribe(TaskCompleted, (event) => event.nothing)
    app.bus.publish({ type: "task_completed", taskId: "t1" })
    app.bus.publish({ type: "other" })
    app.bus.publish(new Sent("a"))
    app.bus.publish(new SentTwice("b"))
    expect(seen).toEqual([])
    await app.whenQuiescent()
    expect(seen).toEqual(["t1", "a", "b", "b!"])
    off()
    app.bus.publish(new SentTwice("c"))
    await app.whenQuiescent()
    expect(seen.slice(4)).toEqual(["c"])
  })

  it("keeps each subscriber's order, and lets none hold up the publisher or another", async () => {
    await using app = new ActorSystem("app")
    const slow: string[] = []
    const quick: string[] = []
    let release = (): void => {}
    app.bus.subscribe(Sent, async ({ text }) => {
      slow.push(text)
      await new Promise<void>((resolve) => {
        release = resolve
      })
    })
    app.bus.subscribe(Sent, ({ text }) => {
      quick.push(text)
      throw new Error("a bad subscriber")
    })
    for (const text of ["a", "b", "c"]) app.bus.publish(new Sent(text))
    await new Promise<void>((resolve) => app.clock.yield(resolve))
    expect([slow, quick]).toEqual([["a"], ["a", "b", "c"]])
    for (const expected of [
      ["a", "b"],
      ["a", "b", "c"],
    ]) {
      release()
      await new Promise<void>((resolve) => app.clock.yield(resolve))
      expect(slow).toEqual(expected)
    }
    release()
    await app.whenQuiescent()
  })

  it("keeps the newest for a subscriber that lags beyond its capacity", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    const off = app.bus.subscribe(
      Sent,
      ({ text }) => {
        seen.push(text)
      },
      { capacity: 2 },
    )
    for (const text of ["a", "b", "c"]) app.bus.publish(new Sent(text))
    await app.whenQuiescent()
    expect(seen).toEqual(["b", "c"])
    app.bus.publish(new Sent("d"))
    off()
    await app.whenQuiescent()
    expect(seen).toEqual(["b", "c"])
  })
})
