import { describe, expect, it } from "vitest"
import { ActorSystem, actor, bounded } from "troupe/actor"

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
