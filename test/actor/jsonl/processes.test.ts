import { existsSync, readFileSync, renameSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, inject, it } from "vitest"
import { ActorSystem, actor, type Envelope, jsonl, messages } from "troupe/actor"
import { folder } from "../../cli/process.js"
import { jsonLines } from "./reading.js"
import { program } from "./programs.js"

/** Sends `count` messages to bob; each fortieth is longer than a page and than a pipe holds. */
const writer = `
  const [root, from, count] = args
  const out = troupe.messages({ from, root })
  for (let n = 0; n < Number(count); n++) {
    out.send({ to: "bob", customer: "carol", payload: { n, text: "ü".repeat(n % 40 === 0 ? 50_000 : 10) } })
  }
`

/** An actor in this process that resolves once it has so many messages. */
function bob(root: string, count: number, each: (seen: number) => void = () => {}) {
  const app = new ActorSystem("app")
  const seen: Envelope[] = []
  const all = new Promise<void>((resolve) => {
    const receive = actor((envelope: Envelope) => {
      seen.push(envelope)
      each(seen.length)
      if (seen.length === count) resolve()
    })
    app.spawn(receive, "bob", { mailbox: jsonl({ root, poll: 50 }) })
  })
  return { app, seen, all }
}

/** The numbers of each sender's messages, in the order in which they came. */
function bySender(seen: readonly Envelope[]): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {}
  for (const { from, payload } of seen) (found[from] ??= []).push(payload["n"])
  return found
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n)
const senders = (count: number): readonly string[] => numbers(count).map((n) => `writer${n}`)
const allOf = (names: readonly string[], count: number) =>
  Object.fromEntries(names.map((name) => [name, numbers(count)]))

describe("processes", () => {
  beforeAll(() => expect(inject("buildError")).toBe(""))

  it("20 of them write 500 lines each to one file: nothing is lost, and each one's order is kept", async () => {
    const { path: root, remove } = folder()
    const { app, seen, all } = bob(root, 10_000)
    const writers = senders(20).map((name) => program(writer, root, name, "500"))
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(writers.map(() => 0))
    await all
    await app.shutdown()
    expect(bySender(seen)).toEqual(allOf(senders(20), 500))
    expect(new Set(seen.map(({ id }) => id)).size).toBe(10_000)
    expect(
      seen.every(({ payload, customer }) => customer === "carol" && /^"ü+"$/.test(JSON.stringify(payload["text"]))),
    ).toBe(true)
    expect(jsonLines(root, "bob.quarantine.jsonl")).toEqual([])
    expect(jsonLines(root, "bob.jsonl")).toHaveLength(10_000)
    remove()
  })

  it("go on writing while the file is renamed again and again", async () => {
    const { path: root, remove } = folder()
    let turns = 0
    let next = 100
    const { app, seen, all } = bob(root, 2_000, (count) => {
      if (count >= next && existsSync(join(root, "bob.jsonl"))) {
        next = count + 100
        renameSync(join(root, "bob.jsonl"), join(root, `bob.jsonl.${++turns}`))
      }
    })
    const writers = senders(5).map((name) => program(writer, root, name, "400"))
    await Promise.all([all, ...writers.map(({ ended }) => ended)])
    await app.shutdown()
    expect(turns).toBeGreaterThan(0)
    expect(bySender(seen)).toEqual(allOf(senders(5), 400))
    remove()
  })

  it("are ended in the middle of a line: what others sent is whole, and the torn line is put aside", async () => {
    const { path: root, remove } = folder()
    const long = `
      const [root, from] = args
      const out = troupe.messages({ from, root })
      const text = "ü".repeat(4_000_000)
      for (let n = 0; ; n++) {
        if (n === 1) console.log("begun")
        out.send({ to: "bob", payload: { n, text } })
      }
    `
    const killed = [program(long, root, "killed0"), program(long, root, "killed1")]
    await Promise.all(killed.map(({ says }) => says("begun")))
    const writers = senders(3).map((name) => program(writer, root, name, "50"))
    for (const { process } of killed) process.kill("SIGKILL")
    await Promise.all([...killed, ...writers].map(({ ended }) => ended))
    messages({ from: "last", root }).send({ to: "bob", payload: { n: 0 } })
    const app = new ActorSystem("app")
    const seen: Envelope[] = []
    const got = new Promise<void>((resolve) => {
      const receive = actor((envelope: Envelope) => {
        seen.push(envelope)
        if (envelope.from === "last") resolve()
      })
      app.spawn(receive, "bob", { mailbox: jsonl({ root }) })
    })
    await got
    await app.whenQuiescent()
    await app.shutdown()
    const { killed0, killed1, ...others } = bySender(seen)
    expect(others).toEqual({ ...allOf(senders(3), 50), last: [0] })
    for (const each of [killed0, killed1]) expect(each).toEqual(numbers(each?.length ?? 0))
    const torn = jsonLines(root, "bob.quarantine.jsonl")
    expect(torn.length).toBeLessThanOrEqual(2)
    for (const { line } of torn) expect(line).toMatch(/^\{"id":"/)
    remove()
  })

  it("find the disk full: the sender is told, the torn line is put aside, and others go on", async () => {
    const { path: root, remove } = folder()
    const filling = `
      const [root] = args
      const out = troupe.messages({ from: "alice", root })
      for (let n = 0; n < 100; n++) {
        try {
          out.send({ to: "bob", payload: { n, text: "x".repeat(3_000) } })
        } catch ({ fault }) {
          console.log(n, fault._tag, fault.retry, fault.message)
          break
        }
      }
    `
    // A limit of the process in place of a disk: 100 blocks of 1,024 bytes to a file.
    const full = program(filling, { shell: 'trap "" XFSZ; ulimit -f 100; exec "$@"' }, root)
    expect(await full.ended).toBe(0)
    const [told, sent] = /^(\d+) Unavailable yes the message to bob was not written: EFBIG/.exec(full.output()) ?? []
    expect(told).toBeDefined()
    messages({ from: "last", root }).send({ to: "bob", payload: { n: 0 } })
    const { app, seen, all } = bob(root, Number(sent) + 1)
    await all
    await app.shutdown()
    expect(bySender(seen)).toEqual({ alice: numbers(Number(sent)), last: [0] })
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([{ line: expect.stringMatching(/^\{"id":"/) }])
    remove()
  })

  it("are killed between the take of a message and the end of its handler: the next one gets it again", async () => {
    const { path: root, remove } = folder()
    const reading = `
      const [root] = args
      const app = new troupe.ActorSystem("app")
      app.spawn(troupe.actor(async ({ payload }) => {
        console.log("begins " + payload.n)
        if (payload.n === 3) await new Promise(() => {})
        console.log("ends " + payload.n)
      }), "bob", { mailbox: troupe.jsonl({ root }) })
    `
    const alice = messages({ from: "alice", root })
    for (const n of [1, 2, 3, 4]) alice.send({ to: "bob", payload: { n } })
    const one = program(reading, root)
    await one.says("begins 3")
    one.process.kill("SIGKILL")
    expect(await one.ended).toBe("SIGKILL")
    const { app, seen, all } = bob(root, 2)
    await all
    await app.shutdown()
    expect(one.output()).toBe("begins 1\nends 1\nbegins 2\nends 2\nbegins 3\n")
    expect(seen.map(({ payload }) => payload["n"])).toEqual([3, 4])
    remove()
  })

  it("are killed at any moment, again and again: each message is handled, and one more than once for each kill", async () => {
    const { path: root, remove } = folder()
    const reading = `
      import { appendFileSync } from "node:fs"
      const [root] = args
      const app = new troupe.ActorSystem("app")
      let handled = 0
      app.spawn(troupe.actor(async ({ from, payload }) => {
        appendFileSync(root + "/handled", from + " " + payload.n + "\\n")
        console.log("handled " + ++handled)
        await null
      }), "bob", { mailbox: troupe.jsonl({ root }) })
    `
    const kills = 8
    const handled = (): readonly string[] => readFileSync(join(root, "handled"), "utf8").trimEnd().split("\n")
    const also = program(writer, root, "also", "250")
    for (let kill = 0; kill < kills; kill++) {
      await program(writer, root, `writer${kill}`, "100").ended
      const reader = program(reading, root)
      await reader.says(`handled ${1 + 10 * kill}\n`)
      reader.process.kill("SIGKILL")
      await reader.ended
    }
    await also.ended
    messages({ from: "last", root }).send({ to: "bob", payload: { n: 0 } })
    const { app, seen, all } = bob(root, -1, () => {})
    void all
    const told = new Promise<void>((resolve) => {
      const look = (): void => (seen.at(-1)?.from === "last" ? resolve() : void setImmediate(look))
      look()
    })
    await told
    await app.shutdown()
    const lines = [...handled(), ...seen.map(({ from, payload }) => `${from} ${JSON.stringify(payload["n"])}`)]
    const first = [...new Set(lines)]
    expect(first.toSorted()).toEqual(
      [
        ...senders(kills).flatMap((name) => numbers(100).map((n) => `${name} ${n}`)),
        ...numbers(250).map((n) => `also ${n}`),
        "last 0",
      ].toSorted(),
    )
    expect(lines.length - first.length).toBeLessThanOrEqual(kills)
    for (const name of [...senders(kills), "also"]) {
      const count = name === "also" ? 250 : 100
      expect(first.filter((line) => line.startsWith(`${name} `))).toEqual(numbers(count).map((n) => `${name} ${n}`))
    }
    remove()
  })

  it("end by themselves when their system has shut down, and not before", async () => {
    const { path: root, remove } = folder()
    const reading = `
      const [root] = args
      const app = new troupe.ActorSystem("app")
      app.spawn(troupe.actor(async ({ payload }) => {
        console.log(payload.text)
        if (payload.text === "end") void app.shutdown()
      }), "bob", { mailbox: troupe.jsonl({ root, poll: 60_000 }) })
      console.log("reads")
    `
    const one = program(reading, root)
    await one.says("reads")
    const alice = messages({ from: "alice", root })
    alice.send({ to: "bob", payload: { text: "one" } })
    await one.says("one") // long before the next poll: the system tells of the change
    alice.send({ to: "bob", payload: { text: "end" } })
    expect(await one.ended).toBe(0)
    remove()
  })
})
