import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { screenOf } from "./screen.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const driver = fileURLToPath(new URL("on-terminal.py", import.meta.url))

const escape = String.fromCodePoint(27)
/** What colours a text. */
const paint = new RegExp(String.raw`${escape}\[[\d;]*m`, "u")
/** Anything that is not seen. */
const unseen = new RegExp(String.raw`${escape}\[[\d;?]*\w|\r`, "gu")

type Step = readonly [says: string, action: string]
interface Shown {
  readonly code: number
  readonly text: string
}

describe("the live tree, on a real pseudo-terminal", () => {
  const cwd = mkdtempSync(join(tmpdir(), "troupe-terminal-"))
  beforeAll(() => {
    mkdirSync(join(cwd, "node_modules"))
    symlinkSync(root, join(cwd, "node_modules", "troupe"))
    writeFileSync(
      join(cwd, "troupe.config.mjs"),
      `import { defineAgent } from "troupe"
import { registry } from "troupe/serde"
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const quick = defineAgent({ name: "quick" }, async () => "quick")
const slow = defineAgent({ name: "slow" }, async (_, ctx) => { ctx.progress("x".repeat(300)); await wait(1500); return "slow" })
const loud = defineAgent({ name: "loud" }, async () => { await wait(400); console.log("said beside"); await wait(400); return "loud" })
const stuck = defineAgent({ name: "stuck" }, () => new Promise(() => {}))
const crash = defineAgent({ name: "crash" }, async () => { setTimeout(() => { throw new Error("out of nowhere") }, 400); await wait(60_000) })
export default registry({ agents: [quick, slow, loud, stuck, crash] })
`,
    )
    const agents = (...names: string[]): string => `[${names.map((name) => `{ agent: ${name} }`).join(", ")}]`
    for (const [name, flow] of [
      ["tree", `{ steps: [{ all: ${agents("quick", "slow", "loud")} }, { agent: quick }] }`],
      ["wide", `{ all: ${agents(...Array.from({ length: 40 }, () => "slow"))} }`],
      ["stuck", `{ all: ${agents("quick", "stuck")} }`],
      ["crash", `{ all: ${agents("quick", "crash")} }`],
    ]) {
      writeFileSync(join(cwd, `${name}.yaml`), `troupe: 1\nflow: ${flow}\n`)
    }
  })
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  function onTerminal(
    file: string,
    options: { rows?: number; columns?: number; steps?: readonly Step[]; env?: Record<string, string> } = {},
  ): Promise<Shown> {
    const { rows = 24, columns = 80, steps = [], env = {} } = options
    const command = [process.execPath, join(root, "dist/cli/main.js"), "run", `${file}.yaml`]
    return new Promise((resolve, reject) => {
      const child = spawn("python3", [driver, `${rows}`, `${columns}`, JSON.stringify(steps), ...command], {
        cwd,
        env: {
          ...process.env,
          CI: undefined,
          NO_COLOR: undefined,
          FORCE_COLOR: undefined,
          TERM: "xterm-256color",
          ...env,
        },
      })
      let text = ""
      let code = ""
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()))
      child.stderr.on("data", (chunk: Buffer) => (code += chunk.toString()))
      child.on("error", reject)
      child.on("close", () => resolve({ code: Number(code), text }))
    })
  }

  /** The frames of a tree: what is written from one jump to its top to the next. */
  const frames = (text: string): string[] => text.split(new RegExp(String.raw`${escape}\[\d+A\r`, "u")).slice(1)

  it("shows every branch with its time, keeps what agents write, and gives the cursor back", async () => {
    const { code, text } = await onTerminal("tree")
    const { lines, cursor } = screenOf(text, 80)
    expect([code, cursor]).toEqual([0, true])
    const from = lines.findIndex((line) => line.startsWith("✓ all"))
    expect(lines.slice(from).map((line) => line.replaceAll(/\d+\.\d s|\d+ ms/g, "T"))).toEqual([
      "✓ all at the same time, on the same input [0] (T)",
      "  ✓ quick at 0/0 (T)",
      expect.stringMatching(/^ {2}✓ slow at 0\/1 \(T\): x+…$/),
      "  ✓ loud at 0/2 (T)",
      "✓ quick at 1 (T)",
      "  4 of 4 ended (T)",
      "done in T",
      "quick",
    ])
    expect(lines.filter((line) => line === "said beside")).toHaveLength(1)
    expect(text).toMatch(paint)
    const seconds = Number(/done in (\d+\.\d) s/.exec(lines.join("\n"))?.[1])
    expect(frames(text).length).toBeLessThanOrEqual(seconds * 10 + 2)
  })

  it("is no wider and no higher than the terminal, and follows its size", async () => {
    const steps: Step[] = [
      ["slow at 7", "resize 10 40"],
      ["of 40 ended", "resize 10 40"],
    ]
    const { code, text } = await onTerminal("wide", { rows: 16, columns: 100, steps })
    expect(code).toBe(0)
    const heights = frames(text).map((frame) => frame.split("\u001B[J")[0]?.split("\n").length ?? 0)
    expect(Math.max(...heights)).toBeLessThan(16)
    expect(heights.at(-1)).toBeLessThan(10)
    const widths = (frames(text).at(-1) ?? "").split("\n").map((line) => line.replaceAll(unseen, "").length)
    expect(Math.max(...widths)).toBeLessThan(40)
  })

  it("Ctrl-C at the terminal ends it with 130 and gives the cursor back", async () => {
    const { code, text } = await onTerminal("stuck", { steps: [["stuck at 1", "press \u0003"]] })
    const { lines, cursor } = screenOf(text, 80)
    expect([code, cursor]).toEqual([130, true])
    expect(lines.join("\n")).toMatch(/- stuck at 1 .*aborted\n.*\ninterrupted/)
  })

  it("a crash gives the cursor back as well", async () => {
    const { code, text } = await onTerminal("crash")
    const { lines, cursor } = screenOf(text, 80)
    expect([code, cursor]).toEqual([1, true])
    expect(lines.join("\n")).toContain("error: thrown where nothing catches it: out of nowhere")
  })

  it("asks for what a document wants to do, and runs it after a yes alone", async () => {
    writeFileSync(
      join(cwd, "asks.yaml"),
      "troupe: 1\nagents: { a: { command: [echo, done it] } }\nflow: { agent: a }\n",
    )
    const question = "allow it? (--allow command does) [y/N] "
    const yes = await onTerminal("asks", { steps: [[question, "press y\r"]] })
    expect(yes.text).toContain("asks.yaml:2:26")
    expect(yes.text).toContain("the agent a starts a process: echo done it")
    expect([yes.code, screenOf(yes.text, 80).lines.at(-1)]).toEqual([0, "done it"])
    const no = await onTerminal("asks", { steps: [[question, "press \r"]] })
    expect(no.code).toBe(2)
    expect(no.text).toContain("nothing was run")
  })

  it("has no colour with NO_COLOR, and plain lines where the terminal is dumb", async () => {
    const plain = await onTerminal("stuck", { env: { NO_COLOR: "1" }, steps: [["stuck at 1", "press \u0003"]] })
    expect(plain.text).not.toMatch(paint)
    expect(frames(plain.text).length).toBeGreaterThan(0)
    const dumb = await onTerminal("stuck", { env: { TERM: "dumb" }, steps: [["at work: stuck", "press \u0003"]] })
    expect(dumb.code).toBe(130)
    expect(dumb.text).not.toContain("\u001B")
  })
})
