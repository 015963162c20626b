import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ActorRef, ActorSystem, actor, bounded, MailboxFull, memory, type WhenFull } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

type Numbered = readonly [sender: number, n: number]

/** What came of each sender, in the order in which it came. */
const bySender = (seen: readonly Numbered[], senders: number): readonly (readonly number[])[] =>
  Array.from({ length: senders }, (_, sender) => seen.filter(([from]) => from === sender).map(([, n]) => n))

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

describe("fan-in", () => {
  it("keeps the order of each of the actors that tell one, whatever its mailbox and however it waits", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.nat(40),
        fc.constantFrom(memory, bounded(1, "block"), bounded(3, "block")),
        fc.constantFrom("at once", "later", "now and then"),
        async (senders, each, mailbox, pace) => {
          await using app = new ActorSystem("app")
          const seen: Numbered[] = []
          const target = app.spawn(
            actor(async (message: Numbered) => {
              if (pace === "later" || (pace === "now and then" && message[1] % 3 === 0)) await Promise.resolve()
              seen.push(message)
            }),
            "target",
            { mailbox },
          )
          for (const sender of upTo(senders)) {
            const ref = app.spawn(
              actor((count: number) => {
                for (const n of upTo(count)) void target.tell([sender, n])
              }),
            )
            void ref.tell(each)
          }
          await app.whenQuiescent()
          expect(bySender(seen, senders)).toEqual(Array(senders).fill(upTo(each)))
          expect(app.stats().deadLetters).toBe(0)
        },
      ),
      times(60),
    ))

  it("keeps told and asked messages of one sender in one order", async () => {
    await using app = new ActorSystem("app")
    const seen: number[] = []
    const ref = app.spawn(actor((n: number) => void seen.push(n)))
    const asked: Array<Promise<unknown>> = []
    for (const n of upTo(100)) {
      if (n % 3 === 0) asked.push(ref.ask(n))
      else void ref.tell(n)
    }
    await Promise.all(asked)
    await app.whenQuiescent()
    expect(seen).toEqual(upTo(100))
  })
})

describe("1000 actors", () => {
  it("get 100 messages each from one another, in order, and nothing is lost", async () => {
    await using app = new ActorSystem("app")
    const size = 1_000
    const last = new Map<string, number>()
    let got = 0
    let wrong = 0
    const refs: Array<ActorRef<Numbered | "go">> = upTo(size).map((i) =>
      app.spawn(
        actor((message: Numbered | "go") => {
          if (message === "go") {
            // Each tells ten others, ten times each.
            for (const n of upTo(10)) for (const k of upTo(10)) void refs[(i * 7 + k * 97) % size]?.tell([i, n])
            return
          }
          const [sender, n] = message
          const key = `${sender} ${i}`
          if ((last.get(key) ?? -1) !== n - 1) wrong++
          last.set(key, n)
          got++
        }),
      ),
    )
    for (const ref of refs) void ref.tell("go")
    await app.whenQuiescent()
    expect([got, wrong]).toEqual([size * 100, 0])
    expect(app.stats()).toMatchObject({ actors: size, deadLetters: 0, asks: 0 })
  })
})

describe("a slow consumer", () => {
  /** Sends so many messages at once now and then, and says what came of each. */
  const flood = async (whenFull: WhenFull, capacity: number, bursts: readonly number[], asking: number) => {
    const clock = virtualClock()
    const app = new ActorSystem("app", { clock })
    const handled: number[] = []
    const dead: number[] = []
    const refused: number[] = []
    app.deadLetters.subscribe(({ message, reason }) => {
      expect(reason).toBe("full")
      if (typeof message === "number") dead.push(message)
    })
    const ref = app.spawn(
      actor(async (n: number) => {
        await new Promise<void>((resolve) => clock.after(10, resolve))
        handled.push(n)
      }),
      "slow",
      { mailbox: bounded(capacity, whenFull) },
    )
    let sent = 0
    let queuedLater = 0
    const asks: Array<Promise<unknown>> = []
    for (const burst of bursts) {
      for (const _ of upTo(burst)) {
        const n = sent++
        const refuse = (error: unknown): void => {
          expect(error).toBeInstanceOf(MailboxFull)
          refused.push(n)
        }
        if (asking > 0 && n % asking === 0) asks.push(ref.ask(n).catch(refuse))
        else {
          try {
            const waits = ref.tell(n)
            if (waits !== undefined) asks.push(Promise.resolve(waits).then(() => queuedLater++))
          } catch (error) {
            refuse(error)
          }
        }
      }
      await clock.advance(25)
    }
    await clock.advance(sent * 10 + 10)
    await app.whenQuiescent()
    await Promise.all(asks)
    expect(app.stats()).toMatchObject({ asks: 0, timers: 0, deadLetters: dead.length })
    await app.shutdown()
    return { sent, handled, dead, refused, queuedLater }
  }

  const bursts = fc.array(fc.nat(12), { maxLength: 10 })

  it("with any policy: handled + dead letters + refused = sent, each once, and what is handled is in order", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<WhenFull>("block", "dropNew", "dropOldest", "fail"),
        fc.integer({ min: 1, max: 5 }),
        bursts,
        fc.nat(4),
        async (whenFull, capacity, sizes, asking) => {
          const { sent, handled, dead, refused, queuedLater } = await flood(whenFull, capacity, sizes, asking)
          expect([...handled, ...dead, ...refused].sort((a, b) => a - b)).toEqual(upTo(sent))
          expect(handled).toEqual([...handled].sort((a, b) => a - b))
          if (whenFull === "block" || whenFull === "fail") expect(dead).toEqual([])
          if (whenFull !== "block") expect(queuedLater).toBe(0)
          if (whenFull !== "fail" && asking === 0) expect(refused).toEqual([])
        },
      ),
    ))

  it("with each policy loses just what its name says", async () => {
    for (const [whenFull, handled, dead, refused] of [
      ["block", [0, 1, 2, 3, 4, 5], [], []],
      ["dropNew", [0, 1], [2, 3, 4, 5], []],
      ["dropOldest", [4, 5], [0, 1, 2, 3], []],
      ["fail", [0, 1], [], [2, 3, 4, 5]],
    ] as const) {
      expect(await flood(whenFull, 2, [1], 0)).toMatchObject({ handled: [0], dead: [], refused: [] })
      expect(await flood(whenFull, 2, [6], 0), whenFull).toMatchObject({ handled, dead, refused })
    }
  })

  it("refuses an ask at once when its mailbox is full, whatever the policy; and one that is displaced", async () => {
    for (const [whenFull, refused] of [
      ["block", [3, 6]],
      ["dropNew", [3, 6]],
      ["dropOldest", [0, 3, 6]],
      ["fail", [3, 6]],
    ] as const) {
      const found = await flood(whenFull, 2, [9], 3)
      const asks = found.refused.filter((n) => n % 3 === 0)
      expect(
        asks.sort((a, b) => a - b),
        whenFull,
      ).toEqual(refused)
    }
  })
})
