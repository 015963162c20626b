import { describe, expect, it } from "vitest"
import { ActorSystem, actor, type Clock, systemClock } from "troupe/actor"
import { RunQueue } from "../../src/actor/run-queue.js"

/** Asks until the event loop has had its turn, and says how often. */
async function asksUntilTurn(clock: Clock, most: number): Promise<number> {
  await using app = new ActorSystem("app", { clock })
  const double = app.spawn(actor((n: number) => n * 2))
  await double.ask(0)
  let turned = false
  setImmediate(() => {
    turned = true
  })
  let asked = 0
  while (!turned && asked < most) expect(await double.ask(asked)).toBe(2 * asked++)
  return asked
}

describe("the line of those that have work", () => {
  it("leaves the event loop its turn under asks that come one by one", async () => {
    expect(await asksUntilTurn(systemClock, 2_000)).toBeLessThan(1_024)
  })

  it("leaves it sooner when the messages take long", async () => {
    let elapsed = 0
    const slow = { ...systemClock, elapsed: () => (elapsed += 10) }
    expect(await asksUntilTurn(slow, 2_000)).toBeLessThan(128)
  })

  it("leaves it under messages that an actor sends itself", async () => {
    await using app = new ActorSystem("app")
    let turned = false
    let told = 0
    const again = app.spawn(
      actor((_: string, { self }) => {
        told++
        if (!turned && told < 10_000) void self.tell("again")
      }),
    )
    setImmediate(() => {
      turned = true
    })
    void again.tell("begin")
    await app.whenQuiescent()
    expect(turned).toBe(true)
    expect(told).toBeLessThan(2_000)
  })

  it("goes on after one that throws, which none should: whoever called it is told", async () => {
    const turns: Array<() => void> = []
    const queue = new RunQueue({ ...systemClock, yield: (resume) => void turns.push(resume) })
    const ran: string[] = []
    const one = (name: string, what: () => number) => ({
      run: () => {
        ran.push(name)
        return what()
      },
    })
    const bad = (): number => {
      throw new Error("a bad mailbox")
    }
    queue.add(one("whole turn", () => 512))
    await Promise.resolve()
    for (const [name, what] of [
      ["first", bad],
      ["second", bad],
      ["third", () => 1],
    ] as const)
      queue.add(one(name, what))
    expect(() => turns.shift()?.()).toThrow("a bad mailbox")
    expect(() => turns.shift()?.()).toThrow("a bad mailbox")
    turns.shift()?.()
    expect(ran).toEqual(["whole turn", "first", "second", "third"])
  })
})
