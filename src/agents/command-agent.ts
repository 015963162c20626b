import { type ChildProcessByStdio, spawn } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import type { Cancel } from "../data/cancel.js"
import type { CancelTimer, Clock } from "../data/clock.js"
import { FaultError } from "../data/fault.js"
import { asText } from "../data/json.js"
import type { CommandAgent } from "../flow/document.js"
import type { Answer, Ask } from "../flow/runtime.js"
import { mostBytes, readJson, textOf, tooMuch, wantsJson } from "./spoken-answer.js"

/** How long a process may take to end once it was asked to, in milliseconds. */
const grace = 1_000

/** What of the environment a process gets to see: what programs need to run, and no secret. */
const passed = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SystemRoot",
]

/** How much of its standard error is told. */
const lastLines = 5
const lastBytes = 4_096

const windows = process.platform === "win32"

/** The processes that run now: none of them outlives this one. */
const alive = new Set<number>()
const killAll = (): void => {
  for (const pid of alive) signal(pid, "SIGKILL")
}

/** Sends a signal to a process and all that it started: they are a group. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(windows ? pid : -pid, name)
  } catch {
    // it has ended
  }
}

/** Answers an ask with what a process writes: its input on standard input, a text raw and anything else as JSON. */
export function askCommand(agent: CommandAgent, ask: Ask, clock: Clock, cancel: Cancel): Promise<Answer> {
  const params = {
    has: (name: string) => name === "params",
    get: (name: string) => (name === "params" ? ask.params : undefined),
  }
  const [program = "", ...args] = agent.command.map((part) => textOf(part, params, "command"))
  return new Promise((resolve, reject) => {
    const env = Object.fromEntries(
      passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    )
    let child: ChildProcessByStdio<Writable, Readable, Readable>
    try {
      child = spawn(program, args, { env, detached: !windows, stdio: ["pipe", "pipe", "pipe"], windowsHide: true })
    } catch (thrown) {
      reject(unstartable(program, thrown))
      return
    }
    const { pid } = child
    const out: Buffer[] = []
    let bytes = 0
    let said = ""
    let failed: unknown
    let killLater: CancelTimer | undefined
    const stop = (): void => {
      if (pid === undefined || killLater !== undefined) return
      signal(pid, "SIGTERM")
      killLater = clock.after(grace, () => signal(pid, "SIGKILL"))
    }
    if (pid !== undefined) {
      if (alive.size === 0) process.once("exit", killAll)
      alive.add(pid)
    }
    const off = cancel.onCancel(stop)
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= mostBytes) out.push(chunk)
      else {
        failed ??= tooMuch(agent)
        stop()
      }
    })
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-lastBytes)
    })
    child.stdin.on("error", () => undefined) // it may end without reading
    child.stdin.end(asText(ask.input))
    child.on("error", (thrown) => (failed ??= unstartable(program, thrown)))
    child.on("exit", () => pid !== undefined && signal(pid, "SIGKILL")) // what it started and left behind
    child.on("close", (code, killed) => {
      off()
      killLater?.()
      if (pid !== undefined) {
        alive.delete(pid)
        if (alive.size === 0) process.off("exit", killAll)
      }
      if (failed !== undefined) reject(failed)
      else if (code !== 0)
        reject(ended(agent, program, code === null ? `was ended by ${killed}` : `ended with exit code ${code}`, said))
      else {
        try {
          resolve({ value: answerOf(agent, Buffer.concat(out)) })
        } catch (thrown) {
          reject(thrown)
        }
      }
    })
  })
}

/** JSON where the agent declares an output that is no text; else the text, less its last line break. */
function answerOf(agent: CommandAgent, bytes: Buffer): unknown {
  const text = bytes.toString("utf8")
  return wantsJson(agent) ? readJson(text) : text.replace(/\r?\n$/, "")
}

function ended({ name }: CommandAgent, program: string, how: string, said: string): FaultError {
  const lines = said.trimEnd().split("\n").slice(-lastLines).join("\n")
  const message = `${program} ${how}${lines === "" ? "" : `: ${lines}`}`
  return new FaultError({ _tag: "AgentFailed", agent: name, message, retry: "no" })
}

function unstartable(program: string, thrown: unknown): FaultError {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown)
  const why =
    code === "ENOENT" ? "there is no such program on the path" : code === "EACCES" ? "it may not be run" : code
  return new FaultError({ _tag: "Unavailable", message: `${program} cannot be started: ${why}`, retry: "no" })
}
