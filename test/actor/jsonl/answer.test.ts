import { existsSync } from "node:fs"
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

describe("an answer", () => {
  it("goes to the customer, who may be another than the sender, and keeps it", async () => {
    add(root, bob(1, { id: "1", from: "alice", customer: "carol" }))
    const { app, clock } = reader(root, ({ payload }) => ({ got: payload["n"] ?? null }))
    await app.whenQuiescent()
    expect(jsonLines(root, "carol.jsonl")).toEqual([
      {
        id: expect.any(String),
        to: "carol",
        from: "bob",
        customer: "carol",
        timestamp: new Date(clock.now()).toISOString(),
        payload: { got: 1 },
      },
    ])
    expect(existsSync(join(root, "alice.jsonl"))).toBe(false)
    await app.shutdown()
  })

  it("is an object alone: nothing else is sent", async () => {
    const answers = [undefined, null, "text", 7, [1], new Date(0), new Map()]
    add(root, answers.map((_, n) => bob(n)).join(""))
    const { app, numbers } = reader(root, ({ payload }) => answers[Number(payload["n"])])
    await app.whenQuiescent()
    expect(numbers()).toHaveLength(answers.length)
    expect(existsSync(join(root, "alice.jsonl"))).toBe(false)
    await app.shutdown()
  })

  it("is not answered: two actors that both answer fall silent", async () => {
    const app = new ActorSystem("app")
    const seen: string[] = []
    const echo = actor(({ to, payload }: Envelope) => {
      seen.push(to)
      if (seen.length === 2) done()
      return { echo: payload }
    })
    let done = (): void => {}
    const both = new Promise<void>((resolve) => {
      done = resolve
    })
    for (const name of ["alice", "bob"]) app.spawn(echo, name, { mailbox: jsonl({ root, poll: 20 }) })
    messages({ from: "alice", root }).send({ to: "bob", payload: { n: 1 } })
    await both
    await app.whenQuiescent()
    await app.shutdown()
    expect(seen).toEqual(["bob", "alice"])
    expect(jsonLines(root, "alice.jsonl").map(({ payload }) => payload)).toEqual([{ echo: { n: 1 } }])
    expect(jsonLines(root, "bob.jsonl")).toHaveLength(1)
  })

  it("that is no JSON makes the actor fail, and the next message is handled", async () => {
    add(root, bob(1), bob(2))
    const { app, numbers } = reader(root, ({ payload }) => (payload["n"] === 1 ? { at: () => 1 } : { fine: true }))
    const failures: unknown[] = []
    app.bus.subscribe(ActorFailed, ({ error }) => void failures.push(String(error)))
    await app.whenQuiescent()
    expect(numbers()).toEqual([1, 2])
    expect(failures).toEqual([
      "TypeError: the answer of /app/bob to message m cannot be sent: expected JSON, which what is at /at is not",
    ])
    expect(jsonLines(root, "alice.jsonl").map(({ payload }) => payload)).toEqual([{ fine: true }])
    await app.shutdown()
  })

  it("of one who sends it on comes from the next, for the same customer", async () => {
    const forwarding = messages({ from: "bob", root })
    add(root, bob(1, { customer: "carol" }))
    const { app, poll } = reader(root, (envelope) => void forwarding.forward(envelope, "dave"))
    app.spawn(
      actor(({ from, payload }: Envelope) => ({ from, ...payload })),
      "dave",
      { mailbox: jsonl({ root, watch: false }) },
    )
    await app.whenQuiescent()
    await poll()
    expect(jsonLines(root, "carol.jsonl").map(({ from, payload }) => [from, payload])).toEqual([
      ["dave", { from: "bob", n: 1 }],
    ])
    await app.shutdown()
  })
})
