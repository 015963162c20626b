import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, inject, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A program in a process of its own, and what it writes. */
interface Program {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves when the program has written this. */
  wrote(text: string): Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

const prelude = `
import { Actor, ActorSystem, actor, runMain } from "troupe/actor"
const say = (text) => process.stdout.write(text + "\\n")
const app = new ActorSystem("app")
class Noted extends Actor {
  onReceive() {}
  onStarted() { say("start " + this.context.path) }
  async onStopped() {
    await new Promise((resolve) => setImmediate(resolve))
    say("stop " + this.context.path)
  }
}
`

function run(text: string): Program {
  const child = spawn(process.execPath, ["--input-type=module", "-e", prelude + text], { cwd: root })
  let output = ""
  const readers = new Set<() => void>()
  const read = (chunk: Buffer): void => {
    output += chunk.toString()
    for (const reader of readers) reader()
  }
  child.stdout.on("data", read)
  child.stderr.on("data", read)
  return {
    child,
    output: () => output,
    wrote: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(wanted)) resolve()
        }
        readers.add(look)
        child.once("close", () => reject(new Error(`it ended without ${wanted}: ${output}`)))
        look()
      }),
    ended: new Promise((resolve) => {
      child.once("close", (code, signal) => resolve({ code, signal }))
    }),
  }
}

describe("the foreground actor", () => {
  beforeAll(() => expect(inject("buildError")).toBe(""))

  it("has the terminal: when it ends, all end in order, and the process by itself", async () => {
    const program = run(`
      class Ui extends Noted {
        onStarted() {
          say("start " + this.context.path)
          process.stdin.on("data", (line) => this.context.self.tell(String(line)))
        }
        onReceive(line) {
          say("read " + line.trim())
          if (line.trim() === "quit") this.context.stopSelf()
        }
      }
      for (const stage of ["sockets", "tools", "workers"]) app.spawn(Noted, stage, { stage })
      app.spawn(Noted, "agent")
      say(await runMain(app, { foreground: Ui }))
      say(JSON.stringify(app.stats()))
    `)
    await program.wrote("start /app/ui")
    program.child.stdin?.write("hello\n")
    await program.wrote("read hello")
    // The pipe stays open: nothing but the program itself may end it.
    program.child.stdin?.write("quit\n")
    expect(await program.ended).toEqual({ code: 0, signal: null })
    const lines = program.output().split("\n")
    expect(lines.slice(lines.indexOf("read quit"), -2)).toEqual([
      "read quit",
      "stop /app/ui",
      "stop /app/agent",
      "stop /app/tools",
      "stop /app/workers",
      "stop /app/sockets",
      "ended",
    ])
    expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({ actors: 0, asks: 0, timers: 0 })
  })

  it.each(["SIGINT", "SIGTERM"] as const)("ends on %s, after what it may still do", async (signal) => {
    const program = run(`
      const mute = app.spawn(actor(() => new Promise(() => {})), "mute")
      mute.ask("x").catch((error) => say("refused " + error.fault._tag))
      class Ui extends Noted {
        async onStopped() {
          await mute.ask("late").catch((error) => say("late " + error.fault._tag))
          await super.onStopped()
        }
      }
      app.spawn(Noted, "agent")
      say(await runMain(app, { foreground: Ui, name: "screen", timeout: 200 }))
    `)
    await program.wrote("start /app/screen")
    await program.wrote("start /app/agent")
    program.child.kill(signal)
    expect(await program.ended).toEqual({ code: 0, signal: null })
    const lines = program.output().trim().split("\n")
    expect(lines.slice(-5)).toEqual([
      "refused Unavailable",
      "late Unavailable",
      "stop /app/screen",
      "stop /app/agent",
      signal,
    ])
  })

  it("ends at once on a second signal", async () => {
    const program = run(`
      class Stuck extends Noted {
        onStopped() {
          say("stopping")
          return new Promise(() => {})
        }
      }
      await runMain(app, { foreground: Stuck, timeout: 600_000 })
    `)
    await program.wrote("start /app/ui")
    program.child.kill("SIGINT")
    await program.wrote("stopping")
    program.child.kill("SIGINT")
    expect(await program.ended).toEqual({ code: null, signal: "SIGINT" })
  })

  it("that fails for good ends the program, with its error, after the shutdown", async () => {
    const program = run(`
      class Broken extends Noted {
        onStarted() { throw new Error("no terminal") }
      }
      app.spawn(Noted, "agent")
      await runMain(app, { foreground: Broken }).catch((error) => say("failed: " + error.message))
      await runMain(app, { foreground: Noted }).catch((error) => say("again: " + error.fault._tag))
    `)
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.output().trim().split("\n")).toEqual([
      "start /app/agent",
      // The first and three restarts.
      ...Array.from({ length: 4 }, () => "stop /app/ui"),
      "stop /app/agent",
      "failed: no terminal",
      "again: Unavailable",
    ])
  })

  it("may fail and be restarted", async () => {
    const program = run(`
      let crashes = 0
      class Shaky extends Noted {
        onStarted() {
          super.onStarted()
          this.context.self.tell("go")
        }
        onReceive() {
          if (crashes++ < 2) throw new Error("crash")
          this.context.stopSelf()
        }
      }
      say(await runMain(app, { foreground: Shaky }))
    `)
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.output().match(/start/g)?.length).toBe(3)
    expect(program.output()).toMatch(/ended\n$/)
  })
})
