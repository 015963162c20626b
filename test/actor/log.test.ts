import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor, bounded, type LogLevel, type LogRecord, oneForOne, oneTime } from "troupe/actor"
import { FaultError } from "../../src/data/fault.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"]

/** A life with everything in it that is written down. */
async function live(level: LogLevel | undefined, said: string, sink: (record: LogRecord) => void): Promise<void> {
  const clock = virtualClock(1_000)
  const decide = (error: unknown) => (error instanceof RangeError ? "stop" : "restart")
  const log = level === undefined ? { sink } : { level, sink }
  const app = new ActorSystem("app", { clock, supervisor: oneForOne({ decide }), log })
  class Fragile extends Actor<string> {
    override onReceive(message: string) {
      if (message.startsWith("range")) throw new RangeError(message)
      if (message.startsWith("fault"))
        throw new FaultError({ _tag: "ModelFailed", message, provider: said, model: said, retry: "no" })
      if (message.startsWith("name")) throw Object.assign(new Error(message), { name: message })
      if (message.startsWith("text")) throw message
    }
  }
  const fragile = app.spawn(Fragile, "fragile")
  for (const kind of ["fault", "name", "text", "range"]) {
    await clock.advance(1)
    await fragile.ask(`${kind} ${said}`).catch(() => {})
  }
  fragile.tell(said)
  const full = app.spawn(
    actor((_message: string) => new Promise<void>(() => {})),
    "full",
    { mailbox: bounded(1, "dropNew") },
  )
  full.tell(said)
  await clock.settle()
  for (let i = 0; i < 2; i++) full.tell(said)
  class Once extends Actor<string> {
    override onReceive(_message: string) {}
    override stopPolicy = () => oneTime
  }
  app.tell(Once, said)
  await clock.settle()
  const ended = app.shutdown({ timeout: 100 })
  await clock.advance(100)
  await ended
}

const short = ({ time, level, event, path, ...more }: LogRecord): unknown[] => [
  time,
  level,
  event,
  path,
  ...Object.values(more),
]

describe("the log of a system", () => {
  it("tells what happened, when and where, at the level that matters", async () => {
    const records: LogRecord[] = []
    await live("debug", "hello", (record) => records.push(record))
    expect(records.map(short)).toEqual([
      [1_000, "debug", "actor_started", "/app/fragile"],
      [1_001, "warn", "actor_failed", "/app/fragile", "restart", "ModelFailed"],
      [1_001, "debug", "actor_started", "/app/fragile"],
      [1_002, "warn", "actor_failed", "/app/fragile", "restart", "Error"],
      [1_002, "debug", "actor_started", "/app/fragile"],
      [1_003, "warn", "actor_failed", "/app/fragile", "restart", "string"],
      [1_003, "debug", "actor_started", "/app/fragile"],
      [1_004, "error", "actor_failed", "/app/fragile", "stop", "RangeError"],
      [1_004, "debug", "actor_stopped", "/app/fragile"],
      [1_004, "warn", "dead_letter", "/app/fragile", "stopped"],
      [1_004, "debug", "actor_started", "/app/full"],
      [1_004, "warn", "dead_letter", "/app/full", "full"],
      [1_004, "debug", "actor_started", "/app/$1"],
      [1_004, "debug", "actor_stopped", "/app/$1"],
      [1_004, "info", "system_stopping", "/app"],
      [1_004, "warn", "dead_letter", "/app/full", "stopped"],
      [1_104, "debug", "actor_stopped", "/app/full"],
      [1_104, "warn", "abandoned", "/app", 1],
      [1_104, "info", "system_stopped", "/app"],
    ])
    for (const record of records) expect(JSON.parse(JSON.stringify(record))).toEqual(record)
  })

  it.each(levels)("leaves out what matters less than %s", async (level) => {
    const all: LogRecord[] = []
    await live("debug", "hello", (record) => all.push(record))
    const some: LogRecord[] = []
    await live(level, "hello", (record) => some.push(record))
    expect(some).toEqual(all.filter((record) => levels.indexOf(record.level) >= levels.indexOf(level)))
    expect(new Set(some.map((record) => record.level)).has(level)).toBe(true)
  })

  it("is at info where no level is named", async () => {
    const [named, unnamed]: LogRecord[][] = [[], []]
    await live("info", "hello", (record) => named?.push(record))
    await live(undefined, "hello", (record) => unnamed?.push(record))
    expect(unnamed).toEqual(named)
  })

  it("never holds a message, or what an error says", () =>
    fc.assert(
      fc.asyncProperty(fc.uuid(), async (secret) => {
        const records: LogRecord[] = []
        await live("debug", secret, (record) => records.push(record))
        expect(records.length).toBe(19)
        expect(JSON.stringify(records)).not.toContain(secret)
      }),
    ))

  it("does no harm when its sink throws", async () => {
    let told = 0
    await live("debug", "hello", () => {
      told++
      throw new Error("disk full")
    })
    expect(told).toBe(19)
  })

  it("refuses a level that it does not know", () => {
    const log = { level: JSON.parse('"loud"'), sink: () => {} }
    expect(() => new ActorSystem("app", { log })).toThrow(
      "no level of a log: loud; expected one of debug, info, warn, error",
    )
  })
})
