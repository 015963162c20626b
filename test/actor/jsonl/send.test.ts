import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Envelope, messages, sendSchema } from "troupe/actor"
import { jsonSchema } from "../../../src/data/schema.js"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { folder } from "../../cli/process.js"
import { jsonLines } from "./reading.js"

let root = ""
let remove = (): void => {}
beforeEach(() => {
  const made = folder()
  root = join(made.path, "_", "messages")
  remove = made.remove
})
afterEach(() => remove())

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

describe("send", () => {
  it("appends one line with the whole envelope, for an actor that need not exist", () => {
    const clock = virtualClock(Date.UTC(2026, 0, 31, 12, 30, 15, 7))
    const alice = messages({ from: "alice", root, clock })
    const id = alice.send({ to: "bob", payload: { text: "a\nb\u2028ü" } })
    expect(id).toMatch(uuid)
    expect(readFileSync(join(root, "bob.jsonl"), "utf8")).toBe(
      `{"id":"${id}","to":"bob","from":"alice","customer":"alice","timestamp":"2026-01-31T12:30:15.007Z","payload":{"text":"a\\nb\u2028ü"}}\n`,
    )
    expect(readdirSync(root)).toEqual(["bob.jsonl"])
  })

  it("gives each message an id of its own, and the customer that was named", () => {
    const alice = messages({ from: "alice", root })
    const ids = [1, 2, 3].map((n) => alice.send({ to: "bob", customer: "carol", payload: { n } }))
    expect(new Set(ids).size).toBe(3)
    expect(jsonLines(root, "bob.jsonl").map(({ id, customer, payload }) => [id, customer, payload])).toEqual(
      ids.map((id, i) => [id, "carol", { n: i + 1 }]),
    )
  })

  it("keeps the customer when a message is sent on, with its payload or another", () => {
    const got: Envelope = {
      id: "1",
      to: "bob",
      from: "alice",
      customer: "carol",
      timestamp: "2026-01-31T12:00:00Z",
      payload: { n: 1 },
    }
    const bob = messages({ from: "bob", root })
    bob.forward(got, "dave")
    bob.forward(got, "dave", { n: 2 })
    expect(jsonLines(root, "dave.jsonl")).toEqual([
      { ...got, id: expect.stringMatching(uuid), to: "dave", from: "bob", timestamp: expect.any(String) },
      {
        ...got,
        id: expect.stringMatching(uuid),
        to: "dave",
        from: "bob",
        timestamp: expect.any(String),
        payload: { n: 2 },
      },
    ])
  })

  it("writes a line of any length whole", () => {
    const long = "é".repeat(1_000_000)
    for (const from of ["alice", "carol"]) messages({ from, root }).send({ to: "bob", payload: { long } })
    expect(jsonLines(root, "bob.jsonl").map(({ payload }) => payload)).toEqual([{ long }, { long }])
  })

  it("ends what another writer left without its newline", () => {
    mkdirSync(root, { recursive: true })
    writeFileSync(join(root, "bob.jsonl"), '{"torn')
    messages({ from: "alice", root }).send({ to: "bob", payload: {} })
    messages({ from: "alice", root }).send({ to: "bob", payload: {} })
    const lines = readFileSync(join(root, "bob.jsonl"), "utf8").split("\n")
    expect(lines.map((line) => line.slice(0, 6))).toEqual(['{"torn', '{"id":', '{"id":', ""])
  })

  const ring: Record<string, unknown> = {}
  ring["again"] = ring
  let deep: unknown = {}
  for (let i = 0; i < 100_000; i++) deep = { deep }

  it.each([
    ["a text", "hello", "/payload expected a JSON object"],
    ["a list", [1], "/payload expected a JSON object"],
    ["nothing", undefined, "/payload expected a JSON object"],
    ["a date", { at: new Date(0) }, "what is at /at is not"],
    ["a function", { a: [1, () => 1] }, "what is at /a/1 is not"],
    ["no number", { n: Number.NaN }, "what is at /n is not"],
    ["a ring", ring, "cannot be written as JSON: Converting circular structure"],
    ["a depth without an end", { deep }, "cannot be written as JSON"],
    ["17 million characters", { text: "x".repeat(17_000_000) }, "longer than 16777216 bytes"],
  ])("refuses a payload that is %s, in words", (_what, payload, words) => {
    const outgoing = { to: "bob", payload } as unknown as { to: string; payload: {} }
    expect(() => messages({ from: "alice", root }).send(outgoing)).toThrow(words)
    expect(jsonLines(root, "bob.jsonl")).toEqual([])
  })

  it("says that it could not write, as a fault that may be tried again", () => {
    mkdirSync(join(root, "bob.jsonl"), { recursive: true })
    const alice = messages({ from: "alice", root })
    expect(() => alice.send({ to: "bob", payload: {} })).toThrow(/the message to bob was not written: EISDIR/)
    expect(() => alice.send({ to: "bob", payload: {} })).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ _tag: "Unavailable", retry: "yes" }) }),
    )
  })

  it("follows no link out of the folder, and waits for no pipe", () => {
    mkdirSync(root, { recursive: true })
    const outside = join(root, "..", "outside")
    writeFileSync(outside, "")
    symlinkSync(outside, join(root, "bob.jsonl"))
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "carol.jsonl")])
    const alice = messages({ from: "alice", root })
    expect(() => alice.send({ to: "bob", payload: {} })).toThrow("was not written: ELOOP")
    expect(() => alice.send({ to: "carol", payload: {} })).toThrow("carol.jsonl is no file")
    expect(readFileSync(outside, "utf8")).toBe("")
  })
})

describe("the id of an actor", () => {
  const refused = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "C:x",
    "a\0b",
    "a\nb",
    ".hidden",
    "-rf",
    "a.",
    "a b",
  ]
  const reserved = ["con", "NUL", "com1", "COM¹", "lpt9.txt", "aux.a.b"]

  it.each([...refused, ...reserved, "x".repeat(201), "ü".repeat(101), "u\u0308", "\ud800", "a.quarantine"])(
    "is not %j: nothing is made",
    (id) => {
      const alice = messages({ from: "alice", root })
      expect(() => alice.send({ to: id, payload: {} })).toThrow(/this is no message: \/to no id of an actor: /)
      expect(() => alice.send({ to: "bob", customer: id, payload: {} })).toThrow(/\/customer no id of an actor: /)
      expect(() => messages({ from: id, root })).toThrow(/^from: .* cannot be the id of an actor: /)
      expect(() => readdirSync(root)).toThrow("ENOENT")
    },
  )

  it.each(["a", "A-1", "agent_7.b", "user@host", "研究员", "böse", "console", "com10", "_x", "x".repeat(200)])(
    "is %j",
    (id) => {
      messages({ from: id, root }).send({ to: id, customer: id, payload: {} })
      expect(readdirSync(root)).toEqual([`${id}.jsonl`])
    },
  )

  it("never names a file outside the folder, whatever text it is", () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[./\\a\0:]{1,8}$/)), (id) => {
        const made = folder()
        try {
          messages({ from: "alice", root: join(made.path, "in", "ner") }).send({ to: id, payload: {} })
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
        expect(readdirSync(made.path).filter((name) => name !== "in")).toEqual([])
        made.remove()
      }),
    ))

  it("may not differ from another's in case alone", () => {
    const alice = messages({ from: "alice", root })
    alice.send({ to: "Bob", payload: {} })
    alice.send({ to: "bo", payload: {} })
    expect(() => alice.send({ to: "bob", payload: {} })).toThrow("it differs from that of Bob.jsonl in case alone")
    alice.send({ to: "Bob", payload: {} })
    expect(readdirSync(root).toSorted()).toEqual(["Bob.jsonl", "bo.jsonl"])
  })
})

describe("sendSchema", () => {
  it("is the shape { to, customer?, payload } for a model, and parses what send takes", () => {
    expect(sendSchema.json).toMatchObject({
      type: "object",
      properties: { to: { type: "string" }, customer: { type: "string" }, payload: { type: "object" } },
      required: ["to", "payload"],
      additionalProperties: false,
    })
    const input = { to: "bob", customer: "carol", payload: { a: [1] } }
    expect(sendSchema.parse(input)).toEqual({ _tag: "Right", right: input })
    expect(sendSchema.parse({ to: "..", payload: [], cc: 1 })).toEqual({
      _tag: "Left",
      left: [
        { at: "/cc", message: "unknown: expected to, customer, payload" },
        { at: "/to", message: expect.stringContaining("no id of an actor") },
        { at: "/payload", message: "expected a JSON object" },
      ],
    })
  })

  it("takes nothing that its JSON Schema refuses, and all that it takes where the ids are ids", () => {
    const byJson = jsonSchema(sendSchema.json ?? true)
    const id = fc.constantFrom("bob", "carol")
    const odd = fc.oneof(fc.jsonValue(), id)
    const shape = fc.record({ to: odd, customer: odd, payload: odd, cc: odd }, { requiredKeys: [] })
    const good = fc.record(
      { to: id, customer: id, payload: fc.dictionary(fc.string(), fc.jsonValue()) },
      { requiredKeys: ["to", "payload"] },
    )
    return fc.assert(
      fc.property(fc.oneof(shape, good, fc.jsonValue()), (value) => {
        const ours = sendSchema.parse(value)
        if (ours._tag === "Right") expect(byJson.parse(value)._tag).toBe("Right")
        else if (!JSON.stringify(ours.left).includes("no id of an actor")) expect(byJson.parse(value)._tag).toBe("Left")
      }),
    )
  })
})
