import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ActorFailed, ActorSystem, actor, type Envelope, jsonl, messages } from "troupe/actor"
import { folder } from "../../cli/process.js"
import { add, jsonLines, lineFor, reader } from "./reading.js"

let root = ""
let remove = (): void => {}
beforeEach(() => {
  const made = folder()
  root = made.path
  remove = made.remove
})
afterEach(() => remove())

const bob = (n: unknown, more: object = {}): string => lineFor("bob", { n }, more)

describe("a mailbox of a file", () => {
  it("gives its actor the envelopes that are there, and then each new one", async () => {
    const alice = messages({ from: "alice", root })
    const first = alice.send({ to: "bob", payload: { n: 1 } })
    const { app, seen, poll, numbers } = reader(root)
    await app.whenQuiescent()
    expect(seen).toEqual([
      { id: first, to: "bob", from: "alice", customer: "alice", timestamp: expect.any(String), payload: { n: 1 } },
    ])
    alice.send({ to: "bob", payload: { n: 2 } })
    alice.send({ to: "bob", payload: { n: 3 } })
    await poll()
    expect(numbers()).toEqual([1, 2, 3])
    await app.shutdown()
  })

  it("is looked at each poll, not sooner, when nothing tells of a change", async () => {
    const { app, clock, numbers } = reader(root, undefined, { poll: 5_000 })
    await clock.advance(1)
    add(root, bob(1))
    await clock.advance(4_998)
    expect(numbers()).toEqual([])
    await clock.advance(1)
    expect(numbers()).toEqual([1])
    await app.shutdown()
    expect(clock.pending).toBe(0)
  })

  it("waits for the newline of a torn line, be it torn in the middle of a character", async () => {
    const { app, poll, numbers } = reader(root)
    const bytes = Buffer.from(bob("a€😀b"))
    for (const byte of bytes) {
      expect(numbers()).toEqual([])
      add(root, Uint8Array.of(byte))
      await poll()
    }
    expect(numbers()).toEqual(["a€😀b"])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toEqual([])
    await app.shutdown()
  })

  it.each([
    ["no JSON", "hello", "it is not JSON: "],
    ["half of an envelope", bob(0).slice(0, 50), "it is not JSON: "],
    ["a list", "[]", "expected an object { id, to, from, customer, timestamp, payload }"],
    ["null", "null", "expected an object { id,"],
    ["without an id", bob(0, { id: undefined }), "id: expected text"],
    ["with an id that is none", bob(0, { id: 7 }), "id: expected text"],
    ["for another", lineFor("carol", {}), "to: it is for carol, and this is the file of bob"],
    ["from nobody", bob(0, { from: undefined }), "from: no id of an actor: expected text"],
    ["with a customer outside", bob(0, { customer: "../x" }), "customer: no id of an actor: expected letters"],
    ["with a local time", bob(0, { timestamp: "2026-01-31T12:00:00+01:00" }), "timestamp: expected ISO 8601 in UTC"],
    ["with a day that is none", bob(0, { timestamp: "2026-13-31T12:00:00Z" }), "timestamp: expected ISO 8601 in UTC"],
    ["with a list as payload", lineFor("bob", [1]), "payload: expected an object"],
    ["with a text as payload", lineFor("bob", "x"), "payload: expected an object"],
  ])("puts a line aside that is %s, with why, and delivers what follows", async (_what, line, why) => {
    add(root, bob(1), `${line.trimEnd()}\n`, bob(2))
    const { app, clock, numbers } = reader(root)
    await app.whenQuiescent()
    expect(numbers()).toEqual([1, 2])
    const end = Buffer.byteLength(bob(1) + line.trimEnd()) + 1
    expect(jsonLines(root, "bob.quarantine.jsonl")).toEqual([
      {
        time: new Date(clock.now()).toISOString(),
        why: expect.stringContaining(why),
        file: expect.stringMatching(/^\d+$/),
        end,
        length: Buffer.byteLength(line.trimEnd()),
        line: line.trimEnd(),
      },
    ])
    await app.shutdown()
  })

  it("keeps the bytes of what is no text, and skips empty lines", async () => {
    add(root, "\n\n", Uint8Array.of(0xff, 0xfe, 0x0a), bob(1))
    const { app, numbers } = reader(root)
    await app.whenQuiescent()
    expect(numbers()).toEqual([1])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([
      { why: "it is not UTF-8", base64: "//4=", length: 2 },
    ])
    await app.shutdown()
  })

  it("finds the whole envelope after what a writer left that was ended in the middle", async () => {
    const torn = bob('torn, with \\"id\\" and {}').slice(0, -8)
    add(root, torn, bob(1), bob({ id: '{"id":"', nested: { id: "x" } }).slice(0, -3), bob(2))
    const { app, numbers } = reader(root)
    await app.whenQuiescent()
    expect(numbers()).toEqual([1, 2])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([
      { why: "its writer was ended in the middle of it", line: torn },
      { why: "its writer was ended in the middle of it" },
    ])
    await app.shutdown()
  })

  it("puts a line aside that is too long, without holding it", async () => {
    for (let i = 0; i < 17; i++) add(root, Buffer.alloc(1_048_576, "x"))
    add(root, "\n", bob(1))
    const { app, numbers } = reader(root)
    await app.whenQuiescent()
    expect(numbers()).toEqual([1])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([
      { why: "it is too long", length: 17_825_792, line: "x".repeat(4_096) },
    ])
    await app.shutdown()
  })

  it("reads a long file in parts, in order", async () => {
    const all = Array.from({ length: 5_000 }, (_, n) => n)
    add(root, all.map((n) => bob(n)).join(""))
    const { app, clock, numbers } = reader(root)
    await clock.settle()
    await app.whenQuiescent()
    expect(numbers()).toEqual(all)
    await app.shutdown()
  })

  it("reads on past thousands of spoiled lines, while a message before them is handled and after", async () => {
    const spoiled = Array.from({ length: 3_000 }, (_, n) => `spoiled ${n} ${"x".repeat(100)}\n`).join("")
    add(root, spoiled, bob(1), spoiled, bob(2))
    const { app, clock, numbers } = reader(root, () => Promise.resolve())
    await clock.settle()
    await app.whenQuiescent()
    await clock.settle()
    await app.whenQuiescent()
    expect(numbers()).toEqual([1, 2])
    const aside = jsonLines(root, "bob.quarantine.jsonl").map(({ line }) => `${String(line)}\n`)
    expect(aside.join("")).toBe(spoiled + spoiled)
    await app.shutdown()
  })

  it("may be given as it is: then the folder is _/messages and the id the name", async () => {
    const before = process.cwd()
    process.chdir(root)
    try {
      await using app = new ActorSystem("app")
      const got = new Promise<Envelope>((resolve) => {
        app.spawn(actor(resolve), "bob", { mailbox: jsonl })
      })
      messages({ from: "alice" }).send({ to: "bob", payload: { n: 1 } })
      expect(await got).toMatchObject({ to: "bob", payload: { n: 1 } })
      expect(readdirSync(join(root, "_", "messages")).toSorted()).toEqual(["bob.jsonl", "bob.offset"])
    } finally {
      process.chdir(before)
    }
  })

  it("takes what is told and asked within the process as well, in memory", async () => {
    const { app, poll, numbers } = reader(root, ({ payload }) => ({ twice: Number(payload["n"]) * 2 }))
    const ref = app.get<Envelope>("/app/bob")
    const told: Envelope = { ...JSON.parse(bob(1)), customer: "carol" }
    void ref?.tell(told)
    expect(await ref?.ask({ ...told, payload: { n: 2 } })).toEqual({ twice: 4 })
    add(root, bob(3))
    await poll()
    expect(numbers()).toEqual([1, 2, 3])
    expect(jsonLines(root, "carol.jsonl").map(({ payload }) => payload)).toEqual([{ twice: 2 }])
    expect(jsonLines(root, "alice.jsonl").map(({ payload }) => payload)).toEqual([{ twice: 6 }])
    const ended = app.shutdown()
    void ref?.tell(told)
    await ended
    expect(app.stats().deadLetters).toBe(1)
  })
})

describe("spawn", () => {
  it("refuses, in words, an actor whose name cannot be an id, and keeps nothing of it", async () => {
    await using app = new ActorSystem("app")
    const noting = actor((_envelope: Envelope) => {})
    for (const name of ["../x", "a/b", "nul", "a\0"]) {
      expect(() => app.spawn(noting, name, { mailbox: jsonl({ root }) })).toThrow(/cannot be the id of an actor/)
    }
    expect(() => app.spawn(noting, undefined, { mailbox: jsonl({ root }) })).toThrow(
      'the mailbox of /app/$1: "$1" cannot',
    )
    expect(() => app.spawn(noting, "bob", { mailbox: jsonl({ root, poll: 0 }) })).toThrow("poll: 0")
    app.spawn(noting, "../x", { mailbox: jsonl({ root, id: "x" }) })
    expect(app.stats().actors).toBe(1)
    expect(readdirSync(root)).toEqual(["x.offset"])
  })

  it("refuses a second reader of a file in the process, until the first has ended", async () => {
    await using app = new ActorSystem("app")
    const noting = actor((_envelope: Envelope) => {})
    const first = app.spawn(noting, "one", { mailbox: jsonl({ root, id: "bob" }) })
    expect(() => app.spawn(noting, "two", { mailbox: jsonl({ root, id: "bob" }) })).toThrow(
      "bob.jsonl is the mailbox of another actor of this process: stop that actor first",
    )
    expect(() => app.spawn(noting, "two", { mailbox: jsonl({ root, id: "BOB" }) })).not.toThrow()
    await first.stop()
    app.spawn(noting, "one", { mailbox: jsonl({ root, id: "bob" }) })
  })

  it("leaves no file open and no timer when its actors have ended", async () => {
    const open = (): number => readdirSync("/proc/self/fd").length
    const before = open()
    const app = new ActorSystem("app")
    add(root, bob(1))
    for (let i = 0; i < 20; i++)
      app.spawn(
        actor((_envelope: Envelope) => {}),
        `bob${i}`,
        { mailbox: jsonl({ root }) },
      )
    await app.whenQuiescent()
    expect(open()).toBeGreaterThan(before + 19)
    expect(() =>
      app.spawn(
        actor((_envelope: Envelope) => {}),
        "bob1",
        { mailbox: jsonl({ root, id: "c" }) },
      ),
    ).toThrow("is taken")
    await app.shutdown()
    expect(open()).toBe(before)
  })
})

describe("a file that cannot be read", () => {
  it("makes the actor fail, in words, and is read once it can be", async () => {
    const { app, poll, numbers } = reader(root)
    const failures: unknown[] = []
    app.bus.subscribe(ActorFailed, ({ error, directive }) => void failures.push([String(error), directive]))
    mkdirSync(join(root, "bob.jsonl"))
    await poll()
    expect(failures).toEqual([[expect.stringContaining("bob.jsonl is no file"), "restart"]])
    rmSync(join(root, "bob.jsonl"), { recursive: true })
    add(root, bob(1))
    await poll()
    expect(numbers()).toEqual([1])
    await app.shutdown()
  })

  it("passes no spoiled line that cannot be put aside: the next start tries again", async () => {
    mkdirSync(join(root, "bob.quarantine.jsonl"))
    add(root, bob(1), "no JSON\n", bob(2))
    const one = reader(root)
    await one.app.whenQuiescent()
    await one.poll()
    await one.app.shutdown()
    rmSync(join(root, "bob.quarantine.jsonl"), { recursive: true })
    const two = reader(root)
    await two.app.whenQuiescent()
    expect([one.numbers(), two.numbers()]).toEqual([[1, 2], [2]])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([{ line: "no JSON" }])
    await two.app.shutdown()
  })
})
