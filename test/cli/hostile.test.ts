import { execFileSync, spawn } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, root, troupe } from "./process.js"

const pipe = (path: string): unknown => execFileSync("/bin/sh", ["-c", 'mkfifo "$0"', path])

const heart = "troupe: 1\nflow: { agent: a }\n"

describe("hostile surroundings", () => {
  const here = folder()
  let places = 0
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    mkdirSync(join(here.path, "node_modules"))
    symlinkSync(root, join(here.path, "node_modules", "troupe"))
  })
  afterAll(here.remove)

  /** A folder with a document and the code beside it. */
  const place = (config?: string, text = heart): string => {
    const path = join(here.path, `place-${places++}`)
    mkdirSync(path)
    writeFileSync(join(path, "x.yaml"), text)
    if (config !== undefined) writeFileSync(join(path, "troupe.config.mjs"), config)
    return path
  }
  const withAgent = (body: string): string =>
    place(
      `import { defineAgent } from "troupe"\nimport { registry } from "troupe/serde"\n` +
        `const a = defineAgent({ name: "a" }, ${body})\nexport default registry({ agents: [a] })\n`,
    )
  const events = (stdout: string): { type: string; data: unknown }[] =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))

  it("a value that is no JSON is told in words, and its run's events all come", async () => {
    for (const body of [
      "async () => 10n",
      "async () => new Map([[1, 2]])",
      "async () => { const o = {}; o.o = o; return o }",
      "async () => ({ get x() { throw new Error('mine') } })",
      "async () => { let o = 1; for (let i = 0; i < 100_000; i++) o = [o]; return o }",
    ]) {
      const cwd = withAgent(body)
      const told = await troupe(["run", "x.yaml"], { cwd })
      expect([told.code, told.stdout]).toEqual([1, ""])
      expect(told.stderr).toMatch(/its value cannot be written as JSON: \S/)
      expect(told.stderr).not.toMatch(/\n\s+at |our mistake/)
      const listed = await troupe(["run", "x.yaml", "--json"], { cwd })
      expect(listed.code, listed.stderr).toBe(0)
      expect(events(listed.stdout).map(({ type }) => type)).toEqual([
        "run_started",
        "task_started",
        "task_completed",
        "run_completed",
      ])
    }
  })

  it("no value at all is null; a function is no value", async () => {
    expect(await troupe(["run", "x.yaml", "-q"], { cwd: withAgent("async () => undefined") })).toMatchObject({
      code: 0,
      stdout: "null\n",
    })
    const { code, stderr } = await troupe(["run", "x.yaml", "-q"], { cwd: withAgent("async () => () => 1") })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/a function is no JSON/)])
  })

  it("a fault keeps its words in --json, whatever was thrown", async () => {
    const thrown = "new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })"
    for (const body of [`async () => { throw ${thrown} }`, "async () => { throw 10n }"]) {
      const { code, stdout } = await troupe(["run", "x.yaml", "--json"], { cwd: withAgent(body) })
      expect(code).toBe(1)
      expect(events(stdout).at(-1)).toMatchObject({ type: "run_failed", data: { _tag: "AgentFailed", agent: "a" } })
    }
  })

  it("a report of an agent breaks nothing, and steers no terminal", async () => {
    const body =
      "async (_, ctx) => { for (const x of [1n, undefined, () => 1]) ctx.progress(x); ctx.progress('\\u001b[2Jhi'); return 'ok' }"
    const { code, stdout, stderr } = await troupe(["run", "x.yaml"], { cwd: withAgent(body) })
    expect([code, stdout]).toEqual([0, "ok\n"])
    expect(stderr).toContain("\\u{1b}[2Jhi")
    expect(stderr).not.toContain("\u001B")
  })

  it("names of a document steer no terminal", async () => {
    const cwd = place(undefined, 'troupe: 1\nflow: { agent: "\\e[2Jevil\\u202E" }\n')
    const { code, stderr } = await troupe(["check", "x.yaml"], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain("`\\u{1b}[2Jevil\\u{202e}`")
    for (const steering of ["\u001B", "\u202E"]) expect(stderr).not.toContain(steering)
  })

  it("code beside the document that cannot be loaded is told of with the place of its mistake", async () => {
    const told = async (config: string, ...args: string[]): Promise<string> => {
      const { code, stderr } = await troupe(["run", "x.yaml", ...args], { cwd: place(config) })
      expect(code).toBe(2)
      return stderr
    }
    expect(await told("\nthrow new Error('no db')")).toMatch(
      /cannot be loaded: no db \(\/.*troupe\.config\.mjs:2:7\)\n/,
    )
    const misnamed = 'import { defineAgent } from "troupe"\ndefineAgent({ name: "a b" }, (x) => x)'
    expect(await told(misnamed)).toMatch(/is no name of an agent.* \(\/.*troupe\.config\.mjs:2:1\)\n/)
    expect(await told("export default {")).toMatch(/hint: node \/.*troupe\.config\.mjs shows the line/)
    const missing = await told("export default 1", "--import", "./nope.mjs")
    expect(missing).toMatch(/nope\.mjs: error: there is no such file/)
    expect(missing).not.toContain("chunks")
  })

  it("a deadline names the agent that had not answered", async () => {
    const cwd = withAgent("() => new Promise(() => {})")
    const text =
      "troupe: 1\nflow: { steps: [{ map: 1 }, { id: ask, steps: [{ agent: a }, { map: 2 }], timeout: 50ms }] }\n"
    writeFileSync(join(cwd, "x.yaml"), text)
    const { code, stderr } = await troupe(["run", "x.yaml", "-q"], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^failed: TimedOut at ask \(x\.yaml:2:\d+\)\n {2}not done within 50ms: no answer from a\n/)
  })

  it("a picture is drawn where the output is named like one", async () => {
    const cwd = withAgent("() => 1")
    const { code, stderr } = await troupe(["render", "x.yaml", "--import", "troupe.config.mjs", "-o", "x.svg"], {
      cwd,
      env: { CHROME_PATH: "/nowhere/chrome" },
    })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/a picture needs|CHROME_PATH/)])
    expect(readdirSync(cwd)).not.toContain("x.svg")
  })

  it("code beside the document that ends or blocks the process is told of", async () => {
    for (const config of ["process.exit(0)", "process.exit(7)", "await new Promise(() => {})"]) {
      const { code, stderr } = await troupe(["run", "x.yaml"], { cwd: place(config) })
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: .*troupe\.config\.mjs cannot be loaded/)])
    }
    for (const body of ["() => process.exit(0)", "() => process.exit(7)"]) {
      const { code, stderr } = await troupe(["run", "x.yaml", "-q"], { cwd: withAgent(body) })
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: the run did not end/)])
    }
  })

  it("what exports no registry is told in words", async () => {
    const half = "{ agents: new Map(), fn() {} }"
    for (const config of [`export default ${half}`, "export default { get agents() { throw new Error('no') } }"]) {
      const { code, stderr } = await troupe(["run", "x.yaml"], { cwd: place(config) })
      expect([code, stderr]).toEqual([2, expect.stringMatching(/has no registry as its default export/)])
    }
  })

  it("what the code beside the document prints is not the flow's value", async () => {
    const cwd = withAgent("async () => { console.log('noise'); process.stdout.write('more\\n'); return 'value' }")
    const { code, stdout, stderr } = await troupe(["run", "x.yaml", "-q"], { cwd })
    expect([code, stdout, stderr]).toEqual([0, "value\n", "noise\nmore\n"])
  })

  it("a rejection with nothing is told in words too", async () => {
    const cwd = withAgent("async () => { Promise.reject(undefined); await new Promise((r) => setTimeout(r, 5_000)) }")
    const { code, stderr } = await troupe(["run", "x.yaml", "-q"], { cwd })
    expect([code, stderr]).toEqual([1, "error: thrown where nothing catches it: undefined\n"])
  })

  it("a rejection that nobody awaits is told in words", async () => {
    const cwd = withAgent(
      "async () => { Promise.reject(new Error('stray')); await new Promise((r) => setTimeout(r, 5_000)) }",
    )
    const { code, stderr } = await troupe(["run", "x.yaml", "-q"], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: thrown where nothing catches it: stray\nhint: .*troupe\.config\.mjs/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it("pipes and devices are refused, and not waited for", async () => {
    const cwd = place(undefined, "troupe: 1\nflow: { map: 1 }\n")
    pipe(join(cwd, "pipe"))
    for (const args of [
      ["check", "pipe"],
      ["run", "/dev/zero"],
      ["run", "x.yaml", "--input", "@pipe"],
      ["run", "x.yaml", "--input", "@/dev/zero"],
    ]) {
      const { code, stderr } = await troupe(args, { cwd })
      expect([code, stderr]).toEqual([2, expect.stringMatching(/it is a pipe or a device/)])
    }
    pipe(join(cwd, "troupe.manifest.json"))
    expect(await troupe(["check", "x.yaml"], { cwd })).toMatchObject({ code: 2 })
  })

  it("files are written whole: no other file stays beside, and a link is written through", async () => {
    const cwd = place(undefined, "troupe: 1\nflow: { map: 1 }\n")
    writeFileSync(join(cwd, "target.mmd"), "old")
    symlinkSync("target.mmd", join(cwd, "link.mmd"))
    for (const file of ["new.mmd", "link.mmd"]) {
      expect((await troupe(["render", "x.yaml", "-o", file], { cwd })).code).toBe(0)
    }
    expect(readFileSync(join(cwd, "target.mmd"), "utf8")).toBe(readFileSync(join(cwd, "new.mmd"), "utf8"))
    expect(readdirSync(cwd).sort()).toEqual(["link.mmd", "new.mmd", "target.mmd", "x.yaml"])
  })

  it("a full disk is told of; progress that nobody reads stops nothing", async () => {
    const cwd = place(undefined, "troupe: 1\nflow: { map: hello }\n")
    const main = join(root, "dist", "cli", "main.js")
    const shell = (line: string): Promise<{ code: number | null; said: string }> =>
      new Promise((resolve) => {
        const child = spawn("/bin/sh", ["-c", line], { cwd })
        let said = ""
        child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()))
        child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()))
        child.on("close", (code) => resolve({ code, said }))
      })
    const full = await shell(`"${process.execPath}" "${main}" run -q x.yaml > /dev/full`)
    expect(full).toEqual({ code: 1, said: "error: standard output cannot be written: ENOSPC\n" })
    expect(await shell(`"${process.execPath}" "${main}" run x.yaml 2> /dev/full`)).toEqual({
      code: 0,
      said: "hello\n",
    })
  })
})
