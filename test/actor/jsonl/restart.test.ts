import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, type Envelope, jsonl, oneTime } from "troupe/actor"
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

describe("a start of the process", () => {
  it("goes on where the last one was", async () => {
    add(root, bob(1), bob(2))
    const one = reader(root)
    await one.app.whenQuiescent()
    await one.app.shutdown()
    add(root, bob(3))
    const two = reader(root)
    await two.app.whenQuiescent()
    expect([one.numbers(), two.numbers()]).toEqual([[1, 2], [3]])
    await two.app.shutdown()
  })

  it("delivers again what a handler had begun, as it was interrupted, and what came after", async () => {
    add(root, bob(1), bob(2), "no JSON\n", bob(3))
    let began = (): void => {}
    const begun = new Promise<void>((resolve) => {
      began = resolve
    })
    class Slow extends Actor<Envelope> {
      override async onReceive({ payload }: Envelope) {
        if (payload["n"] === 1) return
        began()
        await new Promise((_, reject) => {
          this.context.signal.addEventListener("abort", () => reject(new Error("interrupted")))
        })
      }
    }
    const app = new ActorSystem("app")
    app.spawn(Slow, "bob", { mailbox: jsonl({ root }) })
    await begun
    await app.shutdown()
    expect(jsonLines(root, "bob.quarantine.jsonl")).toEqual([])
    const again = reader(root)
    await again.app.whenQuiescent()
    expect(again.numbers()).toEqual([2, 3])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toHaveLength(1)
    await again.app.shutdown()
    const last = reader(root)
    await last.app.whenQuiescent()
    expect(last.numbers()).toEqual([])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toHaveLength(1)
    await last.app.shutdown()
  })

  it("does not deliver again what a handler ended while its actor was being stopped, and it is answered", async () => {
    add(root, bob(1), bob(2))
    const app = new ActorSystem("app")
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const slow = app.spawn(
      actor(async ({ payload }: Envelope) => {
        await ended
        return { done: payload["n"] ?? null }
      }),
      "bob",
      { mailbox: jsonl({ root }) },
    )
    await new Promise((resolve) => setImmediate(resolve))
    const stopped = slow.stop()
    end()
    await stopped
    await app.shutdown()
    expect(jsonLines(root, "alice.jsonl").map(({ payload }) => payload)).toEqual([{ done: 1 }])
    const again = reader(root)
    await again.app.whenQuiescent()
    expect(again.numbers()).toEqual([2])
    await again.app.shutdown()
  })

  it("does not deliver again what a handler threw at: its supervisor has decided", async () => {
    add(root, bob(1), bob(2))
    const one = reader(root, ({ payload }) => {
      if (payload["n"] === 1) throw new Error("no")
    })
    await one.app.whenQuiescent()
    await one.app.shutdown()
    const two = reader(root)
    await two.app.whenQuiescent()
    expect([one.numbers(), two.numbers()]).toEqual([[1, 2], []])
    await two.app.shutdown()
  })

  it("of an actor for one message takes one each time", async () => {
    class Once extends Actor<Envelope> {
      override onReceive({ payload }: Envelope) {
        seen.push(payload["n"])
      }
      override stopPolicy() {
        return oneTime
      }
    }
    const seen: unknown[] = []
    add(root, bob(1), bob(2), bob(3))
    await using app = new ActorSystem("app")
    for (let i = 0; i < 2; i++) {
      app.spawn(Once, "bob", { mailbox: jsonl({ root, watch: false }) })
      await app.whenQuiescent()
    }
    expect(seen).toEqual([1, 2])
    expect(app.stats()).toMatchObject({ actors: 0, deadLetters: 0 })
  })

  it.each([
    ["torn", (file: string) => writeFileSync(file, readFileSync(file, "utf8").slice(0, 200))],
    ["garbled", (file: string) => writeFileSync(file, "{}\n{}\n")],
    ["removed", (file: string) => rmSync(file)],
  ])("delivers some again rather than lose one when the position is %s", async (_how, damage) => {
    add(root, bob(1), bob(2), bob(3))
    const one = reader(root)
    await one.app.whenQuiescent()
    await one.app.shutdown()
    damage(join(root, "bob.offset"))
    add(root, bob(4))
    const two = reader(root)
    await two.app.whenQuiescent()
    expect(two.numbers().at(-1)).toBe(4)
    expect(two.numbers()).toEqual([1, 2, 3, 4].slice(-two.numbers().length))
    await two.app.shutdown()
  })
})
