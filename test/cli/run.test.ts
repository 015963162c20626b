import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, root, troupe } from "./process.js"

const sentences = (text: string): string[] =>
  [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(text)].map(({ segment }) => segment.trim())

describe("troupe run", () => {
  const here = folder()
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    mkdirSync(join(here.path, "node_modules"))
  })
  afterAll(here.remove)
  const write = (name: string, text: string): string => {
    writeFileSync(join(here.path, name), text)
    return join(here.path, name)
  }

  it("summarises a real text: the value alone on standard output, cost and progress on standard error", async () => {
    const { code, stdout, stderr } = await troupe([
      "run",
      "flows/summarize.yaml",
      "--input",
      "@flows/texts/nantucket.txt",
      "--set",
      "sentences=3",
    ])
    expect(code, stderr).toBe(0)
    const text = readFileSync(join(root, "flows/texts/nantucket.txt"), "utf8").replaceAll(/\s+/g, " ")
    const chosen = sentences(stdout.trim())
    expect(chosen).toHaveLength(3)
    for (const sentence of chosen) expect(text).toContain(sentence)
    expect(stderr.indexOf("least")).toBeLessThan(stderr.indexOf("✓ text_rank"))
    expect(stderr).toMatch(/done in/)
  })

  it("another text, another summary; another length, another length", async () => {
    const summary = async (input: string, length: number): Promise<string> => {
      const set = `sentences=${length}`
      const { stdout } = await troupe(["run", "flows/summarize.yaml", "-q", "--input", input, "--set", set])
      return stdout.trim()
    }
    const [island, address, short] = await Promise.all([
      summary("@flows/texts/nantucket.txt", 4),
      summary("@flows/texts/four-freedoms.txt", 4),
      summary("@flows/texts/four-freedoms.txt", 1),
    ])
    expect(island).not.toBe(address)
    expect(sentences(address ?? "")).toHaveLength(4)
    expect(sentences(short ?? "")).toHaveLength(1)
    const own =
      "Bees dance to tell of flowers. Rain fell. Bees that dance tell other bees where flowers grow. It was Monday."
    expect(own).toContain(await summary(own, 1))
  })

  it("runs the research brief without a key, and says that its answers are simulated", async () => {
    const args = [
      "run",
      "flows/research-brief.yaml",
      "--input",
      "Why is the sky blue? Light scatters.",
      "--models",
      "local",
    ]
    const { code, stdout, stderr } = await troupe(args)
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).not.toBe("")
    expect(stderr).toMatch(/the answers are simulated/)
    expect(stderr).toMatch(/researcher at 0\/0/)
  })

  it("reads standard input, and gives events as JSON lines", async () => {
    const args = ["run", "flows/summarize.yaml", "--input", "-", "--json", "--run-id", "r7"]
    const { code, stdout, stderr } = await troupe(args, { stdin: "One bee. Two bees dance. Three bees dance and hum." })
    expect([code, stderr]).toEqual([0, ""])
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i))
    expect(new Set(events.map(({ runId }) => runId))).toEqual(new Set(["r7"]))
    expect([events[0].type, events.at(-1).type]).toEqual(["run_started", "run_completed"])
    expect(events.at(-1).data).toContain("bees dance")
  })

  it("reads text where the flow takes a choice of texts, and JSON where one of them is none", async () => {
    const choice = write("choice.yaml", 'troupe: 1\ninput: { enum: [yes, "1"] }\nflow: { map: "got ${value}" }\n')
    expect(await troupe(["run", choice, "--input", "1", "-q"])).toMatchObject({ code: 0, stdout: "got 1\n" })
    const mixed = write("mixed.yaml", "troupe: 1\ninput: { enum: [a, 1] }\nflow: { map: 'got ${value + 1}' }\n")
    expect(await troupe(["run", mixed, "--input", "1", "-q"])).toMatchObject({ code: 0, stdout: "got 2\n" })
  })

  it("a fault names the path in the flow, the agent, the cause and the place in the file: exit code 1", async () => {
    write(
      "troupe.config.mjs",
      `export default { agents: new Map([["broken", { _tag: "AgentRef", kind: "function", name: "broken",
        execute: async () => { throw new Error("the disk is full") } }]]), functions: new Map(), flows: new Map(), sugar: new Map(), fn: () => undefined }`,
    )
    const file = write("fault.yaml", "troupe: 1\nflow:\n  steps:\n    - map: 1\n    - agent: broken\n      id: save\n")
    const { code, stdout, stderr } = await troupe(["run", file])
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toContain("failed: AgentFailed at save")
    expect(stderr).toContain(`${file}:5:7`)
    expect(stderr).toContain("broken failed: the disk is full")
    expect(stderr).not.toMatch(/\n {4}at /)
    const events = await troupe(["run", file, "--json"])
    const last: unknown = JSON.parse(events.stdout.trim().split("\n").at(-1) ?? "")
    const cause = { name: "Error", message: "the disk is full" }
    expect(last).toMatchObject({ type: "run_failed", data: { _tag: "AgentFailed", cause } })
  })

  it.each(["SIGINT", "SIGHUP"] as const)("%s ends it at once: exit code 130, no stack", async (signal) => {
    write(
      "troupe.config.mjs",
      `export default { agents: new Map([["slow", { _tag: "AgentRef", kind: "function", name: "slow",
        execute: () => new Promise(() => setInterval(() => undefined, 1000)) }]]), functions: new Map(), flows: new Map(), sugar: new Map(), fn: () => undefined }`,
    )
    const file = write("slow.yaml", "troupe: 1\nflow:\n  agent: slow\n")
    const { code, stdout, stderr } = await troupe(["run", file], { interruptAfter: /at work: slow/, signal })
    expect([code, stdout]).toEqual([130, ""])
    expect(stderr).toContain("interrupted")
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  it.each(["--set=n=1", "-q"])("says which answer it waits for, and how the wait can end: %s", async (option) => {
    const suspend = '{ name: "approve ${input}", schema: { type: boolean } }'
    const file = write(
      "wait.yaml",
      `troupe: 1\ninput: { type: string }\nparams: { n: { default: 0 } }\nflow: { suspend: ${suspend} }\n`,
    )
    const args = ["run", file, "--input", "7", option]
    const { code, stdout, stderr } = await troupe(args, { interruptAfter: /Ctrl-C ends that/ })
    expect([code, stdout]).toEqual([130, ""])
    expect(stderr).toContain("waits for the answer `approve 7`\n")
    expect(stderr).toMatch(/interrupted\n$/)
  })

  it("tells of a side flow that failed, and what is asleep", async () => {
    const steps = "[{ map: 1, notify: { fail: { code: full, message: no room } } }, { sleep: 1h }]"
    const file = write("asleep.yaml", `troupe: 1\nflow: { steps: ${steps} }\n`)
    const { code, stderr } = await troupe(["run", file], { interruptAfter: /asleep at 1, 59 min/ })
    expect(code).toBe(130)
    expect(stderr).toContain("! a side flow failed at 0/notify: Failed: no room\n")
  })

  it("refuses parameters that do not fit, before anything runs", async () => {
    for (const [set, says] of [
      ["sentences=0", "--set sentences: must be >= 1"],
      ["sentences=many", "--set sentences: must be integer"],
      ["sentence=3", "--set sentence: no such parameter; expected sentences"],
      ["sentences", "expected key=value"],
    ] as const) {
      const { code, stdout, stderr } = await troupe(["run", "flows/summarize.yaml", "--input", "x", "--set", set])
      expect(stderr).toContain(says)
      expect([code, stdout]).toEqual([2, ""])
    }
  })

  it("refuses an input that does not fit, before anything runs", async () => {
    const file = write("object.yaml", "troupe: 1\ninput: { type: object, required: [a] }\nflow: { map: 1 }\n")
    for (const [input, says] of [
      ['"text"', "--input does not fit the flow's input: must be object"],
      ["{}", "must have required property 'a'"],
      ["{", "is no JSON"],
      ["@dist/cli", "it is a directory"],
      [`@${write("bytes.bin", "")}`, "is no JSON"],
    ] as const) {
      const { code, stdout, stderr } = await troupe(["run", file, "--input", input])
      expect(stderr).toContain(says)
      expect([code, stdout]).toEqual([2, ""])
    }
    const bytes = join(here.path, "bytes.bin")
    writeFileSync(bytes, Buffer.from([0xff, 0xfe, 0xfd]))
    expect((await troupe(["run", file, "--input", `@${bytes}`])).stderr).toContain("it is no UTF-8 text")
  })

  it("a variable of the environment that is not set is a warning of check, and nothing runs", async () => {
    const file = write(
      "env.yaml",
      `troupe: 1
providers: { house: { type: openai, api_key: "\${env.HOUSE_KEY}" } }
agents:
  writer:
    provider: house
    model: m
    prompt: "\${has(env.GREETING) ? env.GREETING : 'Hi'} \${env.TONE}"
flow: { agent: writer }
`,
    )
    const checked = await troupe(["check", file])
    expect([checked.code, checked.stdout]).toEqual([0, ""])
    expect(checked.stderr).toContain(`${file}:2:53: warning: the environment variable HOUSE_KEY is not set`)
    expect(checked.stderr).toContain(`${file}:7:63: warning: the environment variable TONE is not set`)
    expect(checked.stderr).toContain("2 warnings")

    const run = await troupe(["run", file])
    expect([run.code, run.stdout]).toEqual([2, ""])
    expect(run.stderr).toContain("error: the environment variable HOUSE_KEY is not set")
    const local = (env: Readonly<Record<string, string>>) => troupe(["run", file, "--models", "local", "-q"], { env })
    expect((await local({})).code).toBe(2)
    expect(await local({ TONE: "Be kind." })).toMatchObject({ code: 0, stdout: "Hi Be kind.\n" })
  })

  it("waits for an agent that holds nothing open, events or not", async () => {
    write(
      "troupe.config.mjs",
      `export default { agents: new Map([["idle", { _tag: "AgentRef", kind: "function", name: "idle",
        execute: () => new Promise((resolve) => setTimeout(resolve, 300, "at last").unref()) }]]), functions: new Map(), flows: new Map(), sugar: new Map(), fn: () => undefined }`,
    )
    const file = write("idle.yaml", "troupe: 1\nflow:\n  agent: idle\n")
    expect(await troupe(["run", file, "-q"])).toMatchObject({ code: 0, stdout: "at last\n" })
    const { code, stdout } = await troupe(["run", file, "--json"])
    expect([code, JSON.parse(stdout.trim().split("\n").at(-1) ?? "")]).toMatchObject([0, { type: "run_completed" }])
  })

  it("reads an input of which the document says nothing as JSON where it is JSON, else as text", async () => {
    const file = write("any.yaml", 'troupe: 1\nflow:\n  map: { got: "${value}" }\n')
    for (const [input, got] of [
      ['{"x": 1}', { x: 1 }],
      ["hello", "hello"],
      ["3", 3],
    ] as const) {
      const { code, stdout } = await troupe(["run", file, "-q", "--input", input])
      expect([code, JSON.parse(stdout)]).toEqual([0, { got }])
    }
  })

  it("a reader that leaves early is no error", async () => {
    const { code } = await troupe(["render", "flows/summarize.yaml"])
    expect(code).toBe(0)
  })
})

describe("the manifest", () => {
  const here = folder()
  afterAll(here.remove)

  it("that is stale is a warning of run, an error of manifest --check, and no matter for a fresh one", async () => {
    const file = join(here.path, "flow.yaml")
    const agent = (name: string): string =>
      `export default { agents: new Map([["${name}", { _tag: "AgentRef", kind: "function", name: "${name}", execute: (x) => x }]]),
        functions: new Map(), flows: new Map(), sugar: new Map(), fn: () => undefined }`
    writeFileSync(join(here.path, "troupe.config.mjs"), agent("echo"))
    writeFileSync(file, "troupe: 1\nflow:\n  agent: echo\n")
    expect((await troupe(["check", file])).code).toBe(2)
    expect((await troupe(["manifest", file, "--check"])).stderr).toMatch(/missing/)
    expect((await troupe(["manifest", file])).code).toBe(0)
    expect((await troupe(["check", file])).code).toBe(0)
    expect((await troupe(["manifest", file, "--check"])).code).toBe(0)
    expect((await troupe(["run", file, "--input", "hi"])).stdout).toBe("hi\n")

    writeFileSync(
      join(here.path, "troupe.config.mjs"),
      agent("echo").replace("Map([[", 'Map([["more", { _tag: "AgentRef", name: "more" }], ['),
    )
    expect((await troupe(["manifest", file, "--check"])).code).toBe(1)
    const run = await troupe(["run", file, "--input", "hi"])
    expect([run.code, run.stdout]).toEqual([0, "hi\n"])
    expect(run.stderr).toMatch(/warning: .*troupe\.manifest\.json is stale/)
  })

  it("keeps a repository's code from running under check, cost and render", async () => {
    const file = join(here.path, "flow.yaml")
    writeFileSync(join(here.path, "troupe.config.mjs"), 'throw new Error("this code ran")')
    for (const command of ["check", "cost", "render"]) {
      const { code, stderr } = await troupe([command, file])
      expect([code, stderr.includes("this code ran")]).toEqual([0, false])
    }
    const run = await troupe(["run", file, "--input", "hi"])
    expect([run.code, run.stderr.includes("this code ran")]).toEqual([2, true])
  })
})

describe("troupe check", () => {
  it("lists what nobody can tell, and tells the same of a file whatever the command", async () => {
    const { code, stdout, stderr } = await troupe(["check", "flows/summarize.yaml"])
    expect([code, stdout]).toEqual([0, ""])
    expect(stderr).toMatch(/flows\/summarize\.yaml:\d+:\d+: unchecked: the agent fusion: field keep/)
    expect(await troupe(["check", "flows/research-brief.yaml"])).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining("unchecked"),
    })
    const json = JSON.parse((await troupe(["check", "flows/summarize.yaml", "--json"])).stdout)
    expect(json).toMatchObject({ ok: true, diagnostics: [], unchecked: [{ path: "fuse", line: 43, column: 7 }] })
    for (const command of ["check", "cost", "render", "run", "manifest"]) {
      const { code: ended, stderr: said } = await troupe([command, "flows/nowhere.yaml"])
      expect([ended, said]).toEqual([2, expect.stringMatching(/^flows\/nowhere\.yaml: error: there is no such file\n/)])
    }
  })
})
