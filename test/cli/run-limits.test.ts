import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, root, troupe } from "./process.js"

describe("what a whole run may take", () => {
  const here = folder()
  const cwd = here.path
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    mkdirSync(join(cwd, "node_modules"))
    symlinkSync(root, join(cwd, "node_modules", "troupe"))
    writeFileSync(
      join(cwd, "troupe.config.mjs"),
      `import { writeFileSync } from "node:fs"
import { defineAgent } from "troupe"
import { registry } from "troupe/serde"
const stuck = defineAgent({ name: "stuck" }, () => new Promise(() => {}))
const echo = defineAgent({ name: "echo" }, async (text) => text)
const closing = defineAgent({ name: "closing" }, (_, { signal }) => new Promise((resolve) => {
  signal.addEventListener("abort", () => setTimeout(() => { writeFileSync("closed", ""); resolve() }, 250))
}))
const clinging = defineAgent({ name: "clinging" }, () => new Promise(() => setInterval(() => {}, 1000)))
export default registry({ agents: [stuck, echo, closing, clinging] })
`,
    )
    const turns = '{ loop: { do: { agent: echo }, until: "false", max: 6, exhausted: last } }'
    for (const [name, flow] of [
      ["stuck", "{ agent: stuck }"],
      ["closing", "{ agent: closing }"],
      ["clinging", "{ agent: clinging }"],
      ["turns", `{ steps: [{ agent: echo }, ${turns}] }`],
    ]) {
      writeFileSync(join(cwd, `${name}.yaml`), `troupe: 1\nflow: ${flow}\n`)
    }
  })
  afterAll(here.remove)

  it("--timeout ends it with TimedOut, and says who had not answered and that the option did it", async () => {
    const { code, stdout, stderr } = await troupe(["run", "stuck.yaml", "-q", "--timeout", "200ms"], { cwd })
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toBe(
      "failed: TimedOut at the root of the flow (stuck.yaml:2:7)\n  stuck: not done within 200ms\n" +
        "  another try may help\n  the run was given --timeout 200ms\n",
    )
    const events = (await troupe(["run", "stuck.yaml", "--json", "--timeout", "200ms"], { cwd })).stdout.trim()
    expect(JSON.parse(events.split("\n").at(-1) ?? "")).toMatchObject({
      type: "run_failed",
      data: { _tag: "TimedOut", after: 200 },
    })
  })

  it("--timeout that is long enough changes nothing, paths least of all", async () => {
    const plain = await troupe(["run", "turns.yaml", "--input", "hi", "--json", "--run-id", "r"], { cwd })
    const given = ["--timeout", "10m", "--max-calls", "7"]
    const bounded = await troupe(["run", "turns.yaml", "--input", "hi", "--json", "--run-id", "r", ...given], { cwd })
    const paths = (text: string): unknown[] =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
        .map(({ type, path }) => [type, path])
    expect([plain.code, bounded.code]).toEqual([0, 0])
    expect(paths(bounded.stdout)).toEqual(paths(plain.stdout))
  })

  it("--max-calls stops it before the ask too many", async () => {
    const { code, stdout, stderr } = await troupe(["run", "turns.yaml", "--input", "hi", "--max-calls", "4"], { cwd })
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr.match(/✓ echo/g)).toHaveLength(4)
    expect(stderr).toContain("failed: BudgetExceeded at 1#3/0 (turns.yaml:2:48)")
    expect(stderr).toContain("the limit at the root allows 4 asks, and so many have started")
    expect(stderr).toMatch(/the run was given --max-calls 4\n$/)
  })

  it("what takes more at the least is refused before anything is asked", async () => {
    const { code, stdout, stderr } = await troupe(["run", "turns.yaml", "--input", "hi", "--max-calls", "1"], { cwd })
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toBe("error: calls: at least 2; --max-calls allows 1\nnothing was run\n")
  })

  it.each([
    ["--timeout", "30", "expected a duration, such as 30s or 5m"],
    ["--timeout", "0s", "expected a duration, such as 30s or 5m"],
    ["--max-calls", "1.5", "expected a whole number, 0 or more"],
    ["--max-usd", "$1", "expected an amount of US dollars, such as 2.50"],
  ])("%s %s is refused: %s", async (option, text, says) => {
    const { code, stdout, stderr } = await troupe(["run", "turns.yaml", "--input", "x", option, text], { cwd })
    expect([code, stdout, stderr]).toEqual([2, "", `error: ${option} ${text}: ${says}\n`])
  })

  it.each(["SIGINT", "SIGTERM"] as const)("%s waits until an agent has let go of what it holds", async (signal) => {
    const { code, stdout, stderr } = await troupe(["run", "closing.yaml"], {
      cwd,
      interruptAfter: /at work: closing/,
      signal,
    })
    expect([code, stdout]).toEqual([130, ""])
    expect(stderr).toContain("interrupted\n")
    expect(existsSync(join(cwd, "closed"))).toBe(true)
  })

  it("a second Ctrl-C ends it at once", async () => {
    const { code, stderr, interrupted } = await troupe(["run", "clinging.yaml"], {
      cwd,
      interruptAfter: /at work: clinging/,
      againAfter: /waiting for what still runs; Ctrl-C again ends it at once/,
    })
    expect(code).toBe(130)
    expect(stderr).toMatch(/at once\n$/)
    expect(interrupted).toBeGreaterThan(0)
  })
})
