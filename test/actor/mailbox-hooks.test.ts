import { describe, expect, it } from "vitest"
import {
  ActorFailed,
  ActorSystem,
  actor,
  allForOne,
  type Mailbox,
  type MailboxFactory,
  memory,
  type Outcome,
} from "troupe/actor"

interface Calls {
  readonly outcomes: Outcome[]
  readonly owners: string[]
  closed: number
}

/** Notes what a mailbox is told. */
function noting(calls: Calls, fault?: Error): MailboxFactory {
  return <E>(wake: () => void, { path, name }: { readonly path: string; readonly name: string }): Mailbox<E> => {
    calls.owners.push(`${path} ${name}`)
    const inner = memory<E>(wake)
    return {
      get size() {
        return inner.size
      },
      offer: (entry, asked) => inner.offer(entry, asked),
      take: () => inner.take(),
      drain: () => inner.drain(),
      handled: (outcome) => {
        calls.outcomes.push(outcome)
        if (fault !== undefined) throw fault
      },
      close: () => void calls.closed++,
    }
  }
}

const none = (): Calls => ({ outcomes: [], owners: [], closed: 0 })

describe("a mailbox is told", () => {
  it("whose it is, what came of each entry, and the end", async () => {
    const calls = none()
    const app = new ActorSystem("app")
    const half = app.spawn(
      actor((n: number) => {
        if (n === 0) throw new Error("zero")
        return n > 9 ? Promise.resolve(n / 2) : n / 2
      }),
      "a/b",
      { mailbox: noting(calls) },
    )
    void half.tell(4)
    await half.ask(10)
    await half.ask(0).catch(() => {})
    await app.whenQuiescent()
    expect(calls).toEqual({
      owners: ["/app/a%2Fb a/b"],
      outcomes: [
        { is: "answered", value: 2 },
        { is: "answered", value: 5 },
        { is: "failed", error: new Error("zero") },
      ],
      closed: 0,
    })
    await half.stop()
    expect(calls.closed).toBe(1)
    await app.shutdown()
    expect(calls.closed).toBe(1)
  })

  it("of a generator that is ended where it stands, and why", async () => {
    const calls = none()
    const app = new ActorSystem("app", { supervisor: allForOne() })
    const crash = new Error("crash")
    const fails = app.spawn(
      actor(() => {
        throw crash
      }),
    )
    const stands = app.spawn(
      actor(async function* (n: number) {
        for (;;) yield n
      }),
      "stands",
      { mailbox: noting(calls) },
    )
    const stream = stands.askStream(1, { readAhead: 0 })
    await stream.next()
    await stream.return()
    expect(calls.outcomes).toMatchObject([{ is: "failed", error: { name: "AbortedError" } }])
    const restarted = stands.askStream(2, { readAhead: 0 })
    await restarted.next()
    fails.tell(undefined)
    await app.whenQuiescent()
    await expect(restarted.next()).rejects.toBe(crash)
    expect(calls.outcomes.slice(1)).toEqual([{ is: "failed", error: crash }])
    await app.shutdown()
  })

  it("of the end on every way: stopped, failed for good, interrupted at shutdown", async () => {
    const calls = none()
    const app = new ActorSystem("app")
    const one = app.spawn(
      actor((n: number) => n),
      "one",
      { mailbox: noting(calls) },
    )
    await one.stop()
    const two = app.spawn(
      actor(() => Promise.reject(new Error("no"))),
      undefined,
      { mailbox: noting(calls) },
    )
    for (let i = 0; i < 5; i++) void two.tell(undefined)
    await app.whenQuiescent()
    expect(calls.closed).toBe(2)
    const three = app.spawn(
      actor(() => new Promise<void>(() => {})),
      "three",
      { mailbox: noting(calls) },
    )
    void three.tell(undefined)
    await app.shutdown({ timeout: 1 })
    expect([calls.closed, calls.owners]).toEqual([3, ["/app/one one", "/app/$1 $1", "/app/three three"]])
  })

  it("and when it throws, its actor fails", async () => {
    const calls = none()
    const app = new ActorSystem("app")
    const failures: unknown[] = []
    app.bus.subscribe(ActorFailed, ({ error }) => void failures.push(error))
    const fault = new Error("the disk is full")
    const one = app.spawn(
      actor((n: number) => n),
      "one",
      { mailbox: noting(calls, fault) },
    )
    expect(await one.ask(1)).toBe(1)
    expect(await one.ask(2)).toBe(2)
    await app.whenQuiescent()
    expect(failures).toEqual([fault, fault])
    await app.shutdown()
  })

  it("nothing when it cannot be made: spawn throws, and the name is free", async () => {
    await using app = new ActorSystem("app")
    const mailbox: MailboxFactory = () => {
      throw new Error("no room")
    }
    const same = actor((n: number) => n)
    expect(() => app.spawn(same, "one", { mailbox })).toThrow("no room")
    expect(app.stats().actors).toBe(0)
    expect(await app.spawn(same, "one").ask(1)).toBe(1)
  })
})
