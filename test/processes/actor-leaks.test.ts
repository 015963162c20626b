import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, inject, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Runs a program in a process of its own, to its end, and gives what it wrote as JSON. */
function run(text: string): unknown {
  const prelude = `import { Actor, ActorSystem, actor, afterIdle, bounded, oneForOne, oneTime } from "troupe/actor"\n`
  const args = ["--expose-gc", "--single-threaded-gc", "--input-type=module", "-e", prelude + text]
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" })
  return JSON.parse(stdout)
}

/** How many bytes of heap `round(n)` leaves behind for each of so many, when as many have been before. */
const leak = (rounds: number, each: number, round: string): unknown =>
  run(`
    const app = new ActorSystem("app")
    const round = async (size) => { ${round} }
    const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed }
    // The first ones are for what is made once: compiled code, caches, tables that have grown.
    for (let i = 0; i < ${rounds} / 4; i++) await round(${each})
    const before = heap()
    for (let i = 0; i < ${rounds}; i++) await round(${each})
    const left = heap() - before
    const stats = app.stats()
    console.log(JSON.stringify({ little: left < 500_000 || left, stats: { ...stats, deadLetters: 0 } }))
  `)

const nothing = { little: true, stats: { actors: 0, timers: 0, asks: 0, abandoned: 0, deadLetters: 0 } }

describe("the heap", () => {
  beforeAll(() => expect(inject("buildError")).toBe(""))

  it("is where it was after a million spawns and stops", { timeout: 60_000 }, () => {
    const round = `
      class Quiet extends Actor { onReceive() {} }
      const all = Array.from({ length: size }, () => app.spawn(Quiet))
      for (const ref of all) ref.tell("x")
      await app.whenQuiescent()
      await Promise.all(all.map((ref) => ref.stop()))
    `
    expect(leak(1_000, 1_000, round)).toEqual(nothing)
  })

  it("is where it was after actors with names, children, watches, timers, limits and middleware", {
    timeout: 60_000,
  }, () => {
    const round = `
      const child = actor((n) => n)
      class Busy extends Actor {
        onStarted() {
          this.context.watch(this.context.spawn(child, "child"))
          this.context.schedule(60_000, "later")
        }
        async onReceive(n) {
          if (n === 1) throw new Error("crash")
          return await this.context.ask(child, n, { timeout: 60_000, signal: this.context.signal })
        }
        stopPolicy() { return afterIdle(60_000) }
      }
      const middleware = [{ onReceive: (context, message, next) => next(context, message) }]
      const options = { middleware, mailbox: bounded(10, "block") }
      const all = Array.from({ length: size }, (_, i) => app.spawn(Busy, "busy" + i, options))
      await Promise.allSettled(all.flatMap((ref) => [ref.ask(1), ref.ask(2, { timeout: 60_000 })]))
      await Promise.all(all.map((ref) => ref.stop()))
    `
    expect(leak(24, 500, round)).toEqual(nothing)
  })
})

describe("shutdown", () => {
  it("leaves no handle open: the process ends by itself, whatever was going on", { timeout: 60_000 }, () => {
    const found = run(`
      const app = new ActorSystem("app", { supervisor: oneForOne({ backoff: { first: 60_000 } }) })
      class Waiting extends Actor {
        onStarted() { this.context.schedule(60_000, "later") }
        stopPolicy() { return afterIdle(60_000) }
        onReceive(message) {
          if (message === "crash") throw new Error("crash")
          if (message === "hang") return new Promise(() => {})
          if (message === "wait") return new Promise((resolve) => this.context.signal.addEventListener("abort", resolve))
        }
      }
      const [idle, hanging, polite, failed] = Array.from({ length: 4 }, () => app.spawn(Waiting))
      const asks = [hanging.ask("hang", { timeout: 60_000 }), polite.ask("wait", { timeout: 60_000 })]
      await idle.ask("x")
      failed.tell("crash")
      app.bus.subscribe(Waiting, () => {})
      await new Promise((resolve) => setImmediate(resolve))
      const before = app.stats()
      const outcomes = Promise.allSettled(asks)
      await app.shutdown({ timeout: 50 })
      const open = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout" || kind === "Immediate")
      const refused = (await outcomes).map(({ status }) => status)
      console.log(JSON.stringify({ before, after: app.stats(), open, refused }))
    `)
    expect(found).toEqual({
      before: { actors: 4, timers: 7, asks: 2, abandoned: 0, deadLetters: 0 },
      after: { actors: 0, timers: 0, asks: 0, abandoned: 1, deadLetters: 0 },
      open: [],
      refused: ["rejected", "rejected"],
    })
  })

  it("is not needed for a process to end whose actors have nothing to do", { timeout: 60_000 }, () => {
    const found = run(`
      const app = new ActorSystem("app")
      console.log(JSON.stringify(await app.spawn(actor((n) => n * 2)).ask(21)))
    `)
    expect(found).toBe(42)
  })
})
