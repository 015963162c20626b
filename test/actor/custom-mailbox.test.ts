import { describe, expect, it } from "vitest"
import { ActorSystem, actor, type Mailbox, memory } from "troupe/actor"

describe("a mailbox of one's own", () => {
  it("may fill from outside, and wakes its actor", async () => {
    await using app = new ActorSystem("app")
    const outside: number[] = []
    const seen: number[] = []
    let wake = (): void => {}
    app.spawn(
      actor((n: number) => {
        seen.push(n)
      }),
      "reader",
      {
        mailbox: <E>(wakeUp: () => void): Mailbox<E> => {
          wake = wakeUp
          const inner = memory<E>(wakeUp)
          return {
            get size() {
              return inner.size
            },
            offer: (entry, asked) => {
              outside.push(inner.size)
              return inner.offer(entry, asked)
            },
            take: () => inner.take(),
            drain: () => inner.drain(),
          }
        },
      },
    )
    void app.get<number>("/app/reader")?.tell(1)
    await app.whenQuiescent()
    wake()
    await app.whenQuiescent()
    expect([seen, outside]).toEqual([[1], [0]])
  })

  it("that fails makes its actor fail, and not the system", async () => {
    await using app = new ActorSystem("app")
    const broken = app.spawn(
      actor((n: number) => n),
      "broken",
      {
        mailbox: <E>(wake: () => void): Mailbox<E> => ({
          ...memory<E>(wake),
          size: 1,
          offer: () => ({ is: "queued" }),
          take: () => {
            throw new Error("unreadable")
          },
          drain: () => [],
        }),
      },
    )
    const fine = app.spawn(actor((n: number) => n + 1))
    void broken.tell(1)
    await app.whenQuiescent()
    expect(app.get("/app/broken")).toBeUndefined()
    expect(await fine.ask(1)).toBe(2)
  })

  it("that cannot take a message in throws to the one who tells it, and fails an ask", async () => {
    await using app = new ActorSystem("app")
    const lost = new Error("no way in")
    const broken = app.spawn(
      actor((n: number) => n),
      "broken",
      {
        mailbox: <E>(wake: () => void): Mailbox<E> => {
          const inner = memory<E>(wake)
          return {
            size: 0,
            offer: () => {
              throw lost
            },
            take: () => inner.take(),
            drain: () => inner.drain(),
          }
        },
      },
    )
    expect(() => broken.tell(1)).toThrow(lost)
    await expect(broken.ask(1, { timeout: 50 })).rejects.toBe(lost)
    await expect(broken.askStream(1).next()).rejects.toBe(lost)
    const asks = app.spawn(actor((n: number, context) => context.ask(broken, n)))
    await expect(asks.ask(1)).rejects.toBe(lost)
    expect(app.stats()).toMatchObject({ asks: 0, timers: 0 })
  })
})
