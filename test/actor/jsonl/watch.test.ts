import { EventEmitter } from "node:events"
import type * as Fs from "node:fs"
import { renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { ActorSystem, actor, type Envelope, jsonl, messages } from "troupe/actor"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { folder } from "../../cli/process.js"
import { add, lineFor, reader } from "./reading.js"

/** What `watch` gives: "real", one that never tells of anything, or none at all. */
let watcher: "real" | "deaf" | "none" = "real"
let opened: EventEmitter[] = []
let closed = 0

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof Fs>()
  return {
    ...fs,
    watch: (...args: Parameters<typeof fs.watch>) => {
      if (watcher === "real") return fs.watch(...args)
      if (watcher === "none") throw Object.assign(new Error("no watcher left"), { code: "ENOSPC" })
      const deaf = Object.assign(new EventEmitter(), { close: () => void closed++ })
      opened.push(deaf)
      return deaf
    },
  }
})

let root = ""
let remove = (): void => {}
beforeEach(() => {
  watcher = "real"
  opened = []
  closed = 0
  const made = folder()
  root = made.path
  remove = made.remove
})
afterEach(() => remove())

const bob = (n: number): string => lineFor("bob", { n })

describe("a watcher of the folder", () => {
  it.each(["deaf", "none"] as const)("that is %s is made up for by polls", async (kind) => {
    watcher = kind
    const { app, clock, numbers } = reader(root, undefined, { watch: true, poll: 200 })
    for (const n of [1, 2, 3]) {
      add(root, bob(n))
      await clock.advance(199)
      expect(numbers()).toHaveLength(n - 1)
      await clock.advance(1)
      expect(numbers()).toHaveLength(n)
    }
    await app.shutdown()
    expect([opened.length, closed]).toEqual(kind === "deaf" ? [1, 1] : [0, 0])
  })

  it("that fails is given up, and polls go on", async () => {
    watcher = "deaf"
    const { app, poll, numbers } = reader(root, undefined, { watch: true })
    opened[0]?.emit("error", new Error("the folder has gone"))
    expect(closed).toBe(1)
    add(root, bob(1))
    await poll()
    expect(numbers()).toEqual([1])
    await app.shutdown()
    expect(closed).toBe(2)
  })

  it("is one for all actors of the folder, closed with the last of them", async () => {
    watcher = "deaf"
    await using app = new ActorSystem("app", { clock: virtualClock() })
    const noting = actor((_envelope: Envelope) => {})
    const refs = ["a", "b", "c"].map((name) => app.spawn(noting, name, { mailbox: jsonl({ root }) }))
    for (const ref of refs) {
      expect([opened.length, closed]).toEqual([1, 0])
      await ref.stop()
    }
    expect([opened.length, closed]).toEqual([1, 1])
  })

  it("wakes the actor that a message is for, long before a poll", async () => {
    await using app = new ActorSystem("app")
    const seen: string[] = []
    const got = new Promise<void>((resolve) => {
      const noting = actor(({ to, payload }: Envelope) => {
        seen.push(`${to} ${JSON.stringify(payload["n"])}`)
        if (seen.length === 3) resolve()
      })
      for (const name of ["bob", "carol"]) app.spawn(noting, name, { mailbox: jsonl({ root, poll: 3_600_000 }) })
    })
    const alice = messages({ from: "alice", root })
    alice.send({ to: "bob", payload: { n: 1 } })
    alice.send({ to: "carol", payload: { n: 2 } })
    renameSync(join(root, "bob.jsonl"), join(root, "bob.jsonl.1"))
    alice.send({ to: "bob", payload: { n: 3 } })
    await got
    expect(seen.toSorted()).toEqual(["bob 1", "bob 3", "carol 2"])
  })
})

describe("a folder", () => {
  it("that is removed and made again is read on", async () => {
    const { app, poll, numbers } = reader(join(root, "messages"), undefined, { watch: true })
    const alice = messages({ from: "alice", root: join(root, "messages") })
    alice.send({ to: "bob", payload: { n: 1 } })
    await poll()
    rmSync(join(root, "messages"), { recursive: true })
    await poll()
    alice.send({ to: "bob", payload: { n: 2 } })
    await poll()
    expect(numbers()).toEqual([1, 2])
    await app.shutdown()
  })
})
